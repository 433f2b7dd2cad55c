use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::GetOutboundWebIdentityFederationInfoOutput;
use daypass_state::Tx;

use crate::errors::FeatureDisabled;
use crate::generated::GetOutboundWebIdentityFederationInfo;
use crate::need::Needed;

impl Guarded for GetOutboundWebIdentityFederationInfo {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:GetOutboundWebIdentityFederationInfo");
        Ok(())
    }
}

impl Handle for GetOutboundWebIdentityFederationInfo {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetOutboundWebIdentityFederationInfoOutput, ServiceError> {
        let enabled = tx.account().outbound_federation().filter(|record| record.is_enabled);
        let record = enabled.ok_or(FeatureDisabled(call.account()))?;
        Ok(GetOutboundWebIdentityFederationInfoOutput {
            issuer_identifier: Some(call.call().env.issuer.url(&record.issuer_id)),
            jwt_vending_enabled: Some(true),
        })
    }
}
