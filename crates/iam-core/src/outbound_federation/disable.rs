use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::DisableOutboundWebIdentityFederationOutput;
use daypass_state::Tx;
use daypass_state::record::OutboundFederationRecord;

use crate::errors::FeatureDisabled;
use crate::generated::DisableOutboundWebIdentityFederation;
use crate::need::Needed;

impl Guarded for DisableOutboundWebIdentityFederation {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:DisableOutboundWebIdentityFederation");
        Ok(())
    }
}

impl Handle for DisableOutboundWebIdentityFederation {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DisableOutboundWebIdentityFederationOutput, ServiceError> {
        let enabled = tx.account().outbound_federation().filter(|record| record.is_enabled);
        let issuer_id = enabled.ok_or(FeatureDisabled(call.account()))?.issuer_id.clone();
        tx.put_outbound_federation(&OutboundFederationRecord { issuer_id, is_enabled: false });
        Ok(DisableOutboundWebIdentityFederationOutput {})
    }
}
