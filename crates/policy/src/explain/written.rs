use std::borrow::Cow;

use crate::Version;
use crate::context::ConditionContext;
use crate::json::{Node, Value};
use crate::pattern::ExactText;

/// A value of a policy as its author wrote it, and what it stood for in this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<'a> {
    /// As written.
    pub text: Cow<'a, str>,
    /// With its policy variables replaced; the text itself where it has none, and `None` where one
    /// of them has no value in this request.
    pub resolved: Option<Cow<'a, str>>,
}

impl<'a> Written<'a> {
    /// A value in which variables mean nothing.
    pub(super) fn plain(text: Cow<'a, str>) -> Self {
        Self { resolved: Some(text.clone()), text }
    }

    /// A value in which variables may stand.
    pub(super) fn open(
        text: Cow<'a, str>,
        version: Version,
        context: &dyn ConditionContext,
    ) -> Self {
        let resolved = ExactText::new(&text, version).resolve(context).map(Cow::into_owned);
        let resolved = match resolved {
            Some(resolved) if resolved == text => Some(text.clone()),
            other => other.map(Cow::Owned),
        };
        Self { text, resolved }
    }

    /// Whether variables were replaced, or could not be.
    #[must_use]
    pub fn has_variables(&self) -> bool {
        self.resolved.as_ref() != Some(&self.text)
    }
}

/// The text of a scalar value, quoted or not.
pub(super) fn scalar<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(text) => Some(Cow::Borrowed(text)),
        Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
