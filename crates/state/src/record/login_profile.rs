use daypass_ident::{Secret, UniqueId};
use serde::{Deserialize, Serialize};

/// A user's password and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginProfileRecord {
    /// Whose it is. The user may get another name.
    pub user: UniqueId,
    /// Unix seconds.
    pub create_date: i64,
    /// The hash of the password, a PHC string.
    pub password: Secret<String>,
    /// When the password was set; Unix seconds.
    pub change_date: i64,
    /// The hashes of the passwords before it, the newest first: 24 at most, as many as a password policy
    /// can look at.
    #[serde(default)]
    pub previous: Vec<Secret<String>>,
    /// Whether the user must choose another at the next sign-in.
    #[serde(default)]
    pub reset_required: bool,
}
