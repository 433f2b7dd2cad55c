//! The people, the values and the policies that cases speak of.

use daypass_ident::{AccountId, Principal};
use daypass_policy::{
    ContextMap, ContextValue, NamedPolicy, Policies, Policy, PolicyKind, PolicySource,
    ResourcePolicy,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// Account 111111111111 has the user `/team/bob`, the role `/svc/deploy` with a session `s1`, and
/// a federated session `fed` that bob asked for; account 222222222222 has a user bob of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Caller {
    Root,
    User,
    Session,
    Federated,
    OtherUser,
    OtherRoot,
    /// `lambda.amazonaws.com`
    Service,
    /// `arn:aws:iam::111111111111:oidc-provider/idp.example.com`
    WebIdentity,
    Anonymous,
}

impl Caller {
    pub(crate) fn with<T>(self, run: impl FnOnce(daypass_policy::Caller<'_>) -> T) -> T {
        use daypass_policy::Caller as View;
        let [here, there] =
            ["111111111111", "222222222222"].map(|id| id.parse::<AccountId>().unwrap());
        let user = |account, id: &str| Principal::User {
            account,
            path: "/team/".into(),
            name: "bob".into(),
            id: id.parse().unwrap(),
        };
        let bob = user(here, "AIDA00000000000000BOB");
        match self {
            Self::Root => run(View::Principal(&Principal::Root { account: here })),
            Self::User => run(View::Principal(&bob)),
            Self::Session => run(View::Principal(&Principal::AssumedRole {
                account: here,
                path: "/svc/".into(),
                role: "deploy".into(),
                id: "AROA0000000000DEPLOY0".parse().unwrap(),
                session: "s1".into(),
            })),
            Self::Federated => {
                let session = Principal::FederatedUser { account: here, name: "fed".into() };
                run(View::FederationToken { session: &session, user: &bob })
            }
            Self::OtherUser => run(View::Principal(&user(there, "AIDA0000000OTHERBOB00"))),
            Self::OtherRoot => run(View::Principal(&Principal::Root { account: there })),
            Self::Service => run(View::Service("lambda.amazonaws.com")),
            Self::WebIdentity => {
                run(View::Federated("arn:aws:iam::111111111111:oidc-provider/idp.example.com"))
            }
            Self::Anonymous => run(View::Anonymous),
        }
    }
}

/// JSON's own types, `{"date": …}` and `{"ip": …}`.
pub(crate) fn context(values: &Value) -> ContextMap {
    let mut context = ContextMap::new();
    for (key, value) in values.as_object().into_iter().flatten() {
        let value: ContextValue<'static> = match value {
            Value::String(text) => text.clone().into(),
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.as_i64().unwrap().into(),
            Value::Array(values) => {
                ContextValue::many(values.iter().map(|value| value.as_str().unwrap().to_owned()))
            }
            Value::Object(typed) => match (typed.get("date"), typed.get("ip")) {
                (Some(date), None) => {
                    date.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().into()
                }
                (None, Some(ip)) => {
                    ip.as_str().unwrap().parse::<std::net::IpAddr>().unwrap().into()
                }
                _ => panic!("a value is a date or an ip: {value}"),
            },
            Value::Null => panic!("null is no value of a condition key"),
        };
        context.insert(key, value);
    }
    context
}

/// A request and all the policies that bear on it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    pub(crate) caller: Caller,
    #[serde(default = "assume_role")]
    pub(crate) action: String,
    #[serde(default = "target_role")]
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) with: Value,
    /// Each is a document, or `allows`, `denies` or `is silent`.
    #[serde(default)]
    pub(crate) identity: Vec<Value>,
    pub(crate) boundary: Option<Value>,
    pub(crate) session: Option<Vec<Value>>,
    /// A trust policy: a document, or its only principal.
    pub(crate) trust: Option<Value>,
    /// The policy of a resource that does not need one, likewise.
    pub(crate) resource_policy: Option<Value>,
    #[serde(default = "here")]
    pub(crate) resource_account: String,
    pub(crate) expect: String,
}

impl Decision {
    pub(crate) fn parse(&self) -> Result<Documents, String> {
        let identity = |value: &Value| parse(PolicyKind::Identity, &identity_document(value));
        let resource = |kind, value: &Option<Value>| {
            value.as_ref().map(|value| parse(kind, &resource_document(kind, value))).transpose()
        };
        let list = |values: &[Value]| values.iter().map(identity).collect::<Result<Vec<_>, _>>();
        Ok(Documents {
            identity: list(&self.identity)?,
            boundary: self.boundary.as_ref().map(identity).transpose()?,
            session: self.session.as_deref().map(list).transpose()?,
            trust: resource(PolicyKind::Trust, &self.trust)?,
            resource: resource(PolicyKind::Resource, &self.resource_policy)?,
            resource_account: self.resource_account.parse().map_err(|_| "account")?,
        })
    }
}

pub(crate) struct Documents {
    pub(crate) identity: Vec<Policy>,
    pub(crate) session: Option<Vec<Policy>>,
    boundary: Option<Policy>,
    trust: Option<Policy>,
    resource: Option<Policy>,
    resource_account: AccountId,
}

impl Documents {
    pub(crate) fn named<'a>(&'a self, policies: &'a [Policy]) -> Vec<NamedPolicy<'a>> {
        policies.iter().map(named).collect()
    }

    pub(crate) fn policies<'a>(
        &'a self,
        identity: &'a [NamedPolicy<'a>],
        session: Option<&'a [NamedPolicy<'a>]>,
    ) -> Policies<'a> {
        let trust = self.trust.as_ref().map(|policy| ResourcePolicy::trust(named(policy)));
        let open = self.resource.as_ref().map(|policy| ResourcePolicy::open(named(policy)));
        Policies {
            identity,
            boundary: self.boundary.as_ref().map(named),
            session,
            resource: trust.or(open),
            resource_account: Some(self.resource_account),
            ..Policies::default()
        }
    }
}

fn named(policy: &Policy) -> NamedPolicy<'_> {
    NamedPolicy { source: PolicySource::SessionInline, policy }
}

fn parse(kind: PolicyKind, document: &Value) -> Result<Policy, String> {
    Policy::parse(kind, &document.to_string()).map_err(|error| format!("{error}: {document}"))
}

fn identity_document(value: &Value) -> Value {
    let (effect, action) = match value.as_str() {
        None => return value.clone(),
        Some("allows") => ("Allow", "*"),
        Some("denies") => ("Deny", "*"),
        Some("is silent") => ("Allow", "other:Thing"),
        Some(other) => panic!("no policy {other}"),
    };
    json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": effect, "Action": action, "Resource": "*"},
    })
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
    json!({"Version": "2012-10-17", "Statement": statement})
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
