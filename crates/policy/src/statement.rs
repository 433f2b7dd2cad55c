//! One statement, made ready to be matched.

use std::ops::Range;

use crate::condition::Condition;
use crate::document::Elements;
use crate::evaluate::Asked;
use crate::json::Node;
use crate::pattern::{ActionPatterns, ArnPatterns};
use crate::principal::{Principals, Reach};
use crate::{PolicyKind, Version};

/// What a statement does to the requests it applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Permits, unless something denies.
    Allow,
    /// Denies, whatever permits.
    Deny,
}

/// One statement of a policy.
#[derive(Debug)]
pub struct Statement {
    sid: Option<Box<str>>,
    effect: Effect,
    span: Range<usize>,
    /// `None` when something in the statement is beyond this crate: then it never allows, and
    /// denies always.
    body: Option<Body>,
}

impl Statement {
    /// The statement's id.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Whether the statement allows or denies.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Where the statement stands in the policy's text, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether this crate understands all of the statement. One that it does not can come only from
    /// AWS's own policies; it never allows, and denies always.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.body.is_some()
    }

    /// How far the statement reaches if it applies to the request: principal, action, resource and
    /// every condition match.
    pub(crate) fn applies(&self, asked: &Asked<'_>) -> Option<Reach> {
        match &self.body {
            Some(body) => body.applies(self.effect, asked),
            None => (self.effect == Effect::Deny).then_some(Reach::PastEverything),
        }
    }

    /// Which elements match the request, each by itself; `None` for a statement that is not
    /// understood.
    pub(crate) fn elements(&self, asked: &Asked<'_>) -> Option<ElementMatches> {
        let body = self.body.as_ref()?;
        Some(ElementMatches {
            principal: body.principals.reach(asked.caller),
            action: body.covers_action(asked),
            resource: body.covers_resource(asked, self.effect),
        })
    }

    /// A statement whose effect is known and whose rest may be beyond us.
    pub(crate) fn new(
        kind: PolicyKind,
        elements: &Elements<'_>,
        effect: Effect,
        version: Version,
    ) -> Self {
        Self {
            sid: elements.sid_text().map(Into::into),
            effect,
            span: elements.node.span.clone(),
            body: Body::new(kind, elements, effect, version),
        }
    }
}

/// How a statement's elements other than its conditions stand to a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementMatches {
    pub(crate) principal: Option<Reach>,
    pub(crate) action: bool,
    pub(crate) resource: bool,
}

#[derive(Debug)]
struct Body {
    principals: Principals,
    actions: ActionPatterns,
    not_action: bool,
    /// `None` in trust policies, whose role is the resource.
    resources: Option<Resources>,
    conditions: Box<[Condition]>,
}

impl Body {
    /// `None` for anything that is not known to mean what it seems to mean. Most of it is refused
    /// before; AWS's own policies are read here first.
    fn new(
        kind: PolicyKind,
        elements: &Elements<'_>,
        effect: Effect,
        version: Version,
    ) -> Option<Self> {
        if elements.unknown.is_some() {
            return None;
        }
        let (actions, not_action) = elements.actions()?;
        let actions: Vec<_> = actions.iter().map(Node::as_str).collect::<Option<_>>()?;
        Some(Self {
            principals: Principals::new(kind, elements, effect)?,
            actions: ActionPatterns::new(actions),
            not_action,
            resources: match (kind, elements.resources()) {
                (PolicyKind::Trust, None) => None,
                (_, Some((nodes, negated))) => Some(Resources::new(nodes, negated, version)?),
                (_, None) => return None,
            },
            conditions: match elements.condition {
                None => Box::default(),
                Some(node) => Condition::all(node, version)?,
            },
        })
    }

    /// What is cheap and seldom matches comes first.
    fn applies(&self, effect: Effect, asked: &Asked<'_>) -> Option<Reach> {
        if !self.covers_action(asked) {
            return None;
        }
        let reach = self.principals.reach(asked.caller)?;
        let applies = self.covers_resource(asked, effect)
            && self.conditions.iter().all(|condition| condition.holds(asked.context));
        applies.then_some(reach)
    }

    fn covers_action(&self, asked: &Asked<'_>) -> bool {
        self.actions.cover(&asked.action) != self.not_action
    }

    fn covers_resource(&self, asked: &Asked<'_>, effect: Effect) -> bool {
        self.resources.as_ref().is_none_or(|resources| resources.cover(asked, effect))
    }
}

#[derive(Debug)]
struct Resources {
    /// `*`, the only pattern that covers actions without a resource, is among the patterns.
    any: bool,
    arns: ArnPatterns,
    /// `NotResource`.
    negated: bool,
}

impl Resources {
    fn new(nodes: &[Node<'_>], negated: bool, version: Version) -> Option<Self> {
        let mut texts: Vec<_> = nodes.iter().map(Node::as_str).collect::<Option<_>>()?;
        texts.retain(|text| *text != "*");
        let any = texts.len() < nodes.len();
        Some(Self { any, arns: ArnPatterns::resources(&texts, version)?, negated })
    }

    fn cover(&self, asked: &Asked<'_>, effect: Effect) -> bool {
        if self.any {
            return !self.negated;
        }
        match self.arns.matches(&asked.resource, asked.context) {
            Some(listed) => listed != self.negated,
            // A variable without a value matches nothing. Its complement would then be everything,
            // which no Allow may mean by accident.
            None => self.negated && effect == Effect::Deny,
        }
    }
}
