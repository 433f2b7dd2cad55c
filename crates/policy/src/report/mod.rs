//! An explanation to keep, to send and to read: owned, as JSON, as text.

mod edit;
mod names;
mod parts;
mod text;
mod words;

use serde::{Deserialize, Serialize};

use crate::change::shortest_change;
use crate::decide::{Decision, Policies, PolicyType, StatementRef};
use crate::evaluate::Request;
use crate::explain::{Explanation, explain};
use crate::principal::Caller;
use crate::statement::Effect;

pub use edit::ReportedEdit;
pub use parts::{
    ReportedCondition, ReportedElement, ReportedPolicy, ReportedSource, ReportedStatement,
    ReportedValue,
};

/// A decision with all its reasons. As JSON its names are in camel case and stay what they are;
/// as text ([`Display`](std::fmt::Display)) it is for people and may change.
///
/// Everywhere policies and statements are counted from 0, lines and columns from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The decision, in the words of AWS's policy simulator.
    pub decision: Outcome,
    /// Who asked: an ARN, a service, an identity provider, or `anonymous`.
    pub principal: String,
    /// What they asked to do.
    pub action: String,
    /// To which resource; `*` for none.
    pub resource: String,
    /// What decided. `None` when the request is allowed and no statement was needed, as for root.
    pub decided_by: Option<DecidedBy>,
    /// Every policy that was asked, in the order in which their kinds are asked.
    pub policies: Vec<ReportedPolicy>,
    /// The shortest change known that would turn the decision: what to do so that a denied request
    /// is allowed, or an allowed one denied. All of the edits are needed. Empty when none is known.
    pub change: Vec<ReportedEdit>,
}

/// A decision in one word (IAM API, `EvaluationResult`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Allowed.
    Allowed,
    /// Denied by a statement.
    ExplicitDeny,
    /// Denied because nothing allows.
    ImplicitDeny,
}

/// What decided a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecidedBy {
    /// The type of policy that allows, denies, or fails to allow.
    pub policy_type: PolicyType,
    /// The policy, by its place in [`Report::policies`]; `None` when none of the type allows.
    pub policy: Option<usize>,
    /// The statement, by its place in the policy.
    pub statement: Option<usize>,
}

impl Report {
    /// Decides a request and reports why.
    #[must_use]
    pub fn new(request: &Request<'_>, policies: &Policies<'_>) -> Self {
        let explanation = explain(request, policies);
        let change = shortest_change(request, policies);
        let edits = change.iter().flat_map(|change| &change.edits);
        Self {
            decision: Outcome::of(&explanation.decision),
            principal: match request.caller {
                Caller::Principal(principal)
                | Caller::FederationToken { session: principal, .. } => principal.arn().to_string(),
                Caller::Service(name) | Caller::Federated(name) => name.to_owned(),
                Caller::Anonymous => "anonymous".to_owned(),
            },
            action: request.action.to_owned(),
            resource: request.resource.to_owned(),
            decided_by: DecidedBy::of(&explanation),
            change: edits.map(|edit| ReportedEdit::new(edit, request, &explanation)).collect(),
            policies: explanation.policies.iter().map(ReportedPolicy::new).collect(),
        }
    }

    /// The statement that decided, and its policy.
    #[must_use]
    pub fn deciding_statement(&self) -> Option<(&ReportedPolicy, &ReportedStatement)> {
        let by = self.decided_by?;
        let policy = self.policies.get(by.policy?)?;
        Some((policy, policy.statements.get(by.statement?)?))
    }
}

impl Outcome {
    /// The word for a decision.
    #[must_use]
    pub fn of(decision: &Decision<'_>) -> Self {
        match decision {
            Decision::Allowed { .. } => Self::Allowed,
            Decision::Denied(denial) if denial.explicit.is_some() => Self::ExplicitDeny,
            Decision::Denied(_) => Self::ImplicitDeny,
        }
    }

    /// `allowed`, `explicitDeny` or `implicitDeny`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
        }
    }
}

impl DecidedBy {
    fn of(explanation: &Explanation<'_>) -> Option<Self> {
        match explanation.decision {
            Decision::Allowed { by } => Self::find(explanation, by?, |_| true, Effect::Allow),
            Decision::Denied(denial) => {
                let lacking = Self { policy_type: denial.by, policy: None, statement: None };
                let Some(by) = denial.explicit else { return Some(lacking) };
                let of_type = |policy_type| policy_type == denial.by;
                Some(Self::find(explanation, by, of_type, Effect::Deny).unwrap_or(lacking))
            }
        }
    }

    /// The same policy may be asked in several roles; it is the one that says so.
    fn find(
        explanation: &Explanation<'_>,
        by: StatementRef<'_>,
        of_type: impl Fn(PolicyType) -> bool,
        effect: Effect,
    ) -> Option<Self> {
        let mut policies = explanation.policies.iter().enumerate();
        policies.find_map(|(index, told)| {
            let statement = told.statements.get(by.index)?;
            let says = told.policy.source == by.source
                && of_type(told.policy_type)
                && grants(told.policy_type, effect)
                && statement.applies.is_some()
                && statement.statement.effect() == effect;
            says.then_some(Self {
                policy_type: told.policy_type,
                policy: Some(index),
                statement: Some(by.index),
            })
        })
    }
}

/// Policies that only limit are never what allows.
fn grants(policy_type: PolicyType, effect: Effect) -> bool {
    effect == Effect::Deny
        || matches!(policy_type, PolicyType::Identity | PolicyType::Resource | PolicyType::Trust)
}

#[cfg(test)]
mod tests;
