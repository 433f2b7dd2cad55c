use serde::{Deserialize, Serialize};

/// An account as an issuer of web identities, from the first time that this was enabled (IAM User
/// Guide, "Federating AWS identities to external services").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundFederationRecord {
    /// What tells the account's issuer from all others: a UUID, which stays when tokens are disabled
    /// and enabled again.
    pub issuer_id: String,
    /// Whether principals of the account get tokens.
    pub is_enabled: bool,
}
