use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteOpenIdConnectProviderInput, DeleteOpenIdConnectProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::DeleteOpenIdConnectProvider;

impl Guarded for DeleteOpenIdConnectProvider {
    fn targets(
        input: &DeleteOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:DeleteOpenIDConnectProvider", arn)?;
        Ok(())
    }
}

impl Handle for DeleteOpenIdConnectProvider {
    /// Roles that trust the provider are not looked at. A provider that is not there is as good as
    /// deleted (IAM API Reference: the operation is idempotent).
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteOpenIdConnectProviderOutput, ServiceError> {
        let arn = &call.input().open_id_connect_provider_arn;
        if let Some(provider) = tx.account().oidc_provider_by_arn(arn).map(Arc::clone) {
            tx.delete_oidc_provider(&provider);
        }
        Ok(DeleteOpenIdConnectProviderOutput {})
    }
}
