use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{AddRoleToInstanceProfileInput, AddRoleToInstanceProfileOutput};
use daypass_state::Tx;

use crate::generated::AddRoleToInstanceProfile;
use crate::{need, quotas, role};

impl Guarded for AddRoleToInstanceProfile {
    fn targets(
        input: &AddRoleToInstanceProfileInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_instance_profile(
            targets,
            scope,
            "iam:AddRoleToInstanceProfile",
            &input.instance_profile_name,
        );
        // Whatever runs with the profile acts as the role, so the role is passed to EC2. For which
        // instances nobody knows yet.
        let instances = format!("arn:aws:ec2:*:{}:instance/*", scope.account());
        need::to_pass_role(targets, scope, &input.role_name, "ec2.amazonaws.com")
            .key("iam:AssociatedResourceArn", instances);
        Ok(())
    }
}

impl Handle for AddRoleToInstanceProfile {
    /// When both are missing, the profile is named: which one AWS names is not on record.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<AddRoleToInstanceProfileOutput, ServiceError> {
        let input = call.input();
        let mut profile = super::find(tx.account(), &input.instance_profile_name)?.record.clone();
        let role = role::find_modifiable(tx.account(), &input.role_name)?.record.id;
        quotas::ROLES_PER_INSTANCE_PROFILE
            .of(tx.account())
            .admit_one(usize::from(profile.role.is_some()))?;
        profile.role = Some(role);
        tx.put_instance_profile(&profile);
        Ok(AddRoleToInstanceProfileOutput {})
    }
}
