//! Copies of documents with one edit.

use std::ops::Range;

use crate::PolicyKind;
use crate::json::{self, Node};
use crate::policy::Policy;

/// A document that holds this statement alone.
pub(super) fn alone(kind: PolicyKind, statement: &str) -> Option<Policy> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    Policy::parse(kind, &text).ok()
}

/// With one statement more, the last.
pub(super) fn with(policy: &Policy, statement: &str) -> Option<Policy> {
    let root = json::parse(policy.text()).ok()?;
    let statements = root.member("Statement")?;
    replace(policy, &statements.span, &list_with(policy, statements, statement)?)
}

/// With one value more in an element of a statement.
pub(super) fn extended(
    policy: &Policy,
    statement: usize,
    element: &str,
    value: &str,
) -> Option<Policy> {
    let root = json::parse(policy.text()).ok()?;
    let mut node = root.member("Statement")?.as_list().get(statement)?.member(element)?;
    if element == "Principal" {
        node = node.member("AWS")?;
    }
    let mut quoted = String::new();
    json::write_string(value, &mut quoted);
    replace(policy, &node.span, &list_with(policy, node, &quoted)?)
}

/// With a statement in place of this one that never applies, so that the others keep their places.
pub(super) fn without(policy: &Policy, statement: usize) -> Option<Policy> {
    let root = json::parse(policy.text()).ok()?;
    let node = root.member("Statement")?.as_list().get(statement)?;
    replace(policy, &node.span, inert(policy.kind()))
}

fn replace(policy: &Policy, span: &Range<usize>, by: &str) -> Option<Policy> {
    let mut text = policy.text().to_owned();
    // INVARIANT: spans are of this text.
    text.get(span.clone())?;
    text.replace_range(span.clone(), by);
    Policy::parse(policy.kind(), &text).ok()
}

fn list_with(policy: &Policy, node: &Node<'_>, item: &str) -> Option<String> {
    let mut list = String::from("[");
    for old in node.as_list() {
        list.push_str(policy.text().get(old.span.clone())?);
        list.push(',');
    }
    list.push_str(item);
    list.push(']');
    Some(list)
}

fn inert(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity
        | PolicyKind::Managed
        | PolicyKind::Session
        | PolicyKind::ServiceControl => {
            r#"{"Effect":"Deny","Action":"none:None","Resource":"*","Condition":{"StringEquals":{"none":[]}}}"#
        }
        PolicyKind::Trust => {
            r#"{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:None","Condition":{"StringEquals":{"none":[]}}}"#
        }
        PolicyKind::Resource | PolicyKind::ResourceControl => {
            r#"{"Effect":"Deny","Principal":"*","Action":"none:None","Resource":"*","Condition":{"StringEquals":{"none":[]}}}"#
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_applies_can_be_saved() {
        for kind in [
            PolicyKind::Identity,
            PolicyKind::Managed,
            PolicyKind::Trust,
            PolicyKind::Session,
            PolicyKind::Resource,
            PolicyKind::ServiceControl,
            PolicyKind::ResourceControl,
        ] {
            let text = format!(r#"{{"Version":"2012-10-17","Statement":{}}}"#, inert(kind));
            assert!(
                Policy::parse(kind, &text).is_ok(),
                "{kind:?} {:?}",
                Policy::parse(kind, &text)
            );
        }
    }
}
