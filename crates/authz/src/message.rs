//! What `DecodeAuthorizationMessage` tells of a denial (STS API Reference).

use daypass_ident::{AccountId, IdGen};
use daypass_policy::{
    ConditionExplanation, Effect, ElementExplanation, Explanation, PolicyExplanation, PolicyType,
    StatementExplanation,
};
use daypass_token::{KeyRing, MessagePurpose};
use serde::{Deserialize, Serialize};

mod decoded;

/// A denial in the form that travels, sealed, with its answer. It is for the caller's account: the
/// statements of other accounts' policies are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationMessage {
    pub(crate) explicit_deny: bool,
    /// The statements that deny.
    pub(crate) statements: Vec<Matched>,
    pub(crate) principal_id: String,
    pub(crate) principal_arn: String,
    pub(crate) action: String,
    pub(crate) resource: String,
    /// The condition keys of the request and their values.
    pub(crate) conditions: Vec<(String, Vec<String>)>,
}

/// A statement that applied, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Matched {
    pub(crate) id: String,
    pub(crate) principals: Vec<String>,
    pub(crate) actions: Values,
    pub(crate) resources: Values,
    pub(crate) conditions: Vec<(String, Vec<String>)>,
}

/// The values of an element, and whether it is the `Not…` one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Values {
    pub(crate) negated: bool,
    pub(crate) list: Vec<String>,
}

impl AuthorizationMessage {
    /// Reads a message that was sealed for this account; `None` for everything else.
    #[must_use]
    pub fn open(text: &str, account: AccountId, ring: &KeyRing) -> Option<Self> {
        let opened = ring
            .open_message(MessagePurpose::Denial, text)
            .ok()
            .filter(|opened| opened.account == account)?;
        let (version, encoded) = opened.message.split_first()?;
        let (message, rest) = postcard::take_from_bytes(encoded).ok()?;
        (*version == VERSION && rest.is_empty()).then_some(message)
    }

    /// Seals the message for an account. What does not fit the 10 240 characters that STS reads is
    /// left out: the condition keys first, then the statements. `None` when even the rest does not
    /// fit.
    #[must_use]
    pub fn seal(mut self, account: AccountId, ring: &KeyRing, ids: &dyn IdGen) -> Option<String> {
        self.try_seal(account, ring, ids)
            .or_else(|| {
                self.conditions.clear();
                self.try_seal(account, ring, ids)
            })
            .or_else(|| {
                self.statements.clear();
                self.try_seal(account, ring, ids)
            })
    }

    fn try_seal(&self, account: AccountId, ring: &KeyRing, ids: &dyn IdGen) -> Option<String> {
        let message = postcard::to_extend(self, vec![VERSION]).ok()?;
        ring.seal_message(MessagePurpose::Denial, account, &message, ids).ok()
    }
}

impl Matched {
    /// The statements of an explanation that deny. `holder` is the unique id of whoever holds the
    /// policies that name no principal.
    pub(crate) fn denying(explanation: &Explanation<'_>, holder: &str) -> Vec<Self> {
        let of_policy = |policy: &PolicyExplanation<'_>| {
            let denying = |statement: &&StatementExplanation<'_>| {
                statement.applies.is_some() && statement.statement.effect() == Effect::Deny
            };
            let held = matches!(
                policy.policy_type,
                PolicyType::Identity | PolicyType::Boundary | PolicyType::Session
            );
            let holder = held.then_some(holder);
            let statements = policy.statements.iter().filter(denying);
            statements.map(|statement| Self::new(statement, holder)).collect::<Vec<_>>()
        };
        explanation.policies.iter().flat_map(of_policy).collect()
    }

    fn new(statement: &StatementExplanation<'_>, holder: Option<&str>) -> Self {
        Self {
            id: statement.statement.sid().unwrap_or_default().to_owned(),
            principals: match &statement.principal {
                Some(element) => {
                    element.values.iter().map(|value| without_kind(&value.text)).collect()
                }
                None => holder.map(ToOwned::to_owned).into_iter().collect(),
            },
            actions: Values::of(statement.action.as_ref()),
            resources: Values::of(statement.resource.as_ref()),
            conditions: statement.conditions.iter().map(expected).collect(),
        }
    }
}

impl Values {
    fn of(element: Option<&ElementExplanation<'_>>) -> Self {
        let Some(element) = element else { return Self::default() };
        Self {
            negated: element.name.starts_with("Not"),
            list: element.values.iter().map(|value| value.text.to_string()).collect(),
        }
    }
}

fn expected(condition: &ConditionExplanation<'_>) -> (String, Vec<String>) {
    let values = condition.expected.iter().map(|value| value.text.to_string());
    (condition.key.to_string(), values.collect())
}

/// A principal without the `AWS:` or `Service:` before it.
fn without_kind(principal: &str) -> String {
    principal.split_once(':').map_or(principal, |(_, value)| value).to_owned()
}

/// The form of the sealed bytes. Postcard does not describe itself: any change of
/// [`AuthorizationMessage`] takes another number.
const VERSION: u8 = 1;
