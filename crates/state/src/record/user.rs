use daypass_ident::{Arn, UniqueId};
use serde::{Deserialize, Serialize};

use super::{HeldPolicies, Tags};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `AIDA…`.
    pub id: UniqueId,
    /// Unix seconds.
    pub create_date: i64,
    /// The managed policy that bounds what the user may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Arn>,
    /// What the user may do.
    #[serde(default, skip_serializing_if = "HeldPolicies::is_empty")]
    pub policies: HeldPolicies,
    /// The ids of the groups that the user is a member of, `AGPA…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<UniqueId>,
    /// The user's tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}
