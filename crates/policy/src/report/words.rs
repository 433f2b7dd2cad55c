//! Edits in words.

use daypass_ident::Principal;

use super::parts::{ReportedPolicy, ReportedStatement};
use crate::change::{Edit, KeySource, NewStatement, key_source};
use crate::decide::{PolicySource, PolicyType};
use crate::evaluate::Request;
use crate::explain::{ConditionExplanation, Explanation};
use crate::principal::Caller;
use crate::statement::Effect;

/// What to do, to which policy of whom, in one explanation.
pub(super) struct Words<'e> {
    pub(super) request: &'e Request<'e>,
    pub(super) explanation: &'e Explanation<'e>,
}

impl Words<'_> {
    /// A sentence without its full stop.
    pub(super) fn edit(&self, edit: &Edit) -> String {
        match edit {
            Edit::SetContext { key, values, policy, statement, condition, holds } => {
                let line = self.explanation.policies.get(*policy);
                let line = line.and_then(|told| told.statements.get(*statement));
                let line = line.and_then(|told| told.conditions.get(*condition));
                let values = values.as_deref();
                let example = line.map(|line| unless_exact(line, values, *holds));
                asking(key, values) + &example.unwrap_or_default()
            }
            Edit::Extend { policy, statement, element, value, instead_of } => {
                let place = self.statement(*policy, *statement);
                match instead_of {
                    Some(old) => {
                        format!("in the {element} of {place}, write {value}: there it is {old}")
                    }
                    None => format!("add {value} to the {element} of {place}"),
                }
            }
            Edit::AddSetOperator { policy, statement, operator, key, set_operator } => {
                let place = self.statement(*policy, *statement);
                format!(
                    "in the Condition of {place}, write {set_operator}:{operator} for {key}: there \
                     it is {operator}"
                )
            }
            Edit::Add { policy_type, level, statement } => {
                self.adding(*policy_type, *level, statement)
            }
            Edit::Remove { policy, statement } => {
                let place = self.statement(*policy, *statement);
                let exempt = match self.explanation.decision.is_allowed() {
                    true => "",
                    false => ", or exempt the request from it",
                };
                format!("remove {place}{exempt}")
            }
            Edit::Detach { policy } => format!("detach the {}", self.policy(*policy)),
        }
    }

    fn policy(&self, index: usize) -> String {
        let Some(told) = self.explanation.policies.get(index) else { return String::new() };
        ReportedPolicy::new(told).name()
    }

    fn statement(&self, policy: usize, statement: usize) -> String {
        let told = self.explanation.policies.get(policy).map(ReportedPolicy::new);
        let told = told.and_then(|policy| policy.statements.into_iter().nth(statement));
        let place = told.map(|told| told.place(statement)).unwrap_or_default();
        format!("{place} of the {}", self.policy(policy))
    }

    fn adding(
        &self,
        policy_type: PolicyType,
        level: Option<usize>,
        statement: &NewStatement,
    ) -> String {
        let json = statement.to_json();
        if policy_type == PolicyType::ResourceControl && statement.effect == Effect::Allow {
            return format!("attach RCPFullAWSAccess to {}", self.level(policy_type, level));
        }
        let mut there = self.explanation.policies.iter();
        let there = there.position(|told| told.policy_type == policy_type);
        let holder = match policy_type {
            PolicyType::Identity => format!("an identity-based policy of {}", self.bearer()),
            PolicyType::Session => "a policy that the session is made with".to_owned(),
            PolicyType::ServiceControl => {
                format!("a service control policy on {}", self.level(policy_type, level))
            }
            PolicyType::Boundary
            | PolicyType::Resource
            | PolicyType::Trust
            | PolicyType::ResourceControl => match there {
                Some(index) => format!("the {}", self.policy(index)),
                None => format!("a {} of {}", policy_type.name(), self.request.resource),
            },
        };
        format!("add to {holder}: {json}")
    }

    /// Whose identity-based policies they are.
    fn bearer(&self) -> String {
        match self.request.caller {
            Caller::FederationToken { user: principal, .. } | Caller::Principal(principal) => {
                match principal {
                    Principal::User { name, .. } => format!("user {name}"),
                    Principal::AssumedRole { role, .. } => format!("role {role}"),
                    Principal::Root { .. }
                    | Principal::FederatedUser { .. }
                    | Principal::WebIdentityUser { .. }
                    | Principal::SamlUser { .. }
                    | Principal::Service { .. } => principal.shown(),
                }
            }
            _ => "the caller".to_owned(),
        }
    }

    /// What a level is: the target of the policies that are attached to it.
    fn level(&self, policy_type: PolicyType, level: Option<usize>) -> String {
        let target = self.explanation.policies.iter().find_map(|told| {
            match (told.policy.source, told.policy_type == policy_type && told.level == level) {
                (PolicySource::Control { target, .. }, true) => Some(target),
                _ => None,
            }
        });
        let level = level.unwrap_or_default();
        match target {
            Some(target) => format!("{target} (level {level})"),
            None => format!("level {level}, counted from the root as 0"),
        }
    }
}

impl ReportedStatement {
    /// `statement 2 (OwnKeys, at 4:5)`; people count from 1.
    pub(super) fn place(&self, index: usize) -> String {
        let sid = self.sid.as_ref().map(|sid| format!("{sid}, ")).unwrap_or_default();
        format!("statement {} ({sid}at {})", index + 1, self.start)
    }
}

impl ReportedPolicy {
    /// `identity-based policy "keys" of user bob`
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.policy_type.name(), self.source.name())
    }
}

fn asking(key: &str, values: Option<&[String]>) -> String {
    let source = key_source(key);
    let Some(values) = values else {
        return match source {
            KeySource::CallerTag => format!("take the tag {} from the caller", tag(key)),
            KeySource::ResourceTag => format!("take the tag {} from the resource", tag(key)),
            _ => format!("ask without {key}"),
        };
    };
    let values = values.join(", ");
    match source {
        KeySource::Mfa if values == "true" => format!("ask with MFA ({key} = true)"),
        KeySource::CallerTag => format!("tag the caller with {} = {values}", tag(key)),
        KeySource::ResourceTag => format!("tag the resource with {} = {values}", tag(key)),
        KeySource::Time => format!("ask when {key} is {values}"),
        _ => format!("ask with {key} = {values}"),
    }
}

fn tag(key: &str) -> &str {
    key.split_once('/').map_or(key, |(_, tag)| tag)
}

/// Where the values are not what the policy writes, they are only an example.
fn unless_exact(line: &ConditionExplanation<'_>, values: Option<&[String]>, holds: bool) -> String {
    let exact = |value: &String| {
        line.expected
            .iter()
            .any(|expected| expected.resolved.as_ref().is_some_and(|it| it == value))
    };
    if values.is_none_or(|values| values.iter().all(exact)) {
        return String::new();
    }
    let expected: Vec<_> = line.expected.iter().map(|value| &*value.text).collect();
    let does = if holds { "holds" } else { "does not hold" };
    format!(", or whatever else {} {} {does} for", line.operator, expected.join(", "))
}
