use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListUserTagsInput, ListUserTagsOutput};
use daypass_state::Tx;

use crate::generated::ListUserTags;
use crate::pagination::paging;
use crate::{need, tags};

impl Guarded for ListUserTags {
    fn targets(
        input: &ListUserTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:ListUserTags", &input.user_name);
        Ok(())
    }
}

impl Handle for ListUserTags {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListUserTagsOutput, ServiceError> {
        let input = call.input();
        let user = super::find(tx.account(), &input.user_name)?;
        let page = tags::page(&user.record.tags, paging!(input))?;
        Ok(ListUserTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
