//! One policy against one request.

use crate::context::{ConditionContext, ContextMap};
use crate::pattern::{AskedAction, AskedArn};
use crate::policy::Policy;
use crate::principal::{Caller, Reach};
use crate::statement::{Effect, Statement};

/// What is asked: who wants to do what to which resource, under which conditions.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: Caller<'a>,
    /// The action with its service, such as `iam:CreateUser`; case means nothing.
    pub action: &'a str,
    /// The resource's ARN, or `*` for actions that have none.
    pub resource: &'a str,
    /// The condition keys.
    pub context: &'a dyn ConditionContext,
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("caller", &self.caller)
            .field("action", &self.action)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// What one policy says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The first statement that denies, counted from 0.
    pub denied_by: Option<usize>,
    /// The first of the statements that allow with the greatest reach, and that reach.
    pub allowed_by: Option<(usize, Reach)>,
}

/// A request whose names are ready to be matched: made once, for all the policies that bear on it.
pub(crate) struct Asked<'a> {
    pub(crate) caller: Caller<'a>,
    pub(crate) action: AskedAction,
    pub(crate) resource: AskedArn<'a>,
    pub(crate) context: &'a dyn ConditionContext,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(request: &Request<'a>) -> Self {
        Self {
            caller: request.caller,
            action: AskedAction::new(request.action),
            resource: AskedArn::new(request.resource),
            context: request.context,
        }
    }
}

impl Policy {
    /// What the policy says of a request.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Verdict {
        self.judge(&Asked::new(request))
    }

    /// The statements that apply to a request, whatever their effect, with their indices from 0.
    pub fn matching<'p>(
        &'p self,
        request: &Request<'p>,
    ) -> impl Iterator<Item = (usize, &'p Statement)> {
        let asked = Asked::new(request);
        let statements = self.statements().iter().enumerate();
        statements.filter(move |(_, statement)| statement.applies(&asked).is_some())
    }

    /// Whether there is a statement that allows the caller the action, on some resource and if its
    /// conditions hold: what can be said of a request of which nothing else is known yet. Where it
    /// is not so, no such request is allowed by this policy. Statements that deny do not count.
    #[must_use]
    pub fn may_allow(&self, caller: Caller<'_>, action: &str) -> bool {
        let context = ContextMap::new();
        let asked = Asked::new(&Request { caller, action, resource: "*", context: &context });
        self.statements().iter().any(|statement| {
            let matches = statement.elements(&asked);
            statement.effect() == Effect::Allow
                && matches.is_some_and(|matches| matches.principal.is_some() && matches.action)
        })
    }

    pub(crate) fn judge(&self, asked: &Asked<'_>) -> Verdict {
        let mut verdict = Verdict::default();
        for (index, statement) in self.statements().iter().enumerate() {
            let Some(reach) = statement.applies(asked) else { continue };
            match statement.effect() {
                Effect::Deny => {
                    verdict.denied_by = Some(index);
                    break;
                }
                Effect::Allow => {
                    if verdict.allowed_by.is_none_or(|(_, other)| other < reach) {
                        verdict.allowed_by = Some((index, reach));
                    }
                }
            }
        }
        verdict
    }
}
