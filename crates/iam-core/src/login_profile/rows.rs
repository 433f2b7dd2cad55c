//! What the operations on passwords need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::caller::Subject;
use crate::generated::{
    ChangePassword, CreateLoginProfile, DeleteLoginProfile, GetLoginProfile, UpdateLoginProfile,
};
use crate::need::{self, Needed};

impl Guarded for ChangePassword {
    fn targets(_: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(None, scope.call())?.need(targets, scope, "iam:ChangePassword");
        Ok(())
    }
}

impl Guarded for CreateLoginProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:CreateLoginProfile",
        );
        Ok(())
    }
}

impl Guarded for DeleteLoginProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:DeleteLoginProfile",
        );
        Ok(())
    }
}

impl Guarded for GetLoginProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:GetLoginProfile",
        );
        Ok(())
    }
}

impl Guarded for UpdateLoginProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:UpdateLoginProfile", &input.user_name);
        Ok(())
    }
}
