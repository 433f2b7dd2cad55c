//! `PutUserPolicy`, `PutGroupPolicy`, `PutRolePolicy`.

use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    PutGroupPolicyInput, PutGroupPolicyOutput, PutRolePolicyInput, PutRolePolicyOutput,
    PutUserPolicyInput, PutUserPolicyOutput,
};
use daypass_policy::non_whitespace_len;
use daypass_state::{Group, Role, Tx, User};

use crate::errors::LimitExceeded;
use crate::generated::{PutGroupPolicy, PutRolePolicy, PutUserPolicy};
use crate::held_policies::Holder;
use crate::policy::document;

impl Guarded for PutUserPolicy {
    fn targets(
        input: &PutUserPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        User::need(targets, scope, "iam:PutUserPolicy", &input.user_name);
        Ok(())
    }
}

impl Handle for PutUserPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<PutUserPolicyOutput, ServiceError> {
        let input = call.input();
        put::<User>(tx, &input.user_name, &input.policy_name, &input.policy_document)?;
        Ok(PutUserPolicyOutput {})
    }
}

impl Guarded for PutGroupPolicy {
    fn targets(
        input: &PutGroupPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Group::need(targets, scope, "iam:PutGroupPolicy", &input.group_name);
        Ok(())
    }
}

impl Handle for PutGroupPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<PutGroupPolicyOutput, ServiceError> {
        let input = call.input();
        put::<Group>(tx, &input.group_name, &input.policy_name, &input.policy_document)?;
        Ok(PutGroupPolicyOutput {})
    }
}

impl Guarded for PutRolePolicy {
    fn targets(
        input: &PutRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Role::need(targets, scope, "iam:PutRolePolicy", &input.role_name);
        Ok(())
    }
}

impl Handle for PutRolePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<PutRolePolicyOutput, ServiceError> {
        let input = call.input();
        put::<Role>(tx, &input.role_name, &input.policy_name, &input.policy_document)?;
        Ok(PutRolePolicyOutput {})
    }
}

/// Embeds a policy in its holder, in place of one of the same name.
fn put<H: Holder>(
    tx: &mut Tx,
    holder: &str,
    name: &str,
    document: &str,
) -> Result<(), ServiceError> {
    let holder = Arc::clone(H::find_modifiable(tx.account(), holder)?);
    document::check_inline_policy(document)?;
    let others = holder.policies().inline.iter().filter(|(other, _)| *other != name);
    let size: usize = others.map(|(_, document)| non_whitespace_len(document)).sum();
    if size.saturating_add(non_whitespace_len(document)) > H::INLINE_SIZE {
        return Err(LimitExceeded::InlinePolicySize {
            limit: H::INLINE_SIZE,
            holder: H::KIND,
            name: holder.name(),
        }
        .into());
    }
    holder.put(tx, |policies| {
        policies.inline.insert(name.to_owned(), document.to_owned());
    });
    Ok(())
}
