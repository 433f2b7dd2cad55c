//! `PutUserPermissionsBoundary`, `PutRolePermissionsBoundary`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    PutRolePermissionsBoundaryInput, PutRolePermissionsBoundaryOutput,
    PutUserPermissionsBoundaryInput, PutUserPermissionsBoundaryOutput,
};
use daypass_state::{Role, Tx, User};

use crate::generated::{PutRolePermissionsBoundary, PutUserPermissionsBoundary};
use crate::held_policies::Bounded;
use crate::{boundary, need};

impl Guarded for PutUserPermissionsBoundary {
    fn targets(
        input: &PutUserPermissionsBoundaryInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:PutUserPermissionsBoundary", &input.user_name)
            .key("iam:PermissionsBoundary", &input.permissions_boundary);
        Ok(())
    }
}

impl Handle for PutUserPermissionsBoundary {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<PutUserPermissionsBoundaryOutput, ServiceError> {
        let input = call.input();
        put::<User>(tx, &input.user_name, &input.permissions_boundary)?;
        Ok(PutUserPermissionsBoundaryOutput {})
    }
}

impl Guarded for PutRolePermissionsBoundary {
    fn targets(
        input: &PutRolePermissionsBoundaryInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:PutRolePermissionsBoundary", &input.role_name)
            .key("iam:PermissionsBoundary", &input.permissions_boundary);
        Ok(())
    }
}

impl Handle for PutRolePermissionsBoundary {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<PutRolePermissionsBoundaryOutput, ServiceError> {
        let input = call.input();
        put::<Role>(tx, &input.role_name, &input.permissions_boundary)?;
        Ok(PutRolePermissionsBoundaryOutput {})
    }
}

/// Sets a boundary, in place of the one that there may be.
fn put<H: Bounded>(tx: &mut Tx, holder: &str, policy: &str) -> Result<(), ServiceError> {
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    let arn = boundary::find(tx.account(), policy)?;
    holder.put_boundary(tx, Some(arn));
    Ok(())
}
