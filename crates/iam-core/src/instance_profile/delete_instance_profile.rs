use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteInstanceProfileInput, DeleteInstanceProfileOutput};
use daypass_state::Tx;

use crate::errors::DeleteConflict;
use crate::generated::DeleteInstanceProfile;
use crate::need;

impl Guarded for DeleteInstanceProfile {
    fn targets(
        input: &DeleteInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:DeleteInstanceProfile",
            &input.instance_profile_name,
        );
        Ok(())
    }
}

impl Handle for DeleteInstanceProfile {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteInstanceProfileOutput, ServiceError> {
        let profile = super::find(tx.account(), &call.input().instance_profile_name)?.clone();
        if profile.record.role.is_some() {
            return Err(DeleteConflict::InstanceProfileRoles.into());
        }
        tx.delete_instance_profile(&profile);
        Ok(DeleteInstanceProfileOutput {})
    }
}
