//! Edits in words.

use daypass_ident::Principal;
use serde::Serialize;

use super::parts::{ReportedPolicy, ReportedStatement};
use crate::change::{Edit, KeySource, NewStatement, key_source};
use crate::decide::PolicyType;
use crate::evaluate::Request;
use crate::explain::{ConditionExplanation, Explanation};
use crate::statement::Effect;

/// One edit of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedEdit {
    /// What to do, as a sentence without its full stop.
    pub text: String,
    /// The type of policy to edit, or whose condition asks for it.
    pub policy_type: PolicyType,
    /// That policy, by its place among the report's; absent for a policy that is to be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<usize>,
    /// The statement to edit, or whose condition asks for it, by its place in the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<usize>,
    /// The statement to add, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// The condition key to ask with another value of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its values; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

impl ReportedEdit {
    pub(super) fn new(edit: &Edit, request: &Request<'_>, explanation: &Explanation<'_>) -> Self {
        let names = Names { request, explanation };
        let type_of = |policy: &usize| {
            explanation.policies.get(*policy).map_or(PolicyType::Identity, |told| told.policy_type)
        };
        let mut reported = Self {
            text: String::new(),
            policy_type: PolicyType::Identity,
            policy: None,
            statement: None,
            add: None,
            key: None,
            values: None,
        };
        match edit {
            Edit::SetContext { key, values, policy, statement, condition, holds } => {
                let line = explanation.policies.get(*policy);
                let line = line.and_then(|told| told.statements.get(*statement));
                let line = line.and_then(|told| told.conditions.get(*condition));
                reported.text = asking(key, values.as_deref());
                if let Some(line) = line {
                    reported.text.push_str(&unless_exact(line, values.as_deref(), *holds));
                }
                (reported.policy, reported.statement) = (Some(*policy), Some(*statement));
                (reported.key, reported.values) = (Some(key.clone()), values.clone());
            }
            Edit::Extend { policy, statement, element, value, instead_of } => {
                let place = names.statement(*policy, *statement);
                reported.text = match instead_of {
                    Some(old) => {
                        format!("in the {element} of {place}, write {value}: there it is {old}")
                    }
                    None => format!("add {value} to the {element} of {place}"),
                };
                (reported.policy, reported.statement) = (Some(*policy), Some(*statement));
            }
            Edit::Add { policy_type, level, statement } => {
                reported.text = names.adding(*policy_type, *level, statement);
                reported.policy_type = *policy_type;
                reported.add = Some(statement.to_json());
            }
            Edit::Remove { policy, statement } => {
                let place = names.statement(*policy, *statement);
                reported.text = if explanation.decision.is_allowed() {
                    format!("remove {place}")
                } else {
                    format!("remove {place}, or exempt the request from it")
                };
                (reported.policy, reported.statement) = (Some(*policy), Some(*statement));
            }
            Edit::Detach { policy } => {
                reported.text = format!("detach the {}", names.policy(*policy));
                reported.policy = Some(*policy);
            }
        }
        if let Some(policy) = &reported.policy {
            reported.policy_type = type_of(policy);
        }
        reported
    }
}

/// What policies and their bearers are called in one explanation.
struct Names<'e> {
    request: &'e Request<'e>,
    explanation: &'e Explanation<'e>,
}

impl Names<'_> {
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
            crate::Caller::FederationToken { user: principal, .. }
            | crate::Caller::Principal(principal) => match principal {
                Principal::User { name, .. } => format!("user {name}"),
                Principal::AssumedRole { role, .. } => format!("role {role}"),
                Principal::Root { .. } | Principal::FederatedUser { .. } => {
                    principal.arn().to_string()
                }
            },
            _ => "the caller".to_owned(),
        }
    }

    /// What a level is: the target of the policies that are attached to it.
    fn level(&self, policy_type: PolicyType, level: Option<usize>) -> String {
        let target = self.explanation.policies.iter().find_map(|told| {
            match (told.policy.source, told.policy_type == policy_type && told.level == level) {
                (crate::PolicySource::Control { target, .. }, true) => Some(target),
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
