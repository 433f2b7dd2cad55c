use std::fmt;

use daypass_state::record::{PolicyRecord, VersionRecord};

/// The id of a version of a customer managed policy: `v1`, `v2`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VersionId(pub(crate) u32);

impl VersionId {
    /// `None` for what cannot be a version of a customer's policy. The model's pattern allows a
    /// suffix, which AWS's own versions may have.
    fn parse(text: &str) -> Option<Self> {
        text.strip_prefix('v')?.parse().ok().map(Self)
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// The version of this id, with its number.
pub(crate) fn find<'a>(policy: &'a PolicyRecord, id: &str) -> Option<(u32, &'a VersionRecord)> {
    let VersionId(number) = VersionId::parse(id)?;
    policy.versions.get(&number).map(|version| (number, version))
}
