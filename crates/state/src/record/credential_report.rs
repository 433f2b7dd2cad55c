use serde::{Deserialize, Serialize};

/// The last report of an account's credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialReportRecord {
    /// As comma-separated values, one line for each user.
    pub content: String,
    /// Unix seconds.
    pub generated: i64,
}
