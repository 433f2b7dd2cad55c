//! What the operations on service-linked roles need.

use daypass_authz::{Guarded, Scope, Targets};

use crate::errors::InvalidInput;
use crate::generated::{
    CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus,
};
use crate::need::{self, Needed};
use crate::service_linked_role::{arn, role_name, role_of_task};

impl Guarded for CreateServiceLinkedRole {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let service = input.aws_service_name.as_str();
        let name = role_name(service, input.custom_suffix.as_deref());
        targets
            .need("iam:CreateServiceLinkedRole", arn(scope, service, &name))
            .key("iam:AWSServiceName", service);
        Ok(())
    }
}

impl Guarded for DeleteServiceLinkedRole {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_role(targets, scope, "iam:DeleteServiceLinkedRole", &input.role_name);
        Ok(())
    }
}

impl Guarded for GetServiceLinkedRoleDeletionStatus {
    /// The task's id tells the role, which may be gone.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let task = input.deletion_task_id.as_str();
        let role = role_of_task(task).ok_or(InvalidInput::DeletionTaskId(task))?;
        let arn = arn(scope, role.service, role.name);
        need::on_entity(targets, scope, "iam:GetServiceLinkedRoleDeletionStatus", arn.as_str())?;
        Ok(())
    }
}
