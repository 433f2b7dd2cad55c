use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateUserInput, UpdateUserOutput};
use daypass_state::Tx;

use crate::errors::EntityAlreadyExists;
use crate::generated::UpdateUser;
use crate::need;

impl Guarded for UpdateUser {
    /// The right to both the user as it is and the user that it is to be: otherwise whoever may
    /// change one user could turn it into another.
    fn targets(
        input: &UpdateUserInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, ACTION, &input.user_name);
        if input.new_user_name.is_none() && input.new_path.is_none() {
            return Ok(());
        }
        let user = scope.entities().user(&input.user_name);
        let (path, name) = user.map_or(("/", input.user_name.as_str()), |user| {
            (user.record.path.as_str(), user.record.name.as_str())
        });
        let path = input.new_path.as_deref().unwrap_or(path);
        let name = input.new_user_name.as_deref().unwrap_or(name);
        let renamed = targets.need(ACTION, Arn::user(scope.account(), path, name));
        renamed.shown_as(format!("user {name}"));
        if let Some(user) = user {
            renamed.identity_tags(&user.record.tags);
        }
        Ok(())
    }
}

impl Handle for UpdateUser {
    /// Keys and group memberships go by the user's id, policies are in its record: all stay.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateUserOutput, ServiceError> {
        let input = call.input();
        let old = super::find(tx.account(), &input.user_name)?.clone();
        let mut new = old.record.clone();
        if let Some(path) = &input.new_path {
            new.path.clone_from(path);
        }
        if let Some(name) = &input.new_user_name {
            let holder = tx.account().user(name);
            if holder.is_some_and(|holder| holder.record.id != new.id) {
                return Err(EntityAlreadyExists::User(name).into());
            }
            new.name.clone_from(name);
        }
        tx.rename_user(&old, &new);
        Ok(UpdateUserOutput {})
    }
}

const ACTION: &str = "iam:UpdateUser";
