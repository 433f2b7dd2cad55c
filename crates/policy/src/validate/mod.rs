//! What AWS refuses to save, and in which words.

mod condition;
mod control;
mod identity;
mod identity_resource;
mod service_principal;
mod shared_provider;
mod trust;

pub(crate) use condition::is_arn;
pub(crate) use identity_resource::legacy_parses_one as is_legacy_resource;
pub(crate) use trust::TRUST_ACTIONS;

use crate::document::{Document, Elements};
use crate::json::Node;
use crate::{Malformed, PolicyKind};

/// The statements of a document that AWS would save as a policy of the kind, in an account of the
/// partition.
///
/// # Errors
/// The first of AWS's complaints, in AWS's order.
pub(crate) fn statements<'d>(
    kind: PolicyKind,
    root: &'d Node<'d>,
    partition: &str,
) -> Result<Vec<Elements<'d>>, Malformed> {
    match kind {
        PolicyKind::Identity | PolicyKind::Inline => identity::validate(kind, root, partition),
        PolicyKind::Managed => managed(root),
        PolicyKind::Trust | PolicyKind::Session | PolicyKind::Resource => {
            trust::validate(kind, root)
        }
        PolicyKind::ServiceControl | PolicyKind::ResourceControl => control::validate(kind, root),
    }
}

/// What is said of a text that is no JSON.
pub(crate) fn not_json(kind: PolicyKind) -> Malformed {
    match kind {
        PolicyKind::Identity | PolicyKind::Inline | PolicyKind::Managed => Malformed::Syntax,
        PolicyKind::Trust | PolicyKind::Resource => Malformed::InvalidJson,
        PolicyKind::Session => Malformed::SessionNotJson,
        PolicyKind::ServiceControl | PolicyKind::ResourceControl => Malformed::ControlPolicy,
    }
}

/// What is said of a statement that is whole and yet means nothing.
pub(crate) fn not_understood(kind: PolicyKind) -> Malformed {
    match kind {
        PolicyKind::Identity | PolicyKind::Inline | PolicyKind::Managed => Malformed::Syntax,
        PolicyKind::Trust | PolicyKind::Session | PolicyKind::Resource => Malformed::TrustSyntax,
        PolicyKind::ServiceControl | PolicyKind::ResourceControl => Malformed::ControlPolicy,
    }
}

/// AWS's own policies need only be of a version that is known, with an effect in each statement.
fn managed<'d>(root: &'d Node<'d>) -> Result<Vec<Elements<'d>>, Malformed> {
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
