//! What AWS refuses to save, and in which words.

pub(crate) mod condition;
pub(crate) mod identity;
mod identity_resource;
pub(crate) mod trust;

use crate::Malformed;
use crate::document::{Document, Elements};
use crate::json::Node;

/// AWS's own policies need only be of a version that is known, with an effect in each statement.
pub(crate) fn managed<'d>(root: &'d Node<'d>) -> Result<Vec<Elements<'d>>, Malformed> {
    let document = Document::of(root).ok_or(Malformed::Syntax)?;
    let statements = document.statements().ok_or(Malformed::Syntax)?;
    let known_version = document
        .version
        .is_none_or(|version| matches!(version.as_str(), Some("2008-10-17" | "2012-10-17")));
    let effects = |elements: &Elements<'_>| {
        matches!(elements.effect.and_then(Node::as_str), Some("Allow" | "Deny"))
    };
    if known_version && statements.iter().all(effects) {
        Ok(statements)
    } else {
        Err(Malformed::Syntax)
    }
}

/// Whether no two statements share an id.
fn sids_are_unique(statements: &[Elements<'_>]) -> bool {
    let mut seen = std::collections::HashSet::new();
    statements.iter().filter_map(Elements::sid_text).all(|sid| seen.insert(sid))
}
