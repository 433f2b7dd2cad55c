use serde::{Deserialize, Serialize};

/// What an account asks of its users' passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicyRecord {
    /// In characters, 6 to 128.
    pub minimum_length: i32,
    /// Whether one of AWS's symbols must be in it.
    pub require_symbols: bool,
    /// Whether a digit must.
    pub require_numbers: bool,
    /// Whether a letter of the Latin alphabet in upper case must.
    pub require_uppercase: bool,
    /// Whether one in lower case must.
    pub require_lowercase: bool,
    /// Whether IAM itself lets users change their own.
    pub allow_users_to_change: bool,
    /// In days, 1 to 1095, after which a password expires.
    pub max_age: Option<i32>,
    /// How many of the last passwords may not be used again, 1 to 24.
    pub reuse_prevention: Option<i32>,
    /// Whether an administrator must set an expired password anew.
    pub hard_expiry: Option<bool>,
}
