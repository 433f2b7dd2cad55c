use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{RemoveUserFromGroupInput, RemoveUserFromGroupOutput};
use daypass_state::Tx;

use crate::generated::RemoveUserFromGroup;
use crate::{need, user};

impl Guarded for RemoveUserFromGroup {
    fn targets(
        input: &RemoveUserFromGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, "iam:RemoveUserFromGroup", &input.group_name);
        Ok(())
    }
}

impl Handle for RemoveUserFromGroup {
    /// To remove somebody who is no member changes nothing and is no error.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<RemoveUserFromGroupOutput, ServiceError> {
        let input = call.input();
        // When both are missing, AWS names the user.
        let user = &user::find(tx.account(), &input.user_name)?.record;
        let group = super::find(tx.account(), &input.group_name)?.record.id;
        if user.groups.contains(&group) {
            let mut user = user.clone();
            user.groups.retain(|id| *id != group);
            tx.put_user(&user);
        }
        Ok(RemoveUserFromGroupOutput {})
    }
}
