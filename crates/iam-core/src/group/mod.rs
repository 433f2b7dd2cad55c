//! Groups of users (IAM User Guide, "IAM user groups"). Who is in a group is kept with the users.

mod add_user_to_group;
mod create_group;
mod delete_group;
mod get_group;
mod list_groups;
mod list_groups_for_user;
mod remove_user_from_group;
mod update_group;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam;
use daypass_state::record::GroupRecord;
use daypass_state::{Account, Group};

use crate::errors::NoSuchEntity;

/// The group of this name.
///
/// # Errors
/// `NoSuchEntity` when there is none.
pub(crate) fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<Group>, ServiceError> {
    account.group(name).ok_or_else(|| NoSuchEntity::Group(name).into())
}

/// A group in the form in which answers show it.
pub(crate) fn shape(account: AccountId, group: &GroupRecord) -> iam::Group {
    iam::Group {
        path: group.path.clone(),
        group_name: group.name.clone(),
        group_id: group.id.to_string(),
        arn: Arn::group(account, &group.path, &group.name).to_string(),
        create_date: DateTime::from_secs(group.create_date),
    }
}
