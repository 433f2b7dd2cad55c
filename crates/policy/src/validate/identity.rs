//! Identity policies, in the order in which IAM judges them: each rule over the whole document
//! before the next.

use super::identity_resource as resource;
use super::{condition, sids_are_unique};
use crate::document::{Document, Elements, is_text_or_list};
use crate::json::Node;
use crate::{Malformed, PolicyKind};

pub(crate) fn validate<'d>(
    kind: PolicyKind,
    root: &'d Node<'d>,
    partition: &str,
) -> Result<Vec<Elements<'d>>, Malformed> {
    let document = Document::of(root).ok_or(Malformed::Syntax)?;
    let statements = document.statements().ok_or(Malformed::Syntax)?;
    let syntax = document_syntax(&document)
        && !statements.is_empty()
        && statements.iter().all(|elements| {
            statement_syntax(elements)
                && elements.condition.is_none_or(condition::has_readable_bytes)
        });
    if !syntax {
        return Err(Malformed::Syntax);
    }
    let is_current = document.version.and_then(Node::as_str) == Some("2012-10-17");
    if !is_current && kind != PolicyKind::Inline {
        return Err(Malformed::OldVersion);
    }
    // A resource's format is judged twice: only where it is fine does the old parser read it, and
    // only after the statements are known to be whole is it complained of.
    let resources = resource::format(&statements, partition);
    if !statements.iter().all(legacy_parses)
        || (resources.is_ok() && !statements.iter().all(resource::legacy_parses))
    {
        return Err(Malformed::LegacyParsing);
    }
    if !statements.iter().all(has_plain_sid) {
        return Err(Malformed::SidCharacters);
    }
    if !sids_are_unique(&statements) {
        return Err(Malformed::DuplicateSid);
    }
    if !statements.iter().all(|elements| elements.actions().is_some()) {
        return Err(Malformed::NoActions);
    }
    if statements.iter().any(|e| e.principal.is_some() || e.not_principal.is_some()) {
        return Err(Malformed::PrincipalInIdentityPolicy);
    }
    if !statements.iter().all(|elements| elements.resources().is_some()) {
        return Err(Malformed::NoResources);
    }
    resources?;
    statements.iter().try_for_each(action_format)?;
    Ok(statements)
}

pub(super) fn document_syntax(document: &Document<'_>) -> bool {
    let version = document
        .version
        .is_none_or(|version| matches!(version.as_str(), Some("2008-10-17" | "2012-10-17")));
    let id = document.id.is_none_or(|id| id.as_str().is_some());
    document.unknown.is_none() && version && id
}

pub(super) fn statement_syntax(elements: &Elements<'_>) -> bool {
    let effect = elements.effect.and_then(Node::as_str).is_some_and(|effect| {
        effect.eq_ignore_ascii_case("Allow") || effect.eq_ignore_ascii_case("Deny")
    });
    let sid = elements.sid.is_none_or(|sid| sid.as_str().is_some());
    let lists = [elements.action, elements.not_action, elements.resource, elements.not_resource];
    elements.unknown.is_none()
        && effect
        && sid
        && lists.into_iter().flatten().all(is_text_or_list)
        && !(elements.action.is_some() && elements.not_action.is_some())
        && !(elements.resource.is_some() && elements.not_resource.is_some())
        && elements.condition.is_none_or(condition::is_well_formed)
}

/// What an older parser, which sees the document next, still cannot read.
fn legacy_parses(elements: &Elements<'_>) -> bool {
    has_exact_effect(elements) && elements.condition.is_none_or(condition::legacy_parses)
}

pub(super) fn has_exact_effect(elements: &Elements<'_>) -> bool {
    matches!(elements.effect.and_then(Node::as_str), Some("Allow" | "Deny"))
}

pub(super) fn has_plain_sid(elements: &Elements<'_>) -> bool {
    elements.sid_text().is_none_or(|sid| sid.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

pub(super) fn action_format(elements: &Elements<'_>) -> Result<(), Malformed> {
    let (actions, _) = elements.actions().unwrap_or_default();
    for action in actions.iter().filter_map(Node::as_str).filter(|action| *action != "*") {
        let Some((vendor, name)) = action.split_once(':') else {
            return Err(Malformed::ActionWithoutVendor);
        };
        if name.contains(':') {
            return Err(Malformed::ActionColons);
        }
        if vendor.contains(['*', '?']) {
            return Err(Malformed::ActionVendorWildcard);
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if !vendor.bytes().all(known) {
            return Err(Malformed::ActionVendor(vendor.into()));
        }
    }
    Ok(())
}
