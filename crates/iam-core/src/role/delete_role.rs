use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteRoleInput, DeleteRoleOutput};
use daypass_state::Tx;

use crate::errors::DeleteConflict;
use crate::generated::DeleteRole;
use crate::need;

impl Guarded for DeleteRole {
    fn targets(
        input: &DeleteRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_bounded_role(targets, scope, "iam:DeleteRole", &input.role_name);
        Ok(())
    }
}

impl Handle for DeleteRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteRoleOutput, ServiceError> {
        let role = Arc::clone(super::find_modifiable(tx.account(), &call.input().role_name)?);
        if tx.account().instance_profiles_of(role.record.id).next().is_some() {
            return Err(DeleteConflict::InstanceProfileRoles.into());
        }
        if !role.record.policies.attached.is_empty() {
            return Err(DeleteConflict::AttachedPolicies.into());
        }
        if !role.record.policies.inline.is_empty() {
            return Err(DeleteConflict::InlinePolicies.into());
        }
        tx.delete_role(&role);
        Ok(DeleteRoleOutput {})
    }
}
