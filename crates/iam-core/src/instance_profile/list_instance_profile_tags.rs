use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListInstanceProfileTagsInput, ListInstanceProfileTagsOutput};
use daypass_state::Tx;

use crate::generated::ListInstanceProfileTags;
use crate::pagination::paging;
use crate::{need, tags};

impl Guarded for ListInstanceProfileTags {
    fn targets(
        input: &ListInstanceProfileTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:ListInstanceProfileTags",
            &input.instance_profile_name,
        );
        Ok(())
    }
}

impl Handle for ListInstanceProfileTags {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListInstanceProfileTagsOutput, ServiceError> {
        let input = call.input();
        let profile = super::find(tx.account(), &input.instance_profile_name)?;
        let page = tags::page(&profile.record.tags, paging!(input))?;
        Ok(ListInstanceProfileTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
