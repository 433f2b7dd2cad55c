//! What the operations for organizations need.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::generated::{
    DisableOrganizationsRootCredentialsManagement, DisableOrganizationsRootSessions,
    EnableOrganizationsRootCredentialsManagement, EnableOrganizationsRootSessions,
    GenerateOrganizationsAccessReport, GetOrganizationsAccessReport, ListOrganizationsFeatures,
};
use crate::need::Needed;

impl Guarded for DisableOrganizationsRootCredentialsManagement {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:DisableOrganizationsRootCredentialsManagement");
        Ok(())
    }
}

impl Guarded for DisableOrganizationsRootSessions {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:DisableOrganizationsRootSessions");
        Ok(())
    }
}

impl Guarded for EnableOrganizationsRootCredentialsManagement {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:EnableOrganizationsRootCredentialsManagement");
        Ok(())
    }
}

impl Guarded for EnableOrganizationsRootSessions {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:EnableOrganizationsRootSessions");
        Ok(())
    }
}

impl Guarded for GenerateOrganizationsAccessReport {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let arn = Arn::iam(scope.account(), &["access-report/", &input.entity_path]);
        let target = targets.need("iam:GenerateOrganizationsAccessReport", arn);
        if let Some(policy) = &input.organizations_policy_id {
            target.key("iam:OrganizationsPolicyId", policy);
        }
        Ok(())
    }
}

impl Guarded for GetOrganizationsAccessReport {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetOrganizationsAccessReport");
        Ok(())
    }
}

impl Guarded for ListOrganizationsFeatures {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:ListOrganizationsFeatures");
        Ok(())
    }
}
