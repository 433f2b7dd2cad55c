use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateRoleInput, UpdateRoleOutput};
use daypass_state::Tx;

use crate::generated::UpdateRole;
use crate::need;

impl Guarded for UpdateRole {
    fn targets(
        input: &UpdateRoleInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_bounded_role(targets, scope, "iam:UpdateRole", &input.role_name);
        Ok(())
    }
}

impl Handle for UpdateRole {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateRoleOutput, ServiceError> {
        let input = call.input();
        let role = match input.max_session_duration {
            Some(_) => super::find_modifiable(tx.account(), &input.role_name)?,
            None => super::find_to_describe(tx.account(), &input.role_name)?,
        };
        let mut record = role.record.clone();
        if let Some(description) = &input.description {
            record.description = Some(description.clone());
        }
        if let Some(seconds) = input.max_session_duration {
            record.max_session_duration = seconds;
        }
        tx.put_role(&record);
        Ok(UpdateRoleOutput {})
    }
}
