use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteAccessKeyInput, DeleteAccessKeyOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::generated::DeleteAccessKey;

impl Guarded for DeleteAccessKey {
    fn targets(
        input: &DeleteAccessKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:DeleteAccessKey");
        Ok(())
    }
}

impl Handle for DeleteAccessKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteAccessKeyOutput, ServiceError> {
        let input = call.input();
        let subject = Subject::of(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let key = super::find(tx.account(), owner, &input.access_key_id)?.clone();
        tx.delete_access_key(&key);
        Ok(DeleteAccessKeyOutput {})
    }
}
