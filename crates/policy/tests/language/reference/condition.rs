//! Conditions (IAM User Guide, "Condition operators", "Multivalued context keys").

use serde_json::Value;

use super::text::{Reading, Symbol, matches, pattern};
use super::{Found, Keys, folded, values};

/// Whether every condition of a block holds; `None` when one of them is of no operator that is
/// known, or has values that are none. All operators and all their keys must be
/// met.
pub(super) fn hold(block: &Value, keys: &Keys, variables: bool) -> Option<bool> {
    let mut all = true;
    for (operator, conditions) in block.as_object()? {
        for (key, wanted) in conditions.as_object()? {
            let wanted: Vec<String> = list(wanted).into_iter().map(text).collect::<Option<_>>()?;
            all &= holds(&Operator::named(operator)?, key, &wanted, keys, variables);
        }
    }
    Some(all)
}

fn holds(operator: &Operator, key: &str, wanted: &[String], keys: &Keys, variables: bool) -> bool {
    let found = keys.values(key);
    // Null: `true` asks that the key be absent, `false` that it have a value.
    if operator.relation == "null" {
        let absent = found.is_empty().to_string();
        return wanted.iter().any(|value| value.to_lowercase() == absent);
    }
    if found.is_empty() {
        return match operator.set {
            _ if operator.if_exists => true,
            // ForAllValues: true of no values at all.
            Some("forallvalues") => true,
            // ForAnyValue: false of no values at all.
            Some(_) => false,
            // An absent key matches nothing, which is what negated operators ask for.
            None => operator.negated,
        };
    }
    // A key that may have several values needs a set operator, however many it has now.
    if operator.set.is_none() && keys.is_multivalued(key) {
        return false;
    }
    let variables = variables.then_some(keys);
    let matches_any =
        |value: &Found| wanted.iter().any(|wanted| same(operator, wanted, value, variables));
    match (operator.set, operator.negated) {
        // ForAllValues: each value of the request matches one of the policy; negated, none does.
        (Some("forallvalues"), false) => found.iter().all(matches_any),
        (Some("forallvalues"), true) => !found.iter().any(matches_any),
        // ForAnyValue: one value of the request does.
        (Some(_), false) => found.iter().any(matches_any),
        (Some(_), true) => !found.iter().all(matches_any),
        // Several values of the policy: OR; for negated operators NOR.
        (None, false) => found.iter().any(matches_any),
        (None, true) => !found.iter().any(matches_any),
    }
}

/// Whether one value of the policy and one of the request stand in the operator's relation; the
/// negated operators have that of their positive twins.
fn same(operator: &Operator, wanted: &str, found: &Found, variables: Option<&Keys>) -> bool {
    let relation = operator.relation.as_str();
    if let Some(relation) = relation.strip_prefix("numeric") {
        // A date is its seconds too: aws:EpochTime goes with either family.
        let seconds = |date: i128| date / 1000 * 1_000_000_000;
        let number = match found.is_date {
            true => values::date(&found.text).map(seconds),
            false => values::number(&found.text),
        };
        return stand(relation, number, values::number(wanted));
    }
    if let Some(relation) = relation.strip_prefix("date") {
        return stand(relation, values::date(&found.text), values::date(wanted));
    }
    let found = found.text.as_str();
    let literal = Reading { wildcards: false, variables };
    let like = Reading { wildcards: true, variables };
    match relation {
        "stringequals" => matches_text(wanted, literal, found),
        "stringequalsignorecase" => {
            pattern(wanted, literal).is_some_and(|wanted| matches(&fold(wanted), &folded(found)))
        }
        "stringlike" => matches_text(wanted, like, found),
        "bool" => {
            let (found, wanted) = (found.to_lowercase(), wanted.to_lowercase());
            found == wanted && ["true", "false"].contains(&found.as_str())
        }
        "binaryequals" => wanted == values::base64(found.as_bytes()),
        "ipaddress" => values::in_range(found, wanted),
        // ArnEquals is ArnLike: field by field, with wildcards.
        "arnequals" => match (arn_fields(wanted), arn_fields(found)) {
            (Some(wanted), Some(found)) => {
                wanted.iter().zip(&found).all(|(wanted, found)| matches_text(wanted, like, found))
            }
            _ => false,
        },
        other => unreachable!("{other} is in the table of operators"),
    }
}

fn matches_text(wanted: &str, reading: Reading<'_>, found: &str) -> bool {
    pattern(wanted, reading).is_some_and(|wanted| matches(&wanted, found))
}

fn fold(pattern: Vec<Symbol>) -> Vec<Symbol> {
    let fold = |symbol| match symbol {
        Symbol::Exactly(character) => {
            folded(&character.to_string()).chars().map(Symbol::Exactly).collect()
        }
        other => vec![other],
    };
    pattern.into_iter().flat_map(fold).collect()
}

/// Whether two values stand in a relation of order; what cannot be read stands in none.
fn stand(relation: &str, found: Option<i128>, wanted: Option<i128>) -> bool {
    let (Some(found), Some(wanted)) = (found, wanted) else { return false };
    match relation {
        "equals" => found == wanted,
        "lessthan" => found < wanted,
        "lessthanequals" => found <= wanted,
        "greaterthan" => found > wanted,
        "greaterthanequals" => found >= wanted,
        other => unreachable!("{other} is in the table of operators"),
    }
}

/// The six fields of an ARN, which begins with `arn`; the colons of a variable's name divide nothing.
fn arn_fields(text: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut inside = false;
    for (at, character) in text.char_indices() {
        let rest = text.split_at(at).1;
        inside |= rest.starts_with("${") && rest.contains('}');
        if character == ':' && !inside && fields.len() < 6 {
            fields.push(String::new());
        } else {
            fields.last_mut()?.push(character);
        }
        inside &= character != '}';
    }
    (fields.len() == 6 && fields[0] == "arn").then_some(fields)
}

struct Operator {
    /// `forallvalues` or `foranyvalue`.
    set: Option<&'static str>,
    /// The positive operator, in lower case.
    relation: String,
    negated: bool,
    if_exists: bool,
}

impl Operator {
    /// Reads a name, in any case: perhaps a set operator, one of the table, perhaps IfExists.
    fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let (set, name) = match name.split_once(':') {
            None => (None, name.as_str()),
            Some(("forallvalues", name)) => (Some("forallvalues"), name),
            Some(("foranyvalue", name)) => (Some("foranyvalue"), name),
            Some(_) => return None,
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            // IfExists goes with every operator but Null.
            Some("null") => return None,
            Some(name) => (name, true),
            None => (name, false),
        };
        let (relation, negated) = match name {
            "stringnotequals" => ("stringequals", true),
            "stringnotequalsignorecase" => ("stringequalsignorecase", true),
            "stringnotlike" => ("stringlike", true),
            "numericnotequals" => ("numericequals", true),
            "datenotequals" => ("dateequals", true),
            "notipaddress" => ("ipaddress", true),
            "arnlike" => ("arnequals", false),
            "arnnotequals" | "arnnotlike" => ("arnequals", true),
            "stringequals"
            | "stringequalsignorecase"
            | "stringlike"
            | "numericequals"
            | "numericlessthan"
            | "numericlessthanequals"
            | "numericgreaterthan"
            | "numericgreaterthanequals"
            | "dateequals"
            | "datelessthan"
            | "datelessthanequals"
            | "dategreaterthan"
            | "dategreaterthanequals"
            | "bool"
            | "binaryequals"
            | "ipaddress"
            | "arnequals"
            | "null" => (name, false),
            _ => return None,
        };
        Some(Self { set, relation: relation.to_owned(), negated, if_exists })
    }
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

/// A value as written: text, a number or a boolean.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
