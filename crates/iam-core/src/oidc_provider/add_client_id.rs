use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AddClientIdToOpenIdConnectProviderInput, AddClientIdToOpenIdConnectProviderOutput,
};
use daypass_state::Tx;

use super::provider;
use crate::generated::AddClientIdToOpenIdConnectProvider;
use crate::quotas;

impl Guarded for AddClientIdToOpenIdConnectProvider {
    fn targets(
        input: &AddClientIdToOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:AddClientIDToOpenIDConnectProvider", arn)?;
        Ok(())
    }
}

impl Handle for AddClientIdToOpenIdConnectProvider {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<AddClientIdToOpenIdConnectProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.open_id_connect_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        record.add_client_id(&input.client_id);
        quotas::CLIENT_IDS_PER_OIDC_PROVIDER.of(tx.account()).hold(record.client_ids.len())?;
        tx.put_oidc_provider(&record);
        Ok(AddClientIdToOpenIdConnectProviderOutput {})
    }
}
