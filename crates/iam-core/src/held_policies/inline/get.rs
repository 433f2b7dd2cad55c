//! `GetUserPolicy`, `GetGroupPolicy`, `GetRolePolicy`.

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetGroupPolicyInput, GetGroupPolicyOutput, GetRolePolicyInput, GetRolePolicyOutput,
    GetUserPolicyInput, GetUserPolicyOutput,
};
use daypass_state::{Group, Role, Tx, User};

use crate::errors::NoSuchEntity;
use crate::generated::{GetGroupPolicy, GetRolePolicy, GetUserPolicy};
use crate::held_policies::Holder;
use crate::need;
use crate::policy::document;

impl Guarded for GetUserPolicy {
    fn targets(
        input: &GetUserPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:GetUserPolicy", &input.user_name);
        Ok(())
    }
}

impl Handle for GetUserPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetUserPolicyOutput, ServiceError> {
        let input = call.input();
        let (holder, document) = get::<User>(tx, &input.user_name, &input.policy_name)?;
        Ok(GetUserPolicyOutput {
            user_name: holder,
            policy_name: input.policy_name.clone(),
            policy_document: document,
        })
    }
}

impl Guarded for GetGroupPolicy {
    fn targets(
        input: &GetGroupPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:GetGroupPolicy", &input.group_name);
        Ok(())
    }
}

impl Handle for GetGroupPolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetGroupPolicyOutput, ServiceError> {
        let input = call.input();
        let (holder, document) = get::<Group>(tx, &input.group_name, &input.policy_name)?;
        Ok(GetGroupPolicyOutput {
            group_name: holder,
            policy_name: input.policy_name.clone(),
            policy_document: document,
        })
    }
}

impl Guarded for GetRolePolicy {
    fn targets(
        input: &GetRolePolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_role(targets, scope, "iam:GetRolePolicy", &input.role_name);
        Ok(())
    }
}

impl Handle for GetRolePolicy {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetRolePolicyOutput, ServiceError> {
        let input = call.input();
        let (holder, document) = get::<Role>(tx, &input.role_name, &input.policy_name)?;
        Ok(GetRolePolicyOutput {
            role_name: holder,
            policy_name: input.policy_name.clone(),
            policy_document: document,
        })
    }
}

/// The holder's name as it was created, and the document.
fn get<H: Holder>(tx: &Tx, holder: &str, name: &str) -> Result<(String, String), ServiceError> {
    let holder = H::find(tx.account(), holder)?;
    let document = holder.policies().inline.get(name);
    let document = document.ok_or(NoSuchEntity::InlinePolicy { holder: H::KIND, name })?;
    Ok((holder.name().to_owned(), document::encode(document)))
}
