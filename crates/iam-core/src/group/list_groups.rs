use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListGroupsInput, ListGroupsOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListGroups;
use crate::need;
use crate::pagination::paging;

impl Guarded for ListGroups {
    fn targets(
        input: &ListGroupsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_list(targets, scope, "iam:ListGroups", "group", input.path_prefix.as_deref());
        Ok(())
    }
}

impl Handle for ListGroups {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListGroupsOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let groups = |after: Option<&str>| {
            let groups = tx.account().groups_after(after);
            groups.filter(move |group| group.record.path.starts_with(prefix))
        };
        let page = paging!(input).page_from(groups, |group| Name::new(&group.record.name))?;
        Ok(ListGroupsOutput {
            groups: page.shape(|group| super::shape(call.account(), &group.record)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
