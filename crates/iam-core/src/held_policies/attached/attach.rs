//! `AttachUserPolicy`, `AttachGroupPolicy`, `AttachRolePolicy`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    AttachGroupPolicyInput, AttachGroupPolicyOutput, AttachRolePolicyInput, AttachRolePolicyOutput,
    AttachUserPolicyInput, AttachUserPolicyOutput,
};
use daypass_state::{Group, Role, Tx, User};

use crate::errors::PolicyNotAttachable;
use crate::generated::{AttachGroupPolicy, AttachRolePolicy, AttachUserPolicy};
use crate::held_policies::Holder;
use crate::policy::{self, ManagedPolicy};

impl Guarded for AttachUserPolicy {
    fn targets(
        input: &AttachUserPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        User::need(targets, scope, "iam:AttachUserPolicy", &input.user_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for AttachUserPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AttachUserPolicyOutput, ServiceError> {
        let input = call.input();
        attach::<User>(tx, &input.user_name, &input.policy_arn)?;
        Ok(AttachUserPolicyOutput {})
    }
}

impl Guarded for AttachGroupPolicy {
    fn targets(
        input: &AttachGroupPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        Group::need(targets, scope, "iam:AttachGroupPolicy", &input.group_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for AttachGroupPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AttachGroupPolicyOutput, ServiceError> {
        let input = call.input();
        attach::<Group>(tx, &input.group_name, &input.policy_arn)?;
        Ok(AttachGroupPolicyOutput {})
    }
}

impl Guarded for AttachRolePolicy {
    fn targets(
        input: &AttachRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        Role::need(targets, scope, "iam:AttachRolePolicy", &input.role_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for AttachRolePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AttachRolePolicyOutput, ServiceError> {
        let input = call.input();
        attach::<Role>(tx, &input.role_name, &input.policy_arn)?;
        Ok(AttachRolePolicyOutput {})
    }
}

/// Attaches a managed policy. One that is attached already stays so.
fn attach<H: Holder>(tx: &mut Tx, holder: &str, policy: &str) -> Result<(), ServiceError> {
    let arn = policy::parse_arn(policy)?;
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    if ManagedPolicy::attachable(tx.account(), policy)?.is_for_service_linked_roles() {
        return Err(PolicyNotAttachable::ServiceRolePolicy.into());
    }
    let attached = &holder.policies().attached;
    if attached.contains(&arn) {
        return Ok(());
    }
    H::ATTACHED.of(tx.account()).admit_one(attached.len())?;
    holder.put(tx, |policies| policies.attached.push(arn));
    Ok(())
}
