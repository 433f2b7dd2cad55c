use std::collections::BTreeMap;

use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::Tags;

/// A customer managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    /// `ANPA…`.
    pub id: UniqueId,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// Unix seconds.
    pub create_date: i64,
    /// When a version was last made or made the default; unix seconds.
    pub update_date: i64,
    /// The number of the version in force; `1` is `v1`.
    pub default_version: u32,
    /// The number of the next version. Numbers are never used again.
    pub next_version: u32,
    /// The versions by number.
    pub versions: BTreeMap<u32, VersionRecord>,
    /// The policy's tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRecord {
    /// The text as it was given.
    pub document: String,
    /// Unix seconds.
    pub create_date: i64,
}
