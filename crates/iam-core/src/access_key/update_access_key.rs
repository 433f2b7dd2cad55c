use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateAccessKeyInput, UpdateAccessKeyOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::credential_status;
use crate::generated::UpdateAccessKey;

impl Guarded for UpdateAccessKey {
    fn targets(
        input: &UpdateAccessKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        credential_status::stored(input.status)?;
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:UpdateAccessKey");
        Ok(())
    }
}

impl Handle for UpdateAccessKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateAccessKeyOutput, ServiceError> {
        let input = call.input();
        let subject = Subject::of(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let mut key = super::find(tx.account(), owner, &input.access_key_id)?.record.clone();
        key.status = credential_status::stored(input.status)?;
        tx.put_access_key(&key);
        Ok(UpdateAccessKeyOutput {})
    }
}
