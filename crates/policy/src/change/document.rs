//! Copies of documents with one edit.

use std::ops::Range;

use daypass_ident::eq_ignore_case;

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

/// With a set operator before the operator of one key; its other keys keep theirs. `None` also when
/// the condition compares the key with that set operator already.
pub(super) fn with_set_operator(
    policy: &Policy,
    statement: usize,
    operator: &str,
    key: &str,
    set_operator: &str,
) -> Option<Policy> {
    let root = json::parse(policy.text()).ok()?;
    let block = root.member("Statement")?.as_list().get(statement)?.member("Condition")?;
    let text_of = |node: &Node<'_>| policy.text().get(node.span.clone()).map(str::to_owned);
    let new_operator = format!("{set_operator}:{operator}");
    let moved = (key.to_owned(), text_of(block.member(operator)?.member(key)?)?);
    let mut lines: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for member in block.as_object()? {
        let mut keys = Vec::new();
        for other in member.value.as_object()? {
            if !(member.key == operator && other.key == key) {
                keys.push((other.key.clone().into_owned(), text_of(&other.value)?));
            }
        }
        lines.push((member.key.clone().into_owned(), keys));
    }
    match lines.iter_mut().find(|(name, _)| *name == new_operator) {
        Some((_, keys)) if keys.iter().any(|(name, _)| eq_ignore_case(name, key)) => return None,
        Some((_, keys)) => keys.push(moved),
        None => lines.push((new_operator, vec![moved])),
    }
    lines.retain(|(_, keys)| !keys.is_empty());
    let object = |members: Vec<(String, String)>| {
        let mut text = String::from("{");
        for (name, value) in members {
            if text.len() > 1 {
                text.push(',');
            }
            json::write_string(&name, &mut text);
            text.push(':');
            text.push_str(&value);
        }
        text + "}"
    };
    let lines = lines.into_iter().map(|(name, keys)| (name, object(keys))).collect();
    replace(policy, &block.span, &object(lines))
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
        | PolicyKind::Inline
        | PolicyKind::Managed
        | PolicyKind::Session
        | PolicyKind::ServiceControl => {
            r#"{"Effect":"Deny","Action":"none:None","Resource":"*","Condition":{"StringEquals":{"none":[]}}}"#
        }
        PolicyKind::Trust => {
            r#"{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"none":[]}}}"#
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
            PolicyKind::Inline,
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
