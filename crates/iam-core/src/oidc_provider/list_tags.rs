use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListOpenIdConnectProviderTagsInput, ListOpenIdConnectProviderTagsOutput};
use daypass_state::Tx;

use super::provider;
use crate::generated::ListOpenIdConnectProviderTags;
use crate::pagination::paging;
use crate::tags;

impl Guarded for ListOpenIdConnectProviderTags {
    fn targets(
        input: &ListOpenIdConnectProviderTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let arn = &input.open_id_connect_provider_arn;
        provider::need(targets, scope, "iam:ListOpenIDConnectProviderTags", arn)?;
        Ok(())
    }
}

impl Handle for ListOpenIdConnectProviderTags {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListOpenIdConnectProviderTagsOutput, ServiceError> {
        let input = call.input();
        let provider = provider::existing(tx.account(), &input.open_id_connect_provider_arn)?;
        let page = tags::page(&provider.record.tags, paging!(input))?;
        Ok(ListOpenIdConnectProviderTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
