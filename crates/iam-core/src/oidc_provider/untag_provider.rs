use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagOpenIdConnectProviderInput, UntagOpenIdConnectProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::UntagOpenIdConnectProvider;
use crate::tags::KeyCase;

impl Guarded for UntagOpenIdConnectProvider {
    fn targets(
        input: &UntagOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:UntagOpenIDConnectProvider", arn)?
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagOpenIdConnectProvider {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UntagOpenIdConnectProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.open_id_connect_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        KeyCase::Significant.remove(&mut record.tags, &input.tag_keys);
        tx.put_oidc_provider(&record);
        Ok(UntagOpenIdConnectProviderOutput {})
    }
}
