use serde::Serialize;

use super::words::Words;
use crate::change::Edit;
use crate::decide::PolicyType;
use crate::evaluate::Request;
use crate::explain::Explanation;

/// One edit of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedEdit {
    /// What to do, as a sentence without its full stop.
    pub text: String,
    /// The kind of edit: `setContext`, `extend`, `addSetOperator`, `add`, `remove` or `detach`.
    pub edit: &'static str,
    /// The type of policy to edit, or whose condition asks for it.
    pub policy_type: PolicyType,
    /// The level of the organisation, from 0, the root, whose control policies to add to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    /// That policy, by its place among the report's; absent for a policy that is to be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<usize>,
    /// The statement to edit, or whose condition asks for it, by its place in the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<usize>,
    /// The element to edit: `Principal`, `Action`, `Resource` or `Condition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<&'static str>,
    /// The value to extend it by; the operator to write for the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The statement to add, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// The condition key to ask with another value of, or to compare with another operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its values; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

impl ReportedEdit {
    pub(super) fn new(edit: &Edit, request: &Request<'_>, explanation: &Explanation<'_>) -> Self {
        let of = |policy: usize, statement: Option<usize>| {
            let told = explanation.policies.get(policy);
            let policy_type = told.map_or(PolicyType::Identity, |told| told.policy_type);
            (policy_type, Some(policy), statement)
        };
        let (kind, (policy_type, policy, statement)) = match edit {
            Edit::SetContext { policy, statement, .. } => {
                ("setContext", of(*policy, Some(*statement)))
            }
            Edit::Extend { policy, statement, .. } => ("extend", of(*policy, Some(*statement))),
            Edit::AddSetOperator { policy, statement, .. } => {
                ("addSetOperator", of(*policy, Some(*statement)))
            }
            Edit::Add { policy_type, .. } => ("add", (*policy_type, None, None)),
            Edit::Remove { policy, statement } => ("remove", of(*policy, Some(*statement))),
            Edit::Detach { policy } => ("detach", of(*policy, None)),
        };
        let bare = Self {
            text: Words { request, explanation }.edit(edit),
            edit: kind,
            policy_type,
            level: None,
            policy,
            statement,
            element: None,
            value: None,
            add: None,
            key: None,
            values: None,
        };
        match edit {
            Edit::SetContext { key, values, .. } => {
                Self { key: Some(key.clone()), values: values.clone(), ..bare }
            }
            Edit::Extend { element, value, .. } => {
                Self { element: Some(element), value: Some(value.clone()), ..bare }
            }
            Edit::AddSetOperator { operator, key, set_operator, .. } => Self {
                element: Some("Condition"),
                key: Some(key.clone()),
                value: Some(format!("{set_operator}:{operator}")),
                ..bare
            },
            Edit::Add { level, statement, .. } => {
                Self { level: *level, add: Some(statement.to_json()), ..bare }
            }
            Edit::Remove { .. } | Edit::Detach { .. } => bare,
        }
    }
}
