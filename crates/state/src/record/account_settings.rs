use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What an account has set for itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccountSettingsRecord {
    /// The account's properties that were set (IAM API Reference, `PutAccountProperties`).
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// Whether the global endpoint of STS gives tokens of version 2, which are longer and good in all
    /// regions (IAM API Reference, `SetSecurityTokenServicePreferences`).
    #[serde(default)]
    pub version_two_tokens: bool,
    /// The quotas that are not AWS's defaults, by AWS's names for them.
    #[serde(default)]
    pub quotas: BTreeMap<String, u32>,
}
