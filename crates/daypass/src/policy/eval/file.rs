//! The form of the file.

use std::collections::BTreeMap;
use std::fmt;

use daypass_ident::AccountId;
use daypass_policy::ContextValue;
use serde::de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::principal::Asker;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) principal: Option<Asker>,
    #[serde(default)]
    pub(super) identity: Vec<PolicyEntry>,
    pub(super) boundary: Option<PolicyEntry>,
    pub(super) session: Option<Vec<PolicyEntry>>,
    pub(super) trust: Option<PolicyEntry>,
    pub(super) resource_policy: Option<PolicyEntry>,
    pub(super) resource_account: Option<AccountId>,
    #[serde(default)]
    pub(super) service_control: Vec<Vec<PolicyEntry>>,
    #[serde(default)]
    pub(super) resource_control: Vec<Vec<PolicyEntry>>,
    #[serde(default)]
    pub(super) context: Context,
    pub(super) requests: Vec<Request>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) name: Option<String>,
    pub(super) principal: Option<Asker>,
    pub(super) action: String,
    #[serde(default = "no_resource")]
    pub(super) resource: String,
    #[serde(default)]
    pub(super) context: Context,
    pub(super) expect: Option<Expectation>,
}

/// How a request should be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Expectation {
    Allowed,
    /// By a statement or for the lack of one.
    Denied,
    ExplicitDeny,
    ImplicitDeny,
}

pub(super) type Context = BTreeMap<String, KeyValue>;

/// The value of a condition key.
#[derive(Debug, Clone)]
pub(super) struct KeyValue(pub(super) ContextValue<'static>);

/// A policy by its path or ARN, or spelled out.
#[derive(Debug)]
pub(super) enum PolicyEntry {
    /// A path, an ARN of AWS's, or the name of one of AWS's control policies.
    Reference(String),
    /// A file with a name.
    File { name: Option<String>, file: String },
    /// The document itself: text, or JSON.
    Document { name: Option<String>, document: serde_json::Value },
}

impl Expectation {
    /// As in the file.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::ExplicitDeny => "explicitDeny",
            Self::ImplicitDeny => "implicitDeny",
        }
    }
}

impl<'de> Deserialize<'de> for PolicyEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PolicyVisitor)
    }
}

struct PolicyVisitor;

impl<'de> Visitor<'de> for PolicyVisitor {
    type Value = PolicyEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path, an ARN of one of AWS's policies, or a table with file or document")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<PolicyEntry, E> {
        Ok(PolicyEntry::Reference(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PolicyEntry, A::Error> {
        let table = PolicyTable::deserialize(MapAccessDeserializer::new(map))?;
        match table {
            PolicyTable { name, file: Some(file), document: None } => {
                Ok(PolicyEntry::File { name, file })
            }
            PolicyTable { name, file: None, document: Some(document) } => {
                Ok(PolicyEntry::Document { name, document })
            }
            _ => Err(A::Error::custom("a policy has either a file or a document")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyTable {
    name: Option<String>,
    file: Option<String>,
    document: Option<serde_json::Value>,
}

impl<'de> Deserialize<'de> for KeyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = KeyValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<KeyValue, E> {
        Ok(KeyValue(text.to_owned().into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<KeyValue, E> {
        Ok(KeyValue(value.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<KeyValue, E> {
        Ok(KeyValue(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<KeyValue, E> {
        Ok(KeyValue(match i64::try_from(number) {
            Ok(number) => number.into(),
            Err(_) => number.to_string().into(),
        }))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<KeyValue, E> {
        Ok(KeyValue(number.to_string().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<KeyValue, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<String>()? {
            values.push(value);
        }
        Ok(KeyValue(ContextValue::many(values)))
    }
}

fn no_resource() -> String {
    "*".to_owned()
}
