use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Principal;
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetAccountPasswordPolicyInput, GetAccountPasswordPolicyOutput, PasswordPolicy,
};
use daypass_state::Tx;
use daypass_state::record::PasswordPolicyRecord;

use crate::errors::NoSuchEntity;
use crate::generated::GetAccountPasswordPolicy;

impl Guarded for GetAccountPasswordPolicy {
    fn targets(
        _: &GetAccountPasswordPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let target = targets.need_on_all("iam:GetAccountPasswordPolicy");
        // Users who may change their passwords may see what these must be like.
        let is_user = matches!(scope.call().caller.principal(), Principal::User { .. });
        let policy = scope.entities().password_policy();
        if is_user && policy.is_some_and(|policy| policy.allow_users_to_change) {
            target.granted();
        }
        Ok(())
    }
}

impl Handle for GetAccountPasswordPolicy {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetAccountPasswordPolicyOutput, ServiceError> {
        let policy = tx.account().password_policy();
        let policy = policy.ok_or(NoSuchEntity::PasswordPolicy(call.account()))?;
        Ok(GetAccountPasswordPolicyOutput { password_policy: shape(policy) })
    }
}

/// What was not given is left out, as recorded from AWS.
fn shape(policy: &PasswordPolicyRecord) -> PasswordPolicy {
    PasswordPolicy {
        minimum_password_length: Some(policy.minimum_length),
        require_symbols: Some(policy.require_symbols),
        require_numbers: Some(policy.require_numbers),
        require_uppercase_characters: Some(policy.require_uppercase),
        require_lowercase_characters: Some(policy.require_lowercase),
        allow_users_to_change_password: Some(policy.allow_users_to_change),
        expire_passwords: Some(policy.max_age.is_some()),
        max_password_age: policy.max_age,
        password_reuse_prevention: policy.reuse_prevention,
        hard_expiry: policy.hard_expiry,
    }
}
