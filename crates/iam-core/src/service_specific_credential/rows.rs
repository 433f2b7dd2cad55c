//! What the operations on users' credentials for a single service need.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::caller::Subject;
use crate::generated::{
    CreateServiceSpecificCredential, DeleteServiceSpecificCredential,
    ListServiceSpecificCredentials, ResetServiceSpecificCredential,
    UpdateServiceSpecificCredential,
};
use crate::need::{self, Needed};

impl Guarded for CreateServiceSpecificCredential {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let target =
            need::on_user(targets, scope, "iam:CreateServiceSpecificCredential", &input.user_name);
        target.key("iam:ServiceSpecificCredentialServiceName", &input.service_name);
        if let Some(days) = input.credential_age_days {
            target.key("iam:ServiceSpecificCredentialAgeDays", days.to_string());
        }
        Ok(())
    }
}

impl Guarded for DeleteServiceSpecificCredential {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:DeleteServiceSpecificCredential",
        );
        Ok(())
    }
}

impl Guarded for ListServiceSpecificCredentials {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        if input.all_users == Some(true) {
            targets
                .need("iam:ListServiceSpecificCredentials", Arn::user(scope.account(), "/", "*"));
        } else {
            Subject::of(input.user_name.as_deref(), scope.call())?.need(
                targets,
                scope,
                "iam:ListServiceSpecificCredentials",
            );
        }
        Ok(())
    }
}

impl Guarded for ResetServiceSpecificCredential {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:ResetServiceSpecificCredential",
        );
        Ok(())
    }
}

impl Guarded for UpdateServiceSpecificCredential {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:UpdateServiceSpecificCredential",
        );
        Ok(())
    }
}
