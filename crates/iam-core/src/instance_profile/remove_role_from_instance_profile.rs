use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{RemoveRoleFromInstanceProfileInput, RemoveRoleFromInstanceProfileOutput};
use daypass_state::Tx;

use crate::errors::NoSuchEntity;
use crate::generated::RemoveRoleFromInstanceProfile;
use crate::{need, role};

impl Guarded for RemoveRoleFromInstanceProfile {
    fn targets(
        input: &RemoveRoleFromInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:RemoveRoleFromInstanceProfile",
            &input.instance_profile_name,
        );
        Ok(())
    }
}

impl Handle for RemoveRoleFromInstanceProfile {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<RemoveRoleFromInstanceProfileOutput, ServiceError> {
        let input = call.input();
        let mut profile = super::find(tx.account(), &input.instance_profile_name)?.record.clone();
        let role = role::find_modifiable(tx.account(), &input.role_name)?.record.id;
        if profile.role != Some(role) {
            return Err(NoSuchEntity::RoleInInstanceProfile(&input.role_name).into());
        }
        profile.role = None;
        tx.put_instance_profile(&profile);
        Ok(RemoveRoleFromInstanceProfileOutput {})
    }
}
