use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteAccountPasswordPolicyInput, DeleteAccountPasswordPolicyOutput};
use daypass_state::Tx;

use crate::errors::NoSuchEntity;
use crate::generated::DeleteAccountPasswordPolicy;

impl Guarded for DeleteAccountPasswordPolicy {
    fn targets(
        _: &DeleteAccountPasswordPolicyInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:DeleteAccountPasswordPolicy");
        Ok(())
    }
}

impl Handle for DeleteAccountPasswordPolicy {
    fn run(
        _: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteAccountPasswordPolicyOutput, ServiceError> {
        tx.account().password_policy().ok_or(NoSuchEntity::PasswordPolicyToDelete)?;
        tx.delete_password_policy();
        Ok(DeleteAccountPasswordPolicyOutput {})
    }
}
