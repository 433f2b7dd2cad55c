//! The elements of a policy document, found but not yet judged.

use crate::json::{Member, Node, Value};

/// The top level of a document.
#[derive(Debug, Default)]
pub(crate) struct Document<'d> {
    pub(crate) version: Option<&'d Node<'d>>,
    pub(crate) id: Option<&'d Node<'d>>,
    pub(crate) statement: Option<&'d Node<'d>>,
    /// The first element that the language does not have.
    pub(crate) unknown: Option<&'d str>,
}

impl<'d> Document<'d> {
    /// `None` when the document is not an object.
    pub(crate) fn of(node: &'d Node<'d>) -> Option<Self> {
        let mut document = Self::default();
        for Member { key, value, .. } in node.as_object()? {
            match key.as_ref() {
                "Version" => document.version = Some(value),
                "Id" => document.id = Some(value),
                "Statement" => document.statement = Some(value),
                _ => document.unknown = document.unknown.or(Some(key)),
            }
        }
        Some(document)
    }

    /// The statements, or `None` when one of them is not an object.
    pub(crate) fn statements(&self) -> Option<Vec<Elements<'d>>> {
        let node = self.statement?;
        node.as_list().iter().map(Elements::of).collect()
    }
}

/// The elements of one statement.
#[derive(Debug)]
pub(crate) struct Elements<'d> {
    pub(crate) node: &'d Node<'d>,
    pub(crate) sid: Option<&'d Node<'d>>,
    pub(crate) effect: Option<&'d Node<'d>>,
    pub(crate) principal: Option<&'d Node<'d>>,
    pub(crate) not_principal: Option<&'d Node<'d>>,
    pub(crate) action: Option<&'d Node<'d>>,
    pub(crate) not_action: Option<&'d Node<'d>>,
    pub(crate) resource: Option<&'d Node<'d>>,
    pub(crate) not_resource: Option<&'d Node<'d>>,
    pub(crate) condition: Option<&'d Node<'d>>,
    pub(crate) unknown: Option<&'d str>,
}

impl<'d> Elements<'d> {
    /// `None` when the statement is not an object.
    pub(crate) fn of(node: &'d Node<'d>) -> Option<Self> {
        let mut elements = Self {
            node,
            sid: None,
            effect: None,
            principal: None,
            not_principal: None,
            action: None,
            not_action: None,
            resource: None,
            not_resource: None,
            condition: None,
            unknown: None,
        };
        for Member { key, value, .. } in node.as_object()? {
            let element = match key.as_ref() {
                "Sid" => &mut elements.sid,
                "Effect" => &mut elements.effect,
                "Principal" => &mut elements.principal,
                "NotPrincipal" => &mut elements.not_principal,
                "Action" => &mut elements.action,
                "NotAction" => &mut elements.not_action,
                "Resource" => &mut elements.resource,
                "NotResource" => &mut elements.not_resource,
                "Condition" => &mut elements.condition,
                _ => {
                    elements.unknown = elements.unknown.or(Some(key));
                    continue;
                }
            };
            *element = Some(value);
        }
        Some(elements)
    }

    /// The statement's id; an empty one is none.
    pub(crate) fn sid_text(&self) -> Option<&'d str> {
        self.sid.and_then(Node::as_str).filter(|sid| !sid.is_empty())
    }

    /// The values of `Action` or `NotAction`, and whether it is the latter; `None` without any, and
    /// when both are there.
    pub(crate) fn actions(&self) -> Option<(&'d [Node<'d>], bool)> {
        one_of(self.action, self.not_action)
    }

    /// The values of `Resource` or `NotResource`, likewise.
    pub(crate) fn resources(&self) -> Option<(&'d [Node<'d>], bool)> {
        one_of(self.resource, self.not_resource)
    }
}

/// Whether the value is text or a list of text.
pub(crate) fn is_text_or_list(node: &Node<'_>) -> bool {
    node.as_list().iter().all(|value| value.as_str().is_some())
}

/// A condition's value as text: what is written, quoted or not. `None` for null and for nesting.
pub(crate) fn scalar_text<'d>(node: &'d Node<'_>) -> Option<&'d str> {
    match &node.value {
        Value::String(text) => Some(text),
        Value::Number(text) => Some(text),
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn one_of<'d>(
    plain: Option<&'d Node<'d>>,
    negated: Option<&'d Node<'d>>,
) -> Option<(&'d [Node<'d>], bool)> {
    let (node, is_negated) = match (plain, negated) {
        (Some(node), None) => (node, false),
        (None, Some(node)) => (node, true),
        _ => return None,
    };
    // A `Not…` without values would be everything.
    let values = node.as_list();
    (!values.is_empty()).then_some((values, is_negated))
}
