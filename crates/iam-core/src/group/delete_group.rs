use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteGroupInput, DeleteGroupOutput};
use daypass_state::{Account, Group, Tx};

use crate::errors::DeleteConflict;
use crate::generated::DeleteGroup;
use crate::need;

impl Guarded for DeleteGroup {
    fn targets(
        input: &DeleteGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:DeleteGroup", &input.group_name);
        Ok(())
    }
}

impl Handle for DeleteGroup {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteGroupOutput, ServiceError> {
        let group = super::find(tx.account(), &call.input().group_name)?.clone();
        if let Some(conflict) = conflict(tx.account(), &group) {
            return Err(conflict.into());
        }
        tx.delete_group(&group);
        Ok(DeleteGroupOutput {})
    }
}

/// What must go before the group, in AWS's order.
fn conflict(account: &Account, group: &Group) -> Option<DeleteConflict> {
    let held = &group.record.policies;
    if account.members(group.record.id).next().is_some() {
        Some(DeleteConflict::Memberships)
    } else if !held.inline.is_empty() {
        Some(DeleteConflict::InlinePolicies)
    } else if !held.attached.is_empty() {
        Some(DeleteConflict::AttachedPolicies)
    } else {
        None
    }
}
