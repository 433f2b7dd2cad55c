//! A second evaluator, written from the documentation's rules (IAM User Guide) and from nothing
//! else: plain, slow, and sharing no code with the crate. It reads documents as JSON each time that
//! it is asked, and names each rule where it applies it.

mod condition;
mod decision;
mod principal;
mod statement;
mod text;
mod values;

use std::collections::BTreeMap;

pub(crate) use decision::decide;
use principal::{Way, Who};
use serde_json::Value;

/// A request as a statement sees it.
pub(crate) struct Asked {
    pub(crate) who: Who,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) keys: Keys,
}

/// The condition keys of a request; the case of their names means nothing.
#[derive(Debug, Default)]
pub(crate) struct Keys(BTreeMap<String, Value>);

impl Keys {
    /// From the form that cases have: JSON's own types, `{"date": …}` and `{"ip": …}`.
    pub(crate) fn new(with: &Value) -> Self {
        let keys = with.as_object().into_iter().flatten();
        Self(keys.map(|(key, value)| (folded(key), value.clone())).collect())
    }

    /// Every value of a key: none when the request lacks the key, and none for an empty set.
    fn values(&self, key: &str) -> Vec<Found> {
        match self.0.get(&folded(key)) {
            None => Vec::new(),
            Some(Value::Array(values)) => values.iter().map(Found::of).collect(),
            Some(value) => vec![Found::of(value)],
        }
    }

    /// Whether the key is one that may have several values: AWS's keys by their names, whatever
    /// this request has of them; another one if the request lists its values, as the simulator's
    /// `stringList` does.
    fn is_multivalued(&self, key: &str) -> bool {
        let key = folded(key);
        let listed = || self.0.get(&key).is_some_and(Value::is_array);
        key.ends_with(":amr") || MULTIVALUED.contains(&key.as_str()) || listed()
    }

    /// The value of a policy variable, which a key that may have several values has not.
    fn variable(&self, key: &str) -> Option<String> {
        let value = self.0.get(&folded(key)).filter(|_| !self.is_multivalued(key))?;
        Some(Found::of(value).text)
    }
}

/// The multivalued keys of the cases, by AWS's pages about each (IAM User Guide, "AWS global
/// condition context keys" and "IAM and AWS STS condition context keys").
const MULTIVALUED: [&str; 12] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
    "saml:edupersonaffiliation",
    "saml:edupersonentitlement",
    "sts:identitytokenaudience",
    "sts:requestcontextproviders",
    "sts:transitivetagkeys",
];

/// One value of a condition key.
struct Found {
    text: String,
    /// Whether the key's type is a date, which is a number of seconds too.
    is_date: bool,
}

impl Found {
    fn of(value: &Value) -> Self {
        match (value, value.get("date"), value.get("ip")) {
            (_, Some(date), _) => Self { is_date: true, ..Self::of(date) },
            (_, _, Some(ip)) => Self::of(ip),
            (Value::String(text), ..) => Self { text: text.clone(), is_date: false },
            (other, ..) => Self { text: other.to_string(), is_date: false },
        }
    }
}

/// A text for comparisons in which case does not count. They are of one character with one, each turned
/// to upper and then to lower case, as Java does it; so the Kelvin sign is a `k`.
fn folded(text: &str) -> String {
    let upper = |character: char| {
        let upper: Vec<char> = character.to_uppercase().collect();
        if let [upper] = *upper { upper } else { character }
    };
    let lower = |character: char| match character {
        'İ' => 'i',
        other => other.to_lowercase().next().unwrap(),
    };
    text.chars().map(upper).map(lower).collect()
}
