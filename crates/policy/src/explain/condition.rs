use std::borrow::Cow;

use daypass_ident::fold_case;

use super::written::{Written, scalar};
use crate::Version;
use crate::condition::{Condition, Family, Operator, Set};
use crate::context::ConditionContext;
use crate::json::{Member, Node, Value};

/// One operator applied to one key: what the policy expects, and what the request has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionExplanation<'a> {
    /// The operator as written.
    pub operator: Cow<'a, str>,
    /// The key as written.
    pub key: Cow<'a, str>,
    /// The values that the policy gives.
    pub expected: Vec<Written<'a>>,
    /// The values that the request has; `None` when it lacks the key.
    pub actual: Option<Vec<String>>,
    /// Whether the condition holds.
    pub holds: bool,
    /// Whether it lacks a set operator that its key needs: the key may have several values, so
    /// that the condition holds for no request that has it.
    pub lacks_set_operator: bool,
}

impl<'a> ConditionExplanation<'a> {
    /// Every line of a condition block, in the document's order; those that are not understood
    /// hold for nobody.
    pub(super) fn all(
        block: &Node<'a>,
        version: Version,
        context: &dyn ConditionContext,
    ) -> Vec<Self> {
        let lines = |operator: &Member<'a>| {
            let keys = operator.value.as_object().unwrap_or_default();
            keys.iter().map(|key| Self::new(operator, key, version, context)).collect::<Vec<_>>()
        };
        block.as_object().unwrap_or_default().iter().flat_map(lines).collect()
    }

    fn new(
        operator: &Member<'a>,
        key: &Member<'a>,
        version: Version,
        context: &dyn ConditionContext,
    ) -> Self {
        let parsed = Operator::parse(&operator.key);
        let open = parsed
            .is_some_and(|operator| matches!(operator.family, Family::String(_) | Family::Arn));
        let bare = parsed
            .is_some_and(|operator| operator.set == Set::None && operator.family != Family::Null);
        let name = fold_case(&key.key);
        let written = |node: &Node<'a>| {
            let text = scalar(node)?;
            Some(if open { Written::open(text, version, context) } else { Written::plain(text) })
        };
        let actual = context.get(&name).map(|value| {
            value.scalars().map(|value| value.text().into_owned()).collect::<Vec<_>>()
        });
        Self {
            operator: operator.key.clone(),
            key: key.key.clone(),
            expected: key.value.as_list().iter().filter_map(written).collect(),
            actual,
            holds: holds(operator, key, version, context),
            lacks_set_operator: bare && context.is_multivalued(&name),
        }
    }
}

/// Judges one line alone, by the same code that judges the block.
fn holds(
    operator: &Member<'_>,
    key: &Member<'_>,
    version: Version,
    context: &dyn ConditionContext,
) -> bool {
    let node = |value| Node { value, span: operator.value.span.clone() };
    let line = node(Value::Object(vec![key.clone()]));
    let block = node(Value::Object(vec![Member { value: line, ..operator.clone() }]));
    Condition::all(&block, version)
        .is_some_and(|lines| lines.iter().all(|line| line.holds(context)))
}
