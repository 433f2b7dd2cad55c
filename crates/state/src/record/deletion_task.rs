use serde::{Deserialize, Serialize};

/// The deletion of a service-linked role, which is done when its record is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionTaskRecord {
    /// `task/aws-service-role/{service}/{role}/{UUID}`.
    pub id: String,
    /// Unix seconds.
    pub create_date: i64,
}
