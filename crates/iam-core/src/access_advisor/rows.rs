//! What the operations on service last accessed data need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{
    GenerateServiceLastAccessedDetails, GetServiceLastAccessedDetails,
    GetServiceLastAccessedDetailsWithEntities, ListPoliciesGrantingServiceAccess,
};
use crate::need::{self, Needed};

impl Guarded for GenerateServiceLastAccessedDetails {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_entity(targets, scope, "iam:GenerateServiceLastAccessedDetails", &input.arn)?;
        Ok(())
    }
}

impl Guarded for GetServiceLastAccessedDetails {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetServiceLastAccessedDetails");
        Ok(())
    }
}

impl Guarded for GetServiceLastAccessedDetailsWithEntities {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetServiceLastAccessedDetailsWithEntities");
        Ok(())
    }
}

impl Guarded for ListPoliciesGrantingServiceAccess {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_entity(targets, scope, "iam:ListPoliciesGrantingServiceAccess", &input.arn)?;
        Ok(())
    }
}
