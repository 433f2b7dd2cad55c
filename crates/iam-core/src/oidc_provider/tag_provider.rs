use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagOpenIdConnectProviderInput, TagOpenIdConnectProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::TagOpenIdConnectProvider;
use crate::tags::{self, KeyCase};

impl Guarded for TagOpenIdConnectProvider {
    fn targets(
        input: &TagOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:TagOpenIDConnectProvider", arn)?
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagOpenIdConnectProvider {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<TagOpenIdConnectProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.open_id_connect_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        KeyCase::Significant.put(&mut record.tags, &input.tags)?;
        tx.put_oidc_provider(&record);
        Ok(TagOpenIdConnectProviderOutput {})
    }
}
