//! The control policies of organisations (AWS Organizations User Guide, "SCP syntax" and "RCP
//! syntax"). AWS Organizations has one sentence for all that may be wrong with them.

use super::{condition, identity, sids_are_unique};
use crate::document::{Document, Elements};
use crate::json::Node;
use crate::{Malformed, PolicyKind};

pub(crate) fn validate<'d>(
    kind: PolicyKind,
    root: &'d Node<'d>,
) -> Result<Vec<Elements<'d>>, Malformed> {
    let fits = |statements: &Vec<Elements<'_>>| match kind {
        PolicyKind::ResourceControl => {
            is_full_access(statements) || statements.iter().all(is_resource_control)
        }
        _ => statements.iter().all(is_service_control),
    };
    statements(root).filter(fits).ok_or(Malformed::ControlPolicy)
}

/// The statements, if the document and each of them is of the language of today: 2012's, which the
/// controls must name.
fn statements<'d>(root: &'d Node<'d>) -> Option<Vec<Elements<'d>>> {
    let document = Document::of(root)?;
    let statements = document.statements()?;
    let whole = identity::document_syntax(&document)
        && document.version.and_then(Node::as_str) == Some("2012-10-17")
        && !statements.is_empty()
        && statements.iter().all(is_whole)
        && sids_are_unique(&statements);
    whole.then_some(statements)
}

fn is_whole(elements: &Elements<'_>) -> bool {
    identity::statement_syntax(elements)
        && identity::has_exact_effect(elements)
        // Which other values AWS Organizations reads when it saves a policy is not on record.
        && elements.condition.is_none_or(condition::has_readable_dates)
        && identity::has_plain_sid(elements)
        && elements.actions().is_some()
        && identity::action_format(elements).is_ok()
        && elements.resources().is_some_and(|(resources, _)| resources.iter().all(is_resource))
}

fn is_resource(node: &Node<'_>) -> bool {
    node.as_str().is_some_and(|text| text == "*" || text.starts_with("arn:"))
}

/// Service control policies have the whole language of identity policies, in statements of either
/// effect; whom they bind is said by what they are attached to.
fn is_service_control(elements: &Elements<'_>) -> bool {
    elements.principal.is_none() && elements.not_principal.is_none()
}

/// Resource control policies deny, and they deny everybody, and name the service that they do it
/// in.
fn is_resource_control(elements: &Elements<'_>) -> bool {
    let names_services = |action: &Node<'_>| action.as_str() != Some("*");
    is(elements.effect, "Deny")
        && is(elements.principal, "*")
        && elements.not_principal.is_none()
        && elements.action.is_some_and(|actions| actions.as_list().iter().all(names_services))
}

/// AWS's own `RCPFullAWSAccess`, which stands wherever resource control policies are in force: the
/// only one that allows.
fn is_full_access(statements: &[Elements<'_>]) -> bool {
    let [only] = statements else { return false };
    is(only.effect, "Allow")
        && is(only.principal, "*")
        && is(only.action, "*")
        && is(only.resource, "*")
        && only.condition.is_none()
}

fn is(element: Option<&Node<'_>>, text: &str) -> bool {
    element.and_then(Node::as_str) == Some(text)
}
