//! The SSH keys of users, for CodeCommit (IAM User Guide, "Use SSH keys and SSH with CodeCommit").

mod delete_ssh_public_key;
mod get_ssh_public_key;
mod list_ssh_public_keys;
mod update_ssh_public_key;
mod upload_ssh_public_key;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_model::ServiceError;
use daypass_model::iam::SshPublicKey;
use daypass_state::record::{KeyOwner, SshPublicKeyRecord};
use daypass_state::{Account, User};

use crate::errors::NoSuchEntity;
use crate::{credential_status, user};

/// The user and the key that a request names.
///
/// # Errors
/// `NoSuchEntity` when there is no such user, or the user has no such key.
fn named<'a>(
    account: &'a Account,
    user_name: &str,
    id: &str,
) -> Result<(&'a Arc<User>, &'a Arc<SshPublicKeyRecord>), ServiceError> {
    let user = user::find(account, user_name)?;
    let key = account.credential(KeyOwner::User(user.record.id), id);
    Ok((user, key.ok_or(NoSuchEntity::SshPublicKey(id))?))
}

/// A key in the form in which it is shown alone, with this text.
fn shown(user: &User, record: &SshPublicKeyRecord, body: String) -> SshPublicKey {
    SshPublicKey {
        user_name: user.record.name.clone(),
        ssh_public_key_id: record.id.clone(),
        fingerprint: record.fingerprint.clone(),
        ssh_public_key_body: body,
        status: credential_status::shown(record.status),
        upload_date: Some(DateTime::from_secs(record.upload_date)),
    }
}
