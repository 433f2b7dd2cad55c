use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateSamlProviderInput, UpdateSamlProviderOutput};
use daypass_state::Tx;

use super::{metadata, private_keys, provider};
use crate::generated::UpdateSamlProvider;

impl Guarded for UpdateSamlProvider {
    fn targets(
        input: &UpdateSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        provider::need(targets, scope, "iam:UpdateSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Handle for UpdateSamlProvider {
    /// What is not given stays. A key goes before another comes, so that one of two can be
    /// replaced at once.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateSamlProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.saml_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        if let Some(document) = &input.saml_metadata_document {
            record.valid_until = metadata::valid_until(document, call.now())?;
            record.metadata.clone_from(document);
        }
        if let Some(mode) = input.assertion_encryption_mode {
            record.assertion_encryption = provider::encryption(mode);
        }
        if let Some(id) = &input.remove_private_key {
            private_keys::remove(&mut record, id)?;
        }
        if let Some(pem) = &input.add_private_key {
            private_keys::add(&mut record, pem, call.now(), call.ids())?;
        }
        tx.put_saml_provider(&record);
        Ok(UpdateSamlProviderOutput { saml_provider_arn: Some(arn.clone()) })
    }
}
