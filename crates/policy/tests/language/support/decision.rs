use daypass_ident::AccountId;
use daypass_policy::{
    Level, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, ResourcePolicy,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Caller;

/// A request and all the policies that bear on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    pub(crate) caller: Caller,
    #[serde(default = "assume_role")]
    pub(crate) action: String,
    #[serde(default = "target_role")]
    pub(crate) resource: String,
    #[serde(default, skip_serializing_if = "is_empty")]
    pub(crate) with: Value,
    /// Level by level from the root of the caller's organisation down to the account. Here and
    /// below a policy is a document, or `allows`, `denies` or `is silent`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) service_control: Vec<Vec<Value>>,
    /// Likewise of the resource's organisation; each says it of everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) resource_control: Vec<Vec<Value>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) identity: Vec<Value>,
    /// AWS's own policies, attached beside those; they may be of 2008, and of any future.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) managed: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) boundary: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<Vec<Value>>,
    /// A trust policy: a document, or its only principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trust: Option<Value>,
    /// The policy of a resource that does not need one, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_policy: Option<Value>,
    #[serde(default = "here")]
    pub(crate) resource_account: String,
    pub(crate) expect: String,
}

impl Decision {
    /// The case with whole documents in place of their short forms.
    pub(crate) fn expanded(mut self) -> Self {
        let identities = [&mut self.identity, &mut self.managed];
        for document in identities
            .into_iter()
            .flatten()
            .chain(self.session.iter_mut().flatten())
            .chain(self.boundary.iter_mut())
            .chain(self.service_control.iter_mut().flatten())
        {
            *document = identity_document(document);
        }
        for document in self.resource_control.iter_mut().flatten() {
            *document = resource_control_document(document);
        }
        if let Some(document) = &mut self.trust {
            *document = resource_document(PolicyKind::Trust, document);
        }
        if let Some(document) = &mut self.resource_policy {
            *document = resource_document(PolicyKind::Resource, document);
        }
        self
    }

    /// The documents of an expanded case, made ready for the crate.
    pub(crate) fn parse(&self) -> Result<Documents, String> {
        let one = |kind, place: &str, document: &Option<Value>| {
            document.as_ref().map(|value| Named::parse(kind, place.to_owned(), value)).transpose()
        };
        let list = |kind, place: &str, documents: &[Value]| {
            let named = documents.iter().enumerate();
            named
                .map(|(at, value)| Named::parse(kind, format!("{place} {at}"), value))
                .collect::<Result<Vec<_>, _>>()
        };
        let levels = |kind, place: &str, levels: &[Vec<Value>]| {
            let named = levels.iter().enumerate();
            named
                .map(|(at, level)| list(kind, &format!("{place} {at}"), level))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut identity = list(PolicyKind::Identity, "identity", &self.identity)?;
        identity.extend(list(PolicyKind::Managed, "managed", &self.managed)?);
        Ok(Documents {
            service_control: levels(
                PolicyKind::ServiceControl,
                "service control",
                &self.service_control,
            )?,
            resource_control: levels(
                PolicyKind::ResourceControl,
                "resource control",
                &self.resource_control,
            )?,
            identity,
            boundary: one(PolicyKind::Identity, "boundary", &self.boundary)?,
            session: match &self.session {
                Some(session) => Some(list(PolicyKind::Session, "session", session)?),
                None => None,
            },
            trust: one(PolicyKind::Trust, "trust", &self.trust)?,
            resource: one(PolicyKind::Resource, "resource", &self.resource_policy)?,
            resource_account: self.resource_account.parse().map_err(|_| "account")?,
        })
    }
}

/// The policies of a case, parsed.
pub(crate) struct Documents {
    service_control: Vec<Vec<Named>>,
    resource_control: Vec<Vec<Named>>,
    identity: Vec<Named>,
    boundary: Option<Named>,
    session: Option<Vec<Named>>,
    trust: Option<Named>,
    resource: Option<Named>,
    resource_account: AccountId,
}

impl Documents {
    pub(crate) fn with<T>(&self, run: impl FnOnce(&Policies<'_>) -> T) -> T {
        let service_control = list_of_lists(&self.service_control);
        let resource_control = list_of_lists(&self.resource_control);
        let session = self.session.as_deref().map(list);
        let trust = self.trust.as_ref().map(|trust| ResourcePolicy::trust(trust.view()));
        let open = self.resource.as_ref().map(|policy| ResourcePolicy::open(policy.view()));
        run(&Policies {
            service_control: &service_control.iter().map(Vec::as_slice).collect::<Vec<Level<'_>>>(),
            resource_control: &resource_control
                .iter()
                .map(Vec::as_slice)
                .collect::<Vec<Level<'_>>>(),
            identity: &list(&self.identity),
            boundary: self.boundary.as_ref().map(Named::view),
            session: session.as_deref(),
            resource: trust.or(open),
            resource_account: Some(self.resource_account),
        })
    }

    /// Every policy with its name, which says its place in the case.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Policy)> {
        let levels = [&self.service_control, &self.resource_control];
        levels
            .into_iter()
            .flatten()
            .flatten()
            .chain(&self.identity)
            .chain(&self.boundary)
            .chain(self.session.iter().flatten())
            .chain(&self.trust)
            .chain(&self.resource)
            .map(|named| (named.name.as_str(), &named.policy))
    }
}

/// A policy by its place in the case.
struct Named {
    name: String,
    policy: Policy,
}

impl Named {
    fn parse(kind: PolicyKind, name: String, document: &Value) -> Result<Self, String> {
        let text = document.to_string();
        // What IAM refuses to save from customers still has a meaning in AWS's own policies.
        let parsed = Policy::parse(kind, &text).or_else(|error| match kind {
            PolicyKind::Identity => Policy::parse(PolicyKind::Managed, &text),
            _ => Err(error),
        });
        match parsed {
            Ok(policy) => Ok(Self { name, policy }),
            Err(error) => Err(format!("{name}: {error}: {document}")),
        }
    }

    fn view(&self) -> NamedPolicy<'_> {
        NamedPolicy { source: PolicySource::Managed { arn: &self.name }, policy: &self.policy }
    }
}

fn list(policies: &[Named]) -> Vec<NamedPolicy<'_>> {
    policies.iter().map(Named::view).collect()
}

fn list_of_lists(levels: &[Vec<Named>]) -> Vec<Vec<NamedPolicy<'_>>> {
    levels.iter().map(|level| list(level)).collect()
}

/// A document that names no principal.
fn identity_document(value: &Value) -> Value {
    match value.as_str().map(short_form) {
        Some((effect, action)) => {
            document(json!({"Effect": effect, "Action": action, "Resource": "*"}))
        }
        None => value.clone(),
    }
}

fn resource_control_document(value: &Value) -> Value {
    match value.as_str().map(short_form) {
        Some((effect, action)) => document(json!({
            "Effect": effect, "Principal": "*", "Action": action, "Resource": "*",
        })),
        None => value.clone(),
    }
}

fn resource_document(kind: PolicyKind, value: &Value) -> Value {
    if value.get("Statement").is_some() {
        return value.clone();
    }
    let effect = if value.get("deny").is_some() { "Deny" } else { "Allow" };
    let principal = value.get("deny").unwrap_or(value);
    let mut statement =
        json!({"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"});
    if kind == PolicyKind::Resource {
        statement["Resource"] = json!("*");
    }
    document(statement)
}

fn short_form(text: &str) -> (&'static str, &'static str) {
    match text {
        "allows" => ("Allow", "*"),
        "denies" => ("Deny", "*"),
        "is silent" => ("Allow", "other:Thing"),
        other => panic!("no policy {other}"),
    }
}

fn document(statement: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statement})
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_none_or(serde_json::Map::is_empty)
}

fn assume_role() -> String {
    "sts:AssumeRole".to_owned()
}

fn target_role() -> String {
    "arn:aws:iam::111111111111:role/target".to_owned()
}

fn here() -> String {
    "111111111111".to_owned()
}
