//! `DeleteUserPolicy`, `DeleteGroupPolicy`, `DeleteRolePolicy`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DeleteGroupPolicyInput, DeleteGroupPolicyOutput, DeleteRolePolicyInput, DeleteRolePolicyOutput,
    DeleteUserPolicyInput, DeleteUserPolicyOutput,
};
use daypass_state::{Group, Role, Tx, User};

use crate::errors::NoSuchEntity;
use crate::generated::{DeleteGroupPolicy, DeleteRolePolicy, DeleteUserPolicy};
use crate::held_policies::Holder;

impl Guarded for DeleteUserPolicy {
    fn targets(
        input: &DeleteUserPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        User::need(targets, scope, "iam:DeleteUserPolicy", &input.user_name);
        Ok(())
    }
}

impl Handle for DeleteUserPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteUserPolicyOutput, ServiceError> {
        let input = call.input();
        delete::<User>(tx, &input.user_name, &input.policy_name)?;
        Ok(DeleteUserPolicyOutput {})
    }
}

impl Guarded for DeleteGroupPolicy {
    fn targets(
        input: &DeleteGroupPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Group::need(targets, scope, "iam:DeleteGroupPolicy", &input.group_name);
        Ok(())
    }
}

impl Handle for DeleteGroupPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteGroupPolicyOutput, ServiceError> {
        let input = call.input();
        delete::<Group>(tx, &input.group_name, &input.policy_name)?;
        Ok(DeleteGroupPolicyOutput {})
    }
}

impl Guarded for DeleteRolePolicy {
    fn targets(
        input: &DeleteRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Role::need(targets, scope, "iam:DeleteRolePolicy", &input.role_name);
        Ok(())
    }
}

impl Handle for DeleteRolePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteRolePolicyOutput, ServiceError> {
        let input = call.input();
        delete::<Role>(tx, &input.role_name, &input.policy_name)?;
        Ok(DeleteRolePolicyOutput {})
    }
}

fn delete<H: Holder>(tx: &mut Tx, holder: &str, name: &str) -> Result<(), ServiceError> {
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    if !holder.policies().inline.contains_key(name) {
        return Err(NoSuchEntity::InlinePolicy { holder: H::KIND, name }.into());
    }
    holder.put(tx, |policies| {
        policies.inline.remove(name);
    });
    Ok(())
}
