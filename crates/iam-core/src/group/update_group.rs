use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateGroupInput, UpdateGroupOutput};
use daypass_state::Tx;

use crate::errors::EntityAlreadyExists;
use crate::generated::UpdateGroup;
use crate::need;

impl Guarded for UpdateGroup {
    /// The right to both the group as it is and the group that it is to be: otherwise whoever may
    /// change one group could turn it into another.
    fn targets(
        input: &UpdateGroupInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_group(targets, scope, ACTION, &input.group_name);
        if input.new_group_name.is_none() && input.new_path.is_none() {
            return Ok(());
        }
        let group = scope.entities().group(&input.group_name);
        let (path, name) = group.map_or(("/", input.group_name.as_str()), |group| {
            (group.record.path.as_str(), group.record.name.as_str())
        });
        let path = input.new_path.as_deref().unwrap_or(path);
        let name = input.new_group_name.as_deref().unwrap_or(name);
        let renamed = targets.need(ACTION, Arn::group(scope.account(), path, name));
        renamed.shown_as(format!("group {name}"));
        Ok(())
    }
}

impl Handle for UpdateGroup {
    /// Its members go by the group's id, policies are in its record: all stay.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateGroupOutput, ServiceError> {
        let input = call.input();
        let old = super::find(tx.account(), &input.group_name)?.clone();
        let mut new = old.record.clone();
        if let Some(path) = &input.new_path {
            new.path.clone_from(path);
        }
        if let Some(name) = &input.new_group_name {
            let holder = tx.account().group(name);
            if holder.is_some_and(|holder| holder.record.id != new.id) {
                return Err(EntityAlreadyExists::Group(name).into());
            }
            new.name.clone_from(name);
        }
        tx.rename_group(&old, &new);
        Ok(UpdateGroupOutput {})
    }
}

const ACTION: &str = "iam:UpdateGroup";
