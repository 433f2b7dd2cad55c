use std::ops::Range;

use crate::json::{Member, Node};
use crate::statement::Effect;

/// A statement of any form, as long as it is an object.
pub(super) struct Statement<'d> {
    /// Which one it is, counted from one.
    pub(super) number: usize,
    span: Range<usize>,
    members: &'d [Member<'d>],
}

/// The values of an element or of its negation.
#[derive(Clone, Copy)]
pub(super) struct Values<'d> {
    pub(super) member: &'d Member<'d>,
    /// `Not…`.
    pub(super) negated: bool,
}

impl<'d> Statement<'d> {
    pub(super) fn of(number: usize, node: &'d Node<'d>) -> Option<Self> {
        Some(Self { number, span: node.span.clone(), members: node.as_object()? })
    }

    pub(super) fn members(&self) -> &'d [Member<'d>] {
        self.members
    }

    pub(super) fn get(&self, element: &str) -> Option<&'d Member<'d>> {
        self.members.iter().find(|member| member.key == element)
    }

    pub(super) fn effect(&self) -> Option<Effect> {
        match self.get("Effect")?.value.as_str()? {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            _ => None,
        }
    }

    pub(super) fn allows(&self) -> bool {
        self.effect() == Some(Effect::Allow)
    }

    pub(super) fn actions(&self) -> Option<Values<'d>> {
        self.one_of("Action", "NotAction")
    }

    pub(super) fn resources(&self) -> Option<Values<'d>> {
        self.one_of("Resource", "NotResource")
    }

    pub(super) fn principals(&self) -> Option<Values<'d>> {
        self.one_of("Principal", "NotPrincipal")
    }

    /// The operators of the condition block.
    pub(super) fn operators(&self) -> &'d [Member<'d>] {
        let block = self.get("Condition").and_then(|member| member.value.as_object());
        block.unwrap_or_default()
    }

    /// The keys that the conditions ask for, under any operator but `Null`.
    pub(super) fn compared_keys(&self) -> impl Iterator<Item = &'d Member<'d>> {
        let comparing = self.operators().iter().filter(|operator| {
            let name = operator.key.rsplit(':').next().unwrap_or_default();
            !name.eq_ignore_ascii_case("Null")
        });
        comparing.flat_map(|operator| operator.value.as_object().unwrap_or_default())
    }

    /// Where to point for what concerns the whole: the `Sid`, the effect, or the first brace.
    pub(super) fn head(&self) -> Range<usize> {
        let named = ["Sid", "Effect"].into_iter().find_map(|element| self.get(element));
        match named {
            Some(member) => member.value.span.clone(),
            None => self.span.start..self.span.start + 1,
        }
    }

    /// How to speak of it in another's finding.
    pub(super) fn title(&self) -> String {
        match self.get("Sid").and_then(|sid| sid.value.as_str()).filter(|sid| !sid.is_empty()) {
            Some(sid) => format!("statement {} ({sid})", self.number),
            None => format!("statement {}", self.number),
        }
    }

    fn one_of(&self, plain: &str, negated: &str) -> Option<Values<'d>> {
        match (self.get(plain), self.get(negated)) {
            (Some(member), None) => Some(Values { member, negated: false }),
            (None, Some(member)) => Some(Values { member, negated: true }),
            _ => None,
        }
    }
}

impl<'d> Values<'d> {
    /// The values that are text, and where they stand.
    pub(super) fn texts(self) -> impl Iterator<Item = (&'d str, &'d Range<usize>)> {
        let nodes = self.member.value.as_list().iter();
        nodes.filter_map(|node| Some((node.as_str()?, &node.span)))
    }
}
