use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::{KeyOwner, KeyStatus, UserCredential};

/// A user's credential for a single service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSpecificCredentialRecord {
    /// `ACCA…`.
    pub id: UniqueId,
    /// Whose it is.
    pub user: UniqueId,
    /// Such as `codecommit.amazonaws.com`.
    pub service: String,
    /// The name that goes with the secret: a user name, or an API key's alias. It stays when the user gets
    /// another.
    pub name: String,
    /// The SHA-256 of the secret, which is random and long. Lower-case hexadecimal.
    pub secret_hash: String,
    /// Whether it is in use.
    pub status: KeyStatus,
    /// Unix seconds.
    pub create_date: i64,
    /// When an API key expires, if it does; Unix seconds.
    #[serde(default)]
    pub expiration: Option<i64>,
}

impl UserCredential for ServiceSpecificCredentialRecord {
    fn owner(&self) -> KeyOwner {
        KeyOwner::User(self.user)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
