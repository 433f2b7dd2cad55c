use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    UpdateOpenIdConnectProviderThumbprintInput, UpdateOpenIdConnectProviderThumbprintOutput,
};
use daypass_state::Tx;

use super::{provider, thumbprints};
use crate::errors::InvalidInput;
use crate::generated::UpdateOpenIdConnectProviderThumbprint;

impl Guarded for UpdateOpenIdConnectProviderThumbprint {
    fn targets(
        input: &UpdateOpenIdConnectProviderThumbprintInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:UpdateOpenIDConnectProviderThumbprint", arn)?;
        Ok(())
    }
}

impl Handle for UpdateOpenIdConnectProviderThumbprint {
    /// The new list takes the place of the whole old one, and is not empty.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateOpenIdConnectProviderThumbprintOutput, ServiceError> {
        let input = call.input();
        if input.thumbprint_list.is_empty() {
            return Err(InvalidInput::NoThumbprint.into());
        }
        let thumbprints = thumbprints::accept(&input.thumbprint_list)?;
        let arn = &input.open_id_connect_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        record.thumbprints = thumbprints;
        tx.put_oidc_provider(&record);
        Ok(UpdateOpenIdConnectProviderThumbprintOutput {})
    }
}
