use daypass_ident::{AccessKeyId, Secret, UniqueId};
use serde::{Deserialize, Serialize};

/// A long-term access key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKeyRecord {
    /// `AKIA…`.
    pub id: AccessKeyId,
    /// The secret access key.
    pub secret: Secret<String>,
    /// Whose key it is.
    pub owner: KeyOwner,
    /// Whether requests signed with it are accepted.
    pub status: KeyStatus,
    /// Unix seconds.
    pub create_date: i64,
}

/// Whose a key or an MFA device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyOwner {
    /// The account's root user.
    Root,
    /// The user of this id, `AIDA…`.
    User(UniqueId),
}

/// Whether a key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStatus {
    /// It may.
    Active,
    /// It is refused as if it did not exist.
    Inactive,
}
