//! `DeleteUserPermissionsBoundary`, `DeleteRolePermissionsBoundary`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DeleteRolePermissionsBoundaryInput, DeleteRolePermissionsBoundaryOutput,
    DeleteUserPermissionsBoundaryInput, DeleteUserPermissionsBoundaryOutput,
};
use daypass_state::{Role, Tx, User};

use crate::generated::{DeleteRolePermissionsBoundary, DeleteUserPermissionsBoundary};
use crate::held_policies::{Bounded, Holder};

impl Guarded for DeleteUserPermissionsBoundary {
    fn targets(
        input: &DeleteUserPermissionsBoundaryInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        User::need(targets, scope, "iam:DeleteUserPermissionsBoundary", &input.user_name);
        Ok(())
    }
}

impl Handle for DeleteUserPermissionsBoundary {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteUserPermissionsBoundaryOutput, ServiceError> {
        delete::<User>(tx, &call.input().user_name)?;
        Ok(DeleteUserPermissionsBoundaryOutput {})
    }
}

impl Guarded for DeleteRolePermissionsBoundary {
    fn targets(
        input: &DeleteRolePermissionsBoundaryInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Role::need(targets, scope, "iam:DeleteRolePermissionsBoundary", &input.role_name);
        Ok(())
    }
}

impl Handle for DeleteRolePermissionsBoundary {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteRolePermissionsBoundaryOutput, ServiceError> {
        delete::<Role>(tx, &call.input().role_name)?;
        Ok(DeleteRolePermissionsBoundaryOutput {})
    }
}

/// Takes the boundary away, if there is one.
fn delete<H: Bounded>(tx: &mut Tx, holder: &str) -> Result<(), ServiceError> {
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    if holder.boundary().is_some() {
        holder.put_boundary(tx, None);
    }
    Ok(())
}
