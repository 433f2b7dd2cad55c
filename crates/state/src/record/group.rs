use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::HeldPolicies;

/// A group. Its members are kept with the users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `AGPA…`.
    pub id: UniqueId,
    /// Unix seconds.
    pub create_date: i64,
    /// What its members may do.
    #[serde(default, skip_serializing_if = "HeldPolicies::is_empty")]
    pub policies: HeldPolicies,
}
