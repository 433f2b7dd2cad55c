use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteLoginProfileInput, DeleteLoginProfileOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::errors::NoSuchEntity;
use crate::generated::DeleteLoginProfile;

impl Guarded for DeleteLoginProfile {
    fn targets(
        input: &DeleteLoginProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:DeleteLoginProfile",
        );
        Ok(())
    }
}

impl Handle for DeleteLoginProfile {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteLoginProfileOutput, ServiceError> {
        let subject = Subject::of(call.input().user_name.as_deref(), call.call())?;
        let user = super::owner(tx.account(), subject)?;
        let profile = tx.account().login_profile(user.record.id).cloned();
        let name = &user.record.name;
        let profile = profile.ok_or(NoSuchEntity::LoginProfileToDelete(name))?;
        tx.delete_login_profile(&profile);
        Ok(DeleteLoginProfileOutput {})
    }
}
