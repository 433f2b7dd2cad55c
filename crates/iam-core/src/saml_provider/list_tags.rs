use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListSamlProviderTagsInput, ListSamlProviderTagsOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::ListSamlProviderTags;
use crate::pagination::paging;
use crate::tags;

impl Guarded for ListSamlProviderTags {
    fn targets(
        input: &ListSamlProviderTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.saml_provider_arn;
        provider::need(targets, scope, "iam:ListSAMLProviderTags", arn)?;
        Ok(())
    }
}

impl Handle for ListSamlProviderTags {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListSamlProviderTagsOutput, ServiceError> {
        let input = call.input();
        let provider = provider::existing(tx.account(), &input.saml_provider_arn)?;
        let page = tags::page(&provider.record.tags, paging!(input))?;
        Ok(ListSamlProviderTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
