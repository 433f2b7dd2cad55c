use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DeletionTaskStatusType, GetServiceLinkedRoleDeletionStatusInput,
    GetServiceLinkedRoleDeletionStatusOutput,
};
use daypass_state::Tx;

use super::{arn, role_of_task};
use crate::errors::{InvalidInput, NoSuchEntity};
use crate::generated::GetServiceLinkedRoleDeletionStatus;
use crate::need;

impl Guarded for GetServiceLinkedRoleDeletionStatus {
    /// The task's id tells the role, which may be gone.
    fn targets(
        input: &GetServiceLinkedRoleDeletionStatusInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let task = input.deletion_task_id.as_str();
        let role = role_of_task(task).ok_or(InvalidInput::DeletionTaskId(task))?;
        let arn = arn(scope, role.service, role.name);
        need::on_entity(targets, scope, "iam:GetServiceLinkedRoleDeletionStatus", arn.as_str())?;
        Ok(())
    }
}

impl Handle for GetServiceLinkedRoleDeletionStatus {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetServiceLinkedRoleDeletionStatusOutput, ServiceError> {
        let id = &call.input().deletion_task_id;
        let task = tx.account().deletion_task(id);
        task.ok_or(NoSuchEntity::DeletionTask(id))?;
        Ok(GetServiceLinkedRoleDeletionStatusOutput {
            status: DeletionTaskStatusType::Succeeded,
            reason: None,
        })
    }
}
