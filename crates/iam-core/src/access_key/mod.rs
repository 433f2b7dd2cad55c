//! Long-term access keys of users and of the root user (IAM User Guide, "Manage access keys").

mod create_access_key;
mod delete_access_key;
mod get_access_key_last_used;
mod list_access_keys;
mod update_access_key;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use daypass_model::ServiceError;
use daypass_state::record::KeyOwner;
use daypass_state::{AccessKey, Account};

use crate::errors::NoSuchEntity;

/// The owner's key of this id. Another's key is as unknown as one that does not exist.
fn find<'a>(
    account: &'a Account,
    owner: KeyOwner,
    id: &str,
) -> Result<&'a Arc<AccessKey>, ServiceError> {
    let key = account.access_keys(owner).find(|key| key.record.id.as_str() == id);
    key.ok_or_else(|| NoSuchEntity::AccessKey(id).into())
}

/// The name that answers give to the owner of a key: a user's own, and for the root user the
/// account's alias, if it has one.
pub(crate) fn owner_name(account: &Account, owner: KeyOwner) -> Option<String> {
    match owner {
        KeyOwner::Root => account.alias().map(str::to_owned),
        KeyOwner::User(id) => account.user_by_id(id).map(|user| user.record.name.clone()),
    }
}
