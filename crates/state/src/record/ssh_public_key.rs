use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::{KeyOwner, KeyStatus, UserCredential};

/// A user's SSH key for CodeCommit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SshPublicKeyRecord {
    /// `APKA…`, 20 characters.
    pub id: String,
    /// Whose it is.
    pub user: UniqueId,
    /// The key as it was uploaded: a line of OpenSSH, or PEM.
    pub body: String,
    /// The MD5 of the key, by which the same one is known again: 16 bytes in hexadecimal, with colons.
    pub fingerprint: String,
    /// Whether it is in use.
    pub status: KeyStatus,
    /// Unix seconds.
    pub upload_date: i64,
}

impl UserCredential for SshPublicKeyRecord {
    fn owner(&self) -> KeyOwner {
        KeyOwner::User(self.user)
    }

    fn id(&self) -> &str {
        &self.id
    }
}
