//! `DetachUserPolicy`, `DetachGroupPolicy`, `DetachRolePolicy`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DetachGroupPolicyInput, DetachGroupPolicyOutput, DetachRolePolicyInput, DetachRolePolicyOutput,
    DetachUserPolicyInput, DetachUserPolicyOutput,
};
use daypass_state::{Group, Role, Tx, User};

use crate::errors::NoSuchEntity;
use crate::generated::{DetachGroupPolicy, DetachRolePolicy, DetachUserPolicy};
use crate::held_policies::Holder;
use crate::policy;

impl Guarded for DetachUserPolicy {
    fn targets(
        input: &DetachUserPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        User::need(targets, scope, "iam:DetachUserPolicy", &input.user_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for DetachUserPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DetachUserPolicyOutput, ServiceError> {
        let input = call.input();
        detach::<User>(tx, &input.user_name, &input.policy_arn)?;
        Ok(DetachUserPolicyOutput {})
    }
}

impl Guarded for DetachGroupPolicy {
    fn targets(
        input: &DetachGroupPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        Group::need(targets, scope, "iam:DetachGroupPolicy", &input.group_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for DetachGroupPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DetachGroupPolicyOutput, ServiceError> {
        let input = call.input();
        detach::<Group>(tx, &input.group_name, &input.policy_arn)?;
        Ok(DetachGroupPolicyOutput {})
    }
}

impl Guarded for DetachRolePolicy {
    fn targets(
        input: &DetachRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let policy = policy::parse_arn(&input.policy_arn)?;
        Role::need(targets, scope, "iam:DetachRolePolicy", &input.role_name)
            .key("iam:PolicyARN", policy.as_str());
        Ok(())
    }
}

impl Handle for DetachRolePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DetachRolePolicyOutput, ServiceError> {
        let input = call.input();
        detach::<Role>(tx, &input.role_name, &input.policy_arn)?;
        Ok(DetachRolePolicyOutput {})
    }
}

fn detach<H: Holder>(tx: &mut Tx, holder: &str, policy: &str) -> Result<(), ServiceError> {
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    if !holder.policies().attached.iter().any(|arn| arn.as_str() == policy) {
        return Err(NoSuchEntity::Policy(policy).into());
    }
    holder.put(tx, |policies| policies.attached.retain(|arn| arn.as_str() != policy));
    Ok(())
}
