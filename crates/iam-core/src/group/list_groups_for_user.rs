use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListGroupsForUserInput, ListGroupsForUserOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListGroupsForUser;
use crate::pagination::paging;
use crate::{need, user};

impl Guarded for ListGroupsForUser {
    fn targets(
        input: &ListGroupsForUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:ListGroupsForUser", &input.user_name);
        Ok(())
    }
}

impl Handle for ListGroupsForUser {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListGroupsForUserOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let ids = &user::find(account, &input.user_name)?.record.groups;
        let mut groups: Vec<_> = ids.iter().filter_map(|id| account.group_by_id(*id)).collect();
        groups.sort_by_cached_key(|group| Name::new(&group.record.name));
        let page = paging!(input).page(groups, |group| Name::new(&group.record.name))?;
        Ok(ListGroupsForUserOutput {
            groups: page.shape(|group| super::shape(call.account(), &group.record)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
