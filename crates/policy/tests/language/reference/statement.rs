//! One statement (IAM User Guide, "IAM JSON policy elements reference").

use serde_json::Value;

use super::principal::{Way, spares, ways};
use super::text::{Reading, matches, pattern};
use super::{Asked, Keys, condition, folded};
use crate::support::Caller;

/// What a document is, which decides what its statements have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of an identity, a session, a boundary, a service control policy: for whoever bears it.
    Borne,
    /// A role's trust policy: names principals, and the role is its resource.
    Trust,
    /// Of any other resource, or a resource control policy.
    Resource,
}

/// A statement that applies to a request.
#[derive(Debug)]
pub(crate) struct Applying {
    /// Its place in the document.
    pub(crate) index: usize,
    pub(crate) denies: bool,
    /// How it names the caller; nothing where statements name nobody.
    pub(crate) ways: Vec<Way>,
}

/// The statements of a document that apply to a request.
pub(crate) fn applying(document: &Value, kind: Kind, asked: &Asked) -> Vec<Applying> {
    // Without a version it is of 2008, which has no variables.
    let variables = document["Version"] == "2012-10-17";
    let statements = &document["Statement"];
    let one = std::slice::from_ref(statements);
    statements
        .as_array()
        .map_or(one, Vec::as_slice)
        .iter()
        .enumerate()
        .filter_map(|(index, statement)| {
            let denies = statement["Effect"] == "Deny";
            let ways = match applies(statement, kind, variables, asked) {
                Some(ways) => ways?,
                // What is not understood never allows, and denies always.
                None => denies.then(Vec::new)?,
            };
            Some(Applying { index, denies, ways })
        })
        .collect()
}

/// Whether principal, action, resource and conditions match all; `None` outside for a statement
/// that is not understood, inside for one that does not apply.
fn applies(
    statement: &Value,
    kind: Kind,
    variables: bool,
    asked: &Asked,
) -> Option<Option<Vec<Way>>> {
    const ELEMENTS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    if statement.as_object()?.keys().any(|element| !ELEMENTS.contains(&element.as_str())) {
        return None;
    }
    let ways = principal(statement, kind, asked)?;
    let action = action(statement, asked)?;
    let resource = match kind {
        Kind::Trust => true,
        Kind::Borne | Kind::Resource => resource(statement, variables, asked)?,
    };
    let condition = match statement.get("Condition") {
        Some(block) => condition::hold(block, &asked.keys, variables)?,
        None => true,
    };
    Some(ways.filter(|_| action && resource && condition))
}

fn principal(statement: &Value, kind: Kind, asked: &Asked) -> Option<Option<Vec<Way>>> {
    let denies = statement["Effect"] == "Deny";
    match (kind, statement.get("Principal"), statement.get("NotPrincipal")) {
        (Kind::Borne, None, None) => Some(Some(Vec::new())),
        (Kind::Trust | Kind::Resource, Some(principals), None) => {
            let mut ways = ways(principals, &asked.who);
            // Whoever trusts everyone trusts every signed caller, and nobody whom only an identity
            // provider vouches for.
            let signed = !matches!(asked.who.caller, Caller::WebIdentity | Caller::Anonymous);
            if kind == Kind::Trust && !denies && !signed {
                ways.retain(|way| *way != Way::Everyone);
            }
            Some((!ways.is_empty()).then_some(ways))
        }
        // NotPrincipal goes with Deny only.
        (Kind::Trust | Kind::Resource, None, Some(principals)) if denies => {
            Some((!spares(principals, &asked.who)).then(Vec::new))
        }
        _ => None,
    }
}

fn action(statement: &Value, asked: &Asked) -> Option<bool> {
    let (patterns, negated) = one_of(statement, "Action", "NotAction")?;
    let reading = Reading { wildcards: true, variables: None };
    // The case of actions means nothing.
    let matches_action = |text: &String| {
        pattern(&folded(text), reading)
            .is_some_and(|pattern| matches(&pattern, &folded(&asked.action)))
    };
    Some(patterns.iter().any(matches_action) != negated)
}

fn resource(statement: &Value, variables: bool, asked: &Asked) -> Option<bool> {
    let (patterns, negated) = one_of(statement, "Resource", "NotResource")?;
    if !patterns.iter().all(|text| text == "*" || text.starts_with("arn:")) {
        return None;
    }
    let covered: Vec<Covered> = patterns
        .iter()
        .map(|text| covers(text, &asked.resource, variables.then_some(&asked.keys)))
        .collect();
    let listed = covered.contains(&Covered::Yes);
    let denies = statement["Effect"] == "Deny";
    Some(match negated {
        false => listed,
        // A resource that cannot be known is not what `NotResource` excludes, but it is nothing
        // that an Allow may be read out of either.
        true => !listed && (denies || !covered.contains(&Covered::Unknown)),
    })
}

#[derive(Debug, PartialEq)]
enum Covered {
    Yes,
    No,
    /// A variable without value decides.
    Unknown,
}

fn covers(text: &str, resource: &str, keys: Option<&Keys>) -> Covered {
    // `*` is every resource, and covers actions that have none; nothing else covers those.
    if text == "*" {
        return Covered::Yes;
    }
    let resource: Vec<&str> = resource.splitn(6, ':').collect();
    if resource.len() < 6 || resource[0] != "arn" {
        return Covered::No;
    }
    // Fields that are left out are `*`.
    let mut fields: Vec<&str> = text.splitn(6, ':').collect();
    fields.resize(6, "*");
    let literal = Reading { wildcards: true, variables: None };
    let mut before = fields.iter().zip(&resource).take(5);
    let same = |(field, name): (&&str, &&str)| {
        pattern(field, literal).is_some_and(|pattern| matches(&pattern, name))
    };
    if !before.all(same) {
        return Covered::No;
    }
    // Variables may stand after the fifth colon only.
    match pattern(fields[5], Reading { wildcards: true, variables: keys }) {
        None => Covered::Unknown,
        Some(pattern) if matches(&pattern, resource[5]) => Covered::Yes,
        Some(_) => Covered::No,
    }
}

/// The texts of an element or of its complement, and whether it is the complement: one of both must
/// be there, and say something.
fn one_of(statement: &Value, plain: &str, negated: &str) -> Option<(Vec<String>, bool)> {
    let (value, is_negated) = match (statement.get(plain), statement.get(negated)) {
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        _ => return None,
    };
    let one = std::slice::from_ref(value);
    let texts = value.as_array().map_or(one, Vec::as_slice).iter();
    let texts: Vec<String> =
        texts.map(|text| Some(text.as_str()?.to_owned())).collect::<Option<_>>()?;
    (!texts.is_empty()).then_some((texts, is_negated))
}
