use serde::Serialize;

use super::names::effect_name;
use crate::decide::{PolicySource, PolicyType};
use crate::explain::{
    ConditionExplanation, ElementExplanation, PolicyExplanation, PolicyVerdict,
    StatementExplanation, Written,
};
use crate::position::Position;
use crate::statement::Effect;

/// A policy and what it made of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedPolicy {
    /// In which role it was asked.
    pub policy_type: PolicyType,
    /// Where it comes from.
    pub source: ReportedSource,
    /// For the control policies of an organisation the level that it is attached to, from 0, the
    /// root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    /// What it says altogether.
    pub verdict: PolicyVerdict,
    /// Its statements, in the document's order.
    pub statements: Vec<ReportedStatement>,
}

/// Where a policy comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ReportedSource {
    /// A managed policy, the customer's or AWS's.
    Managed {
        /// The policy's ARN.
        arn: String,
    },
    /// An inline policy of a user.
    UserInline {
        /// The user's name.
        user: String,
        /// The policy's name.
        name: String,
    },
    /// An inline policy of a group.
    GroupInline {
        /// The group's name.
        group: String,
        /// The policy's name.
        name: String,
    },
    /// An inline policy of a role.
    RoleInline {
        /// The role's name.
        role: String,
        /// The policy's name.
        name: String,
    },
    /// The policy text that a session was made with.
    SessionInline,
    /// The policy of a resource, a role's trust policy among them.
    OfResource {
        /// The resource's ARN.
        arn: String,
    },
    /// A control policy of an organisation.
    Control {
        /// The policy's ARN.
        arn: String,
        /// The policy's name.
        name: String,
        /// What it is attached to.
        target: String,
    },
}

/// A statement and what each of its elements made of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedStatement {
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// Where it begins.
    pub start: Position,
    /// Where it ends: past its last character.
    pub end: Position,
    /// Whether it applies: all of its elements match and all of its conditions hold.
    pub applies: bool,
    /// Whether daypass understands all of it. A statement of AWS's own policies that it does not
    /// understand never allows and denies always.
    pub understood: bool,
    /// Whom it speaks of, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<ReportedElement>,
    /// Of which actions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<ReportedElement>,
    /// Of which resources, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ReportedElement>,
    /// Under which conditions.
    pub conditions: Vec<ReportedCondition>,
}

/// An element of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedElement {
    /// Its name as written: `Action` or `NotAction`.
    pub name: &'static str,
    /// Its values; a principal's with its kind before it, such as `AWS:123456789012`.
    pub values: Vec<ReportedValue>,
    /// Whether it matches the request, negation included.
    pub matches: bool,
}

/// A value of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedValue {
    /// As written.
    pub text: String,
    /// With its policy variables replaced; null where one of them had no value.
    pub resolved: Option<String>,
}

/// A condition: what the policy expects and what the request has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportedCondition {
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// The policy's values.
    pub expected: Vec<ReportedValue>,
    /// The request's values; null when it lacks the key.
    pub actual: Option<Vec<String>>,
    /// Whether the condition holds.
    pub holds: bool,
    /// Whether it lacks a set operator that its key needs: the key may have several values, so
    /// that the condition holds for no request that has it. Absent for false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lacks_set_operator: bool,
}

impl ReportedPolicy {
    pub(super) fn new(told: &PolicyExplanation<'_>) -> Self {
        Self {
            policy_type: told.policy_type,
            source: ReportedSource::new(told.policy.source),
            level: told.level,
            verdict: told.verdict,
            statements: told.statements.iter().map(ReportedStatement::new).collect(),
        }
    }
}

impl ReportedSource {
    fn new(source: PolicySource<'_>) -> Self {
        match source {
            PolicySource::Managed { arn } => Self::Managed { arn: arn.into() },
            PolicySource::UserInline { user, name } => {
                Self::UserInline { user: user.into(), name: name.into() }
            }
            PolicySource::GroupInline { group, name } => {
                Self::GroupInline { group: group.into(), name: name.into() }
            }
            PolicySource::RoleInline { role, name } => {
                Self::RoleInline { role: role.into(), name: name.into() }
            }
            PolicySource::SessionInline => Self::SessionInline,
            PolicySource::OfResource { arn } => Self::OfResource { arn: arn.into() },
            PolicySource::Control { arn, name, target } => {
                Self::Control { arn: arn.into(), name: name.into(), target: target.into() }
            }
        }
    }
}

impl ReportedStatement {
    fn new(told: &StatementExplanation<'_>) -> Self {
        let element = |element: &Option<_>| element.as_ref().map(ReportedElement::new);
        Self {
            sid: told.statement.sid().map(str::to_owned),
            effect: effect_name(told.statement.effect()),
            start: told.start,
            end: told.end,
            applies: told.applies.is_some(),
            understood: told.is_understood(),
            principal: element(&told.principal),
            action: element(&told.action),
            resource: element(&told.resource),
            conditions: told.conditions.iter().map(ReportedCondition::new).collect(),
        }
    }

    /// Whether it allows, if it applies.
    #[must_use]
    pub fn is_allow(&self) -> bool {
        self.effect == effect_name(Effect::Allow)
    }
}

impl ReportedElement {
    fn new(told: &ElementExplanation<'_>) -> Self {
        let values = told.values.iter().map(ReportedValue::new).collect();
        Self { name: told.name, values, matches: told.matches }
    }
}

impl ReportedValue {
    fn new(written: &Written<'_>) -> Self {
        Self {
            text: written.text.clone().into_owned(),
            resolved: written.resolved.clone().map(Into::into),
        }
    }
}

impl ReportedCondition {
    fn new(told: &ConditionExplanation<'_>) -> Self {
        Self {
            operator: told.operator.clone().into_owned(),
            key: told.key.clone().into_owned(),
            expected: told.expected.iter().map(ReportedValue::new).collect(),
            actual: told.actual.clone(),
            holds: told.holds,
            lacks_set_operator: told.lacks_set_operator,
        }
    }
}
