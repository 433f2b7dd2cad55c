//! What the operations of the policy simulator need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{
    GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy, SimulateCustomPolicy,
    SimulatePrincipalPolicy,
};
use crate::need::{self, Needed};

impl Guarded for GetContextKeysForCustomPolicy {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetContextKeysForCustomPolicy");
        Ok(())
    }
}

impl Guarded for GetContextKeysForPrincipalPolicy {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        let source = &input.policy_source_arn;
        need::on_arn(targets, "iam:GetContextKeysForPrincipalPolicy", source)?;
        Ok(())
    }
}

impl Guarded for SimulateCustomPolicy {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:SimulateCustomPolicy");
        Ok(())
    }
}

impl Guarded for SimulatePrincipalPolicy {
    fn targets(input: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_arn(targets, "iam:SimulatePrincipalPolicy", &input.policy_source_arn)?;
        Ok(())
    }
}
