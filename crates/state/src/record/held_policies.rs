use std::collections::BTreeMap;

use daypass_ident::Arn;
use serde::{Deserialize, Serialize};

/// The policies that a user, group or role holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPolicies {
    /// Inline policies: name to document, as it was given.
    #[serde(default)]
    pub inline: BTreeMap<String, String>,
    /// The ARNs of managed policies, in the order they were attached.
    #[serde(default)]
    pub attached: Vec<Arn>,
}

impl HeldPolicies {
    /// Whether there are none, neither inline nor attached ones.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inline.is_empty() && self.attached.is_empty()
    }
}
