use super::condition::ConditionExplanation;
use super::written::{Written, scalar};
use crate::Version;
use crate::evaluate::{Asked, Request};
use crate::json::{self, Member, Node};
use crate::policy::Policy;
use crate::position::Position;
use crate::principal::Reach;
use crate::statement::{ElementMatches, Statement};

/// One statement and what each of its elements made of the request.
#[derive(Debug, Clone)]
pub struct StatementExplanation<'a> {
    /// Its place in the document, from 0.
    pub index: usize,
    /// The statement.
    pub statement: &'a Statement,
    /// Where it begins.
    pub start: Position,
    /// Where it ends: past its last character.
    pub end: Position,
    /// How far it reaches, if it applies: every element matches and every condition holds. A
    /// statement of AWS's own policies that this crate does not understand never allows, and
    /// denies always; its elements are not judged.
    pub applies: Option<Reach>,
    /// `Principal` or `NotPrincipal`; `None` in policies that name nobody.
    pub principal: Option<ElementExplanation<'a>>,
    /// `Action` or `NotAction`.
    pub action: Option<ElementExplanation<'a>>,
    /// `Resource` or `NotResource`; `None` in trust policies, whose role is the resource.
    pub resource: Option<ElementExplanation<'a>>,
    /// The lines of the condition block, in the document's order.
    pub conditions: Vec<ConditionExplanation<'a>>,
}

/// An element of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementExplanation<'a> {
    /// Its name: `Action`, or `NotAction`.
    pub name: &'static str,
    /// Its values; for principals, each with its kind before it, such as `AWS:*`, but for a bare
    /// `*`.
    pub values: Vec<Written<'a>>,
    /// Whether it matches the request, negation included.
    pub matches: bool,
}

impl<'a> StatementExplanation<'a> {
    /// The statements of a policy, in the document's order.
    pub(crate) fn all(policy: &'a Policy, request: &Request<'_>) -> Vec<Self> {
        // INVARIANT: the text was parsed once already, into just these statements.
        let Ok(root) = json::parse(policy.text()) else { return Vec::new() };
        let nodes = root.member("Statement").map(Node::as_list).unwrap_or_default();
        let statements = policy.statements().iter().zip(nodes).enumerate();
        statements
            .map(|(index, (statement, node))| Self::new(policy, index, statement, node, request))
            .collect()
    }

    /// One statement of a policy.
    pub(crate) fn of(policy: &'a Policy, index: usize, request: &Request<'_>) -> Option<Self> {
        let root = json::parse(policy.text()).ok()?;
        let node = root.member("Statement")?.as_list().get(index)?;
        Some(Self::new(policy, index, policy.statements().get(index)?, node, request))
    }

    fn new(
        policy: &'a Policy,
        index: usize,
        statement: &'a Statement,
        node: &Node<'a>,
        request: &Request<'_>,
    ) -> Self {
        let asked = Asked::new(request);
        let judged = statement.elements(&asked);
        let element = |names: [&'static str; 2], version, matches: fn(ElementMatches) -> bool| {
            let (name, value) =
                names.into_iter().find_map(|name| Some((name, node.member(name)?)))?;
            let texts = value.as_list().iter().filter_map(scalar);
            Some(ElementExplanation {
                name,
                values: texts.map(|text| Written::open(text, version, request.context)).collect(),
                matches: judged.is_some_and(matches),
            })
        };
        let (span, version) = (statement.span(), policy.version());
        Self {
            index,
            statement,
            start: policy.position(span.start),
            end: policy.position(span.end),
            applies: statement.applies(&asked),
            principal: ["Principal", "NotPrincipal"].into_iter().find_map(|name| {
                Some(ElementExplanation {
                    name,
                    values: principals(node.member(name)?),
                    matches: judged.is_some_and(|judged| judged.principal.is_some()),
                })
            }),
            // Without variables, whatever the document's version.
            action: element(["Action", "NotAction"], Version::V2008, |judged| judged.action),
            resource: element(["Resource", "NotResource"], version, |judged| judged.resource),
            conditions: node
                .member("Condition")
                .map(|block| ConditionExplanation::all(block, version, request.context))
                .unwrap_or_default(),
        }
    }

    /// Whether this crate understands all of the statement; see [`Statement::is_understood`].
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.statement.is_understood()
    }
}

/// The principals of every kind, each with its kind before it.
fn principals<'a>(node: &Node<'a>) -> Vec<Written<'a>> {
    let Some(kinds) = node.as_object() else {
        return scalar(node).map(Written::plain).into_iter().collect();
    };
    let of_kind = |Member { key, value, .. }: &Member<'a>| {
        let texts = value.as_list().iter().filter_map(scalar);
        texts.map(|text| Written::plain(format!("{key}:{text}").into())).collect::<Vec<_>>()
    };
    kinds.iter().flat_map(of_kind).collect()
}
