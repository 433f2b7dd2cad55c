use daypass_ident::{Arn, UniqueId};
use serde::{Deserialize, Serialize};

use super::{HeldPolicies, Tags};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `AROA…`.
    pub id: UniqueId,
    /// Unix seconds.
    pub create_date: i64,
    /// The trust policy, in which users and roles stand by their unique ids, so that a namesake
    /// made later is not trusted (IAM User Guide, "Principal").
    pub assume_role_policy_document: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The longest session that may be asked for, in seconds.
    pub max_session_duration: i32,
    /// The managed policy that bounds what sessions may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_boundary: Option<Arn>,
    /// The template that the role was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_template: Option<SourceTemplate>,
    /// What sessions may do.
    #[serde(default, skip_serializing_if = "HeldPolicies::is_empty")]
    pub policies: HeldPolicies,
    /// The role's tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
}

/// A version of a role template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTemplate {
    /// The template's ARN, with its major version.
    pub arn: String,
    /// The minor version.
    pub minor_version: i32,
}
