use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::generate_uuid;
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteServiceLinkedRoleInput, DeleteServiceLinkedRoleOutput};
use daypass_state::Tx;
use daypass_state::record::DeletionTaskRecord;

use crate::errors::InvalidInput;
use crate::generated::DeleteServiceLinkedRole;
use crate::need;
use crate::role::{self, SERVICE_LINKED_PATH};

impl Guarded for DeleteServiceLinkedRole {
    fn targets(
        input: &DeleteServiceLinkedRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:DeleteServiceLinkedRole", &input.role_name);
        Ok(())
    }
}

impl Handle for DeleteServiceLinkedRole {
    /// AWS asks the service whether it still uses the role. Here no service does, so that the role goes at once.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteServiceLinkedRoleOutput, ServiceError> {
        let name = &call.input().role_name;
        let role = Arc::clone(role::find(tx.account(), name)?);
        let service = role
            .record
            .path
            .strip_prefix(SERVICE_LINKED_PATH)
            .and_then(|rest| rest.strip_suffix('/'));
        let service = service.ok_or(InvalidInput::NoServiceLinkedRole(name))?;
        let uuid = generate_uuid(call.ids());
        let task = DeletionTaskRecord {
            id: format!("task{SERVICE_LINKED_PATH}{service}/{}/{uuid}", role.record.name),
            create_date: call.now(),
        };
        forget_oldest(tx);
        tx.delete_role(&role);
        tx.put_deletion_task(&task);
        Ok(DeleteServiceLinkedRoleOutput { deletion_task_id: task.id })
    }
}

/// Makes room for one more task. AWS, too, forgets those that are done.
fn forget_oldest(tx: &mut Tx) {
    if tx.account().deletion_tasks().count() < MOST_TASKS {
        return;
    }
    let tasks = tx.account().deletion_tasks();
    if let Some(oldest) = tasks.min_by_key(|task| task.create_date).map(Arc::clone) {
        tx.delete_deletion_task(&oldest);
    }
}

/// As many as an account has roles.
const MOST_TASKS: usize = 1000;
