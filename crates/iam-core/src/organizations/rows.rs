//! What those operations for organizations need that are not carried out yet.

use daypass_authz::{Guarded, Scope, Targets};
use daypass_ident::Arn;

use crate::generated::{GenerateOrganizationsAccessReport, GetOrganizationsAccessReport};
use crate::need::Needed;

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
