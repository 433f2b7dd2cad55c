use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{GetOpenIdConnectProviderInput, GetOpenIdConnectProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::GetOpenIdConnectProvider;
use crate::tags;

impl Guarded for GetOpenIdConnectProvider {
    fn targets(
        input: &GetOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:GetOpenIDConnectProvider", arn)?;
        Ok(())
    }
}

impl Handle for GetOpenIdConnectProvider {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetOpenIdConnectProviderOutput, ServiceError> {
        let arn = &call.input().open_id_connect_provider_arn;
        let record = &provider::existing(tx.account(), arn)?.record;
        Ok(GetOpenIdConnectProviderOutput {
            // Without its scheme, unlike in the request that made the provider.
            url: Some(record.name().to_owned()),
            client_id_list: Some(record.client_ids.clone()),
            thumbprint_list: Some(record.thumbprints.clone()),
            create_date: Some(DateTime::from_secs(record.create_date)),
            tags: Some(tags::sorted(&record.tags)),
        })
    }
}
