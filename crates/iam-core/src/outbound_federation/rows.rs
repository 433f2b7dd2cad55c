//! What the operations on outbound web identity federation need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::generated::{
    DisableOutboundWebIdentityFederation, EnableOutboundWebIdentityFederation,
    GetOutboundWebIdentityFederationInfo,
};
use crate::need::Needed;

impl Guarded for DisableOutboundWebIdentityFederation {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:DisableOutboundWebIdentityFederation");
        Ok(())
    }
}

impl Guarded for EnableOutboundWebIdentityFederation {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:EnableOutboundWebIdentityFederation");
        Ok(())
    }
}

impl Guarded for GetOutboundWebIdentityFederationInfo {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetOutboundWebIdentityFederationInfo");
        Ok(())
    }
}
