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
    #[serde(default)]
    pub permissions_boundary: Option<Arn>,
    /// What the user may do.
    #[serde(default)]
    pub policies: HeldPolicies,
    /// The ids of the groups that the user is a member of, `AGPA…`.
    #[serde(default)]
    pub groups: Vec<UniqueId>,
    /// The user's tags.
    #[serde(default)]
    pub tags: Tags,
}
