use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::generate_uuid;
use daypass_model::ServiceError;
use daypass_model::iam::EnableOutboundWebIdentityFederationOutput;
use daypass_state::Tx;
use daypass_state::record::OutboundFederationRecord;

use crate::errors::FeatureEnabled;
use crate::generated::EnableOutboundWebIdentityFederation;
use crate::need::Needed;

impl Guarded for EnableOutboundWebIdentityFederation {
    fn targets(_: &Self::Input, _: &Scope<'_>, targets: &mut Targets) -> Needed {
        targets.need_on_all("iam:EnableOutboundWebIdentityFederation");
        Ok(())
    }
}

impl Handle for EnableOutboundWebIdentityFederation {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<EnableOutboundWebIdentityFederationOutput, ServiceError> {
        let issuer_id = match tx.account().outbound_federation() {
            Some(before) if before.is_enabled => return Err(FeatureEnabled(call.account()).into()),
            Some(before) => before.issuer_id.clone(),
            None => generate_uuid(call.ids()),
        };
        let issuer = &call.call().env.issuer;
        // So that the first token need not wait for them.
        issuer.prepare();
        let issuer_identifier = Some(issuer.url(&issuer_id));
        tx.put_outbound_federation(&OutboundFederationRecord { issuer_id, is_enabled: true });
        Ok(EnableOutboundWebIdentityFederationOutput { issuer_identifier })
    }
}
