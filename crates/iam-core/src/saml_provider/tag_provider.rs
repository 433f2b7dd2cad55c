use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagSamlProviderInput, TagSamlProviderOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::TagSamlProvider;
use crate::tags::{self, KeyCase};

impl Guarded for TagSamlProvider {
    fn targets(
        input: &TagSamlProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.saml_provider_arn;
        provider::need(targets, scope, "iam:TagSAMLProvider", arn)?
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagSamlProvider {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagSamlProviderOutput, ServiceError> {
        let input = call.input();
        let arn = &input.saml_provider_arn;
        let mut record = provider::existing(tx.account(), arn)?.record.clone();
        KeyCase::Significant.put(&mut record.tags, &input.tags)?;
        tx.put_saml_provider(&record);
        Ok(TagSamlProviderOutput {})
    }
}
