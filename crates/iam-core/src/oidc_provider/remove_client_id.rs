use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    RemoveClientIdFromOpenIdConnectProviderInput, RemoveClientIdFromOpenIdConnectProviderOutput,
};
use daypass_state::Tx;

use super::provider;
use crate::generated::RemoveClientIdFromOpenIdConnectProvider;

impl Guarded for RemoveClientIdFromOpenIdConnectProvider {
    fn targets(
        input: &RemoveClientIdFromOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:RemoveClientIDFromOpenIDConnectProvider", arn)?;
        Ok(())
    }
}

impl Handle for RemoveClientIdFromOpenIdConnectProvider {
    /// An id that is not there is as good as removed.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<RemoveClientIdFromOpenIdConnectProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.open_id_connect_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        record.client_ids.retain(|client_id| *client_id != input.client_id);
        tx.put_oidc_provider(&record);
        Ok(RemoveClientIdFromOpenIdConnectProviderOutput {})
    }
}
