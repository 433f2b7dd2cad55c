use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListRoleTagsInput, ListRoleTagsOutput};
use daypass_state::Tx;

use crate::generated::ListRoleTags;
use crate::pagination::paging;
use crate::{need, tags};

impl Guarded for ListRoleTags {
    fn targets(
        input: &ListRoleTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:ListRoleTags", &input.role_name);
        Ok(())
    }
}

impl Handle for ListRoleTags {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListRoleTagsOutput, ServiceError> {
        let input = call.input();
        let role = super::find(tx.account(), &input.role_name)?;
        let page = tags::page(&role.record.tags, paging!(input))?;
        Ok(ListRoleTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
