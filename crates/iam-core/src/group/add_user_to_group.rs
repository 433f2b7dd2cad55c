use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{AddUserToGroupInput, AddUserToGroupOutput};
use daypass_state::Tx;

use crate::generated::AddUserToGroup;
use crate::{need, quotas, user};

impl Guarded for AddUserToGroup {
    fn targets(
        input: &AddUserToGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:AddUserToGroup", &input.group_name);
        Ok(())
    }
}

impl Handle for AddUserToGroup {
    /// To add a member again changes nothing and is no error.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<AddUserToGroupOutput, ServiceError> {
        let input = call.input();
        // When both are missing, AWS names the user.
        let user = &user::find(tx.account(), &input.user_name)?.record;
        let group = super::find(tx.account(), &input.group_name)?.record.id;
        if user.groups.contains(&group) {
            return Ok(AddUserToGroupOutput {});
        }
        quotas::GROUPS_PER_USER.of(tx.account()).admit_one(user.groups.len())?;
        let mut user = user.clone();
        user.groups.push(group);
        tx.put_user(&user);
        Ok(AddUserToGroupOutput {})
    }
}
