use serde::Serialize;

use super::{AuthorizationMessage, Matched, Values};

impl AuthorizationMessage {
    /// The JSON text of `DecodedMessage`.
    #[must_use]
    pub fn decoded(&self) -> String {
        let decoded = Decoded {
            allowed: false,
            explicit_deny: self.explicit_deny,
            matched_statements: items(self.statements.iter().map(Statement::new)),
            failures: items([].into_iter()),
            context: Context {
                principal: Principal { id: &self.principal_id, arn: &self.principal_arn },
                action: &self.action,
                resource: &self.resource,
                conditions: conditions(&self.conditions),
            },
        };
        // INVARIANT: text and lists always have a JSON form.
        serde_json::to_string(&decoded).unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Decoded<'a> {
    allowed: bool,
    explicit_deny: bool,
    matched_statements: Items<Statement<'a>>,
    /// Policies that AWS could not evaluate; there are none here.
    failures: Items<Value<'a>>,
    context: Context<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a> {
    statement_id: &'a str,
    effect: &'static str,
    principals: Items<Value<'a>>,
    principal_groups: Items<Value<'a>>,
    actions: Items<Value<'a>>,
    /// `NotAction` has no place in AWS's structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_actions: Option<Items<Value<'a>>>,
    resources: Items<Value<'a>>,
    /// Nor has `NotResource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_resources: Option<Items<Value<'a>>>,
    conditions: Items<Condition<'a>>,
}

#[derive(Serialize)]
struct Context<'a> {
    principal: Principal<'a>,
    action: &'a str,
    resource: &'a str,
    conditions: Items<Condition<'a>>,
}

#[derive(Serialize)]
struct Principal<'a> {
    id: &'a str,
    arn: &'a str,
}

#[derive(Serialize)]
struct Condition<'a> {
    key: &'a str,
    values: Items<Value<'a>>,
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
struct Value<'a> {
    value: &'a str,
}

impl<'a> Statement<'a> {
    fn new(matched: &'a Matched) -> Self {
        let (actions, not_actions) = either(&matched.actions);
        let (resources, not_resources) = either(&matched.resources);
        Self {
            statement_id: &matched.id,
            effect: "DENY",
            principals: values(&matched.principals),
            principal_groups: items([].into_iter()),
            actions,
            not_actions,
            resources,
            not_resources,
            conditions: conditions(&matched.conditions),
        }
    }
}

/// The values in the one place or in the other.
fn either(of: &Values) -> (Items<Value<'_>>, Option<Items<Value<'_>>>) {
    match of.negated {
        false => (values(&of.list), None),
        true => (values(&[]), Some(values(&of.list))),
    }
}

fn conditions(pairs: &[(String, Vec<String>)]) -> Items<Condition<'_>> {
    items(pairs.iter().map(|(key, list)| Condition { key, values: values(list) }))
}

fn values(texts: &[String]) -> Items<Value<'_>> {
    items(texts.iter().map(|value| Value { value }))
}

fn items<T>(items: impl Iterator<Item = T>) -> Items<T> {
    Items { items: items.collect() }
}
