use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateAccountPasswordPolicyInput, UpdateAccountPasswordPolicyOutput};
use daypass_state::Tx;
use daypass_state::record::PasswordPolicyRecord;

use crate::generated::UpdateAccountPasswordPolicy;

impl Guarded for UpdateAccountPasswordPolicy {
    fn targets(
        _: &UpdateAccountPasswordPolicyInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:UpdateAccountPasswordPolicy");
        Ok(())
    }
}

impl Handle for UpdateAccountPasswordPolicy {
    /// What is not given goes back to its default.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateAccountPasswordPolicyOutput, ServiceError> {
        let input = call.input();
        let is_set = |flag: Option<bool>| flag.unwrap_or_default();
        tx.put_password_policy(&PasswordPolicyRecord {
            minimum_length: input.minimum_password_length.unwrap_or(DEFAULT_LENGTH),
            require_symbols: is_set(input.require_symbols),
            require_numbers: is_set(input.require_numbers),
            require_uppercase: is_set(input.require_uppercase_characters),
            require_lowercase: is_set(input.require_lowercase_characters),
            allow_users_to_change: is_set(input.allow_users_to_change_password),
            max_age: input.max_password_age,
            reuse_prevention: input.password_reuse_prevention,
            hard_expiry: input.hard_expiry,
        });
        Ok(UpdateAccountPasswordPolicyOutput {})
    }
}

/// Of a policy that does not say (IAM API Reference, `UpdateAccountPasswordPolicy`).
const DEFAULT_LENGTH: i32 = 6;
