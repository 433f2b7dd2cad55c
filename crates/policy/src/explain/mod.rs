//! Why a request is decided as it is: every policy, every statement, every comparison.

mod condition;
mod statement;
mod written;

use serde::Serialize;

use crate::decide::{Decision, NamedPolicy, Policies, PolicyType, decide};
use crate::evaluate::Request;

pub use condition::ConditionExplanation;
pub use statement::{ElementExplanation, StatementExplanation};
pub use written::Written;

/// Decides a request and says why: the decision is [`decide`]'s, and beside it stands what every
/// statement of every policy made of the request.
///
/// It reads the documents again and allocates freely: for when somebody asks, not for every
/// request. What would turn the decision, [`shortest_change`](crate::shortest_change) tells.
#[must_use]
pub fn explain<'a>(request: &Request<'_>, policies: &Policies<'a>) -> Explanation<'a> {
    Explanation {
        decision: decide(request, policies),
        policies: policies_in_order(policies)
            .map(|(named, policy_type, level)| {
                PolicyExplanation::new(named, policy_type, level, request)
            })
            .collect(),
    }
}

/// A decision and all that bore on it.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    /// The decision, exactly as [`decide`] makes it.
    pub decision: Decision<'a>,
    /// Every policy that was asked, in the order in which their kinds are asked: resource control,
    /// service control, resource, identity, boundary, session.
    pub policies: Vec<PolicyExplanation<'a>>,
}

/// One policy and what it made of the request.
#[derive(Debug, Clone)]
pub struct PolicyExplanation<'a> {
    /// The policy.
    pub policy: NamedPolicy<'a>,
    /// In which role it was asked.
    pub policy_type: PolicyType,
    /// For the control policies of an organisation the level that it is attached to, from 0, the
    /// root.
    pub level: Option<usize>,
    /// What it says altogether.
    pub verdict: PolicyVerdict,
    /// Its statements, in the document's order.
    pub statements: Vec<StatementExplanation<'a>>,
}

/// What one policy says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyVerdict {
    /// A statement denies.
    Denies,
    /// A statement allows, and none denies.
    Allows,
    /// No statement applies.
    Silent,
}

impl<'a> PolicyExplanation<'a> {
    fn new(
        policy: NamedPolicy<'a>,
        policy_type: PolicyType,
        level: Option<usize>,
        request: &Request<'_>,
    ) -> Self {
        let verdict = policy.policy.evaluate(request);
        Self {
            policy,
            policy_type,
            level,
            verdict: if verdict.denied_by.is_some() {
                PolicyVerdict::Denies
            } else if verdict.allowed_by.is_some() {
                PolicyVerdict::Allows
            } else {
                PolicyVerdict::Silent
            },
            statements: StatementExplanation::all(policy.policy, request),
        }
    }
}

/// All the policies with the role of each, and the level of those that have one.
pub(crate) fn policies_in_order<'a>(
    policies: &Policies<'a>,
) -> impl Iterator<Item = (NamedPolicy<'a>, PolicyType, Option<usize>)> {
    let levels = |levels: &'a [&'a [NamedPolicy<'a>]], policy_type| {
        levels.iter().enumerate().flat_map(move |(level, policies)| {
            policies.iter().map(move |policy| (*policy, policy_type, Some(level)))
        })
    };
    let list = |list: &'a [NamedPolicy<'a>], policy_type| {
        list.iter().map(move |policy| (*policy, policy_type, None))
    };
    let resource = policies.resource.map(|resource| (resource.policy, resource.policy_type, None));
    levels(policies.resource_control, PolicyType::ResourceControl)
        .chain(levels(policies.service_control, PolicyType::ServiceControl))
        .chain(resource)
        .chain(list(policies.identity, PolicyType::Identity))
        .chain(policies.boundary.map(|policy| (policy, PolicyType::Boundary, None)))
        .chain(list(policies.session.unwrap_or_default(), PolicyType::Session))
}

#[cfg(test)]
mod tests;
