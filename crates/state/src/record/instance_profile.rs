use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::Tags;

/// An instance profile, by which EC2 instances are given a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceProfileRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `AIPA…`.
    pub id: UniqueId,
    /// Unix seconds.
    pub create_date: i64,
    /// The role in it, by its unique id: AWS allows one.
    #[serde(default)]
    pub role: Option<UniqueId>,
    /// The profile's tags.
    #[serde(default)]
    pub tags: Tags,
}
