use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteSamlProviderInput, DeleteSamlProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::DeleteSamlProvider;

impl Guarded for DeleteSamlProvider {
    fn targets(
        input: &DeleteSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        provider::need(targets, scope, "iam:DeleteSAMLProvider", &input.saml_provider_arn)?;
        Ok(())
    }
}

impl Handle for DeleteSamlProvider {
    /// Roles that trust the provider are not looked at.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteSamlProviderOutput, ServiceError> {
        let arn = &call.input().saml_provider_arn;
        let provider = Arc::clone(provider::existing(tx.account(), arn)?);
        tx.delete_saml_provider(&provider);
        Ok(DeleteSamlProviderOutput {})
    }
}
