use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagSamlProviderInput, UntagSamlProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::UntagSamlProvider;
use crate::tags::KeyCase;

impl Guarded for UntagSamlProvider {
    fn targets(
        input: &UntagSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.saml_provider_arn;
        provider::need(targets, scope, "iam:UntagSAMLProvider", arn)?
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagSamlProvider {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UntagSamlProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.saml_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        KeyCase::Significant.remove(&mut record.tags, &input.tag_keys);
        tx.put_saml_provider(&record);
        Ok(UntagSamlProviderOutput {})
    }
}
