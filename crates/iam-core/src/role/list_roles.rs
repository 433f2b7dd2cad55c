use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListRolesInput, ListRolesOutput};
use daypass_state::{CrossAccount, Name, Tx};

use crate::generated::ListRoles;
use crate::need;
use crate::pagination::paging;

impl Guarded for ListRoles {
    fn targets(
        input: &ListRolesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_list(targets, scope, "iam:ListRoles", "role", input.path_prefix.as_deref());
        Ok(())
    }
}

impl Handle for ListRoles {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListRolesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let roles = |after: Option<&str>| {
            let roles = tx.account().roles_after(after);
            roles.filter(move |role| role.record.path.starts_with(prefix))
        };
        let page = paging!(input).page_from(roles, |role| Name::new(&role.record.name))?;
        Ok(ListRolesOutput {
            roles: page.shape(|role| {
                super::listed(
                    tx.across_accounts(CrossAccount::TrustedPrincipals),
                    call.account(),
                    &role.record,
                )
            }),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
