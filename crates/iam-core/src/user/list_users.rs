use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{self, ListUsersInput, ListUsersOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListUsers;
use crate::need;
use crate::pagination::paging;

impl Guarded for ListUsers {
    fn targets(
        input: &ListUsersInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_list(targets, scope, "iam:ListUsers", "user", input.path_prefix.as_deref());
        Ok(())
    }
}

impl Handle for ListUsers {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListUsersOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let users = |after: Option<&str>| {
            let users = tx.account().users_after(after);
            users.filter(move |user| user.record.path.starts_with(prefix))
        };
        let page = paging!(input).page_from(users, |user| Name::new(&user.record.name))?;
        Ok(ListUsersOutput {
            users: page.shape(|user| iam::User {
                password_last_used: super::password_last_used(tx.account(), &user.record),
                ..super::listed(call.account(), &user.record)
            }),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
