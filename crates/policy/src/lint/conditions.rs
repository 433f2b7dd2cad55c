//! Conditions: operators, keys, and how they go together.

use daypass_ident::{eq_ignore_case, fold_case, strip_prefix_ignore_case};

use super::actions::Actions;
use super::keys::{self, Found};
use super::nearest::nearest;
use super::report::Report;
use super::rule::{self, Severity};
use super::statement::Statement;
use super::values;
use super::vocabulary::{KeyFacts, KeyType};
use crate::condition::{Family, Operator, Set};
use crate::json::Member;

pub(super) fn check(statement: &Statement<'_>, actions: &Actions<'_>, report: &mut Report<'_>) {
    for member in statement.operators() {
        let keys = member.value.as_object().unwrap_or_default();
        let Some(operator) = Operator::parse(&member.key) else {
            if !keys.is_empty() {
                unknown_operator(member, report);
            }
            continue;
        };
        if !Operator::is_name(&member.key) && !keys.is_empty() {
            let message = "the name of an operator is written in this case only";
            report.add(&rule::UNKNOWN_OPERATOR, &member.key_span, message).meant(near(&member.key));
        }
        for key in keys {
            let facts = known_key(key, actions, report);
            values::check(operator, key, report);
            match facts {
                Some(facts) => {
                    types(member, operator, key, facts, report);
                    set_operator(statement, operator, key, facts, report);
                }
                // A key of an identity provider that the vocabulary does not list.
                None if lacks_set(operator) && report.vocabulary.is_multivalued(&key.key) => {
                    missing_set_operator(&key.key, key, report);
                }
                None => {}
            }
            for_all_values(statement, operator, key, report);
        }
    }
}

fn unknown_operator(member: &Member<'_>, report: &mut Report<'_>) {
    let message = format!("there is no condition operator `{}`", member.key);
    report.add(&rule::UNKNOWN_OPERATOR, &member.key_span, message).meant(near(&member.key));
}

/// The base name that was probably meant.
fn near(written: &str) -> Option<&'static str> {
    let base = written.rsplit(':').next().unwrap_or_default();
    let base = base.strip_suffix("IfExists").unwrap_or(base);
    nearest(base, Operator::base_names())
}

/// Judges the name of a key, and finds out what it is.
fn known_key<'a>(
    key: &Member<'_>,
    actions: &Actions<'_>,
    report: &mut Report<'a>,
) -> Option<KeyFacts<'a>> {
    match keys::find(&key.key, actions, report) {
        Found::Known(facts) => {
            applicable(key, actions, report);
            Some(facts)
        }
        Found::Unknown { candidates, .. } => {
            let message = format!("there is no condition key `{}`", key.key);
            let meant = nearest(&key.key, candidates);
            report.add(&rule::UNKNOWN_CONDITION_KEY, &key.key_span, message).meant(meant);
            None
        }
        Found::Beyond => None,
    }
}

/// Whether a request for any of the statement's actions can bring the key.
fn applicable(key: &Member<'_>, actions: &Actions<'_>, report: &mut Report<'_>) {
    let vocabulary = report.vocabulary;
    let Some(patterns) = actions.all() else { return };
    if goes_everywhere(&key.key, report) {
        return;
    }
    let carried = patterns.iter().any(|pattern| {
        pattern.names.iter().any(|name| vocabulary.carries(&pattern.service, name, &key.key))
    });
    if !carried {
        let message = format!("no request for the actions of this statement brings `{}`", key.key);
        report.add(&rule::INAPPLICABLE_CONDITION_KEY, &key.key_span, message);
    }
}

/// Whether requests of every service may bring the key: a global one, or what an identity provider
/// said of the session.
fn goes_everywhere(key: &str, report: &Report<'_>) -> bool {
    let starts_with = |start: &&str| strip_prefix_ignore_case(key, start).is_some();
    if report.vocabulary.global_key(key).is_some() {
        return !["aws:RequestTag/", "aws:TagKeys"].iter().any(starts_with);
    }
    report.vocabulary.service_key("sts", key).is_some() && !starts_with(&"sts:")
}

/// Whether the operator is one for the key's values.
fn types(
    member: &Member<'_>,
    operator: Operator,
    key: &Member<'_>,
    facts: KeyFacts<'_>,
    report: &mut Report<'_>,
) {
    let fits = match operator.family {
        Family::Null => true,
        // A tag is whatever its owner wrote.
        _ if facts.name.ends_with('}') => true,
        // Text is what every value is in the end; but wildcards in it cross the fields of an ARN,
        // and numbers, dates and addresses have many forms.
        Family::String(_) => {
            matches!(facts.value_type, KeyType::Text | KeyType::Arn | KeyType::Bool)
        }
        Family::Arn => {
            // Some keys are documented as text and have ARNs.
            facts.value_type == KeyType::Arn || fold_case(&key.key).contains("arn")
        }
        Family::Numeric(_) => {
            facts.value_type == KeyType::Numeric || eq_ignore_case(&key.key, "aws:EpochTime")
        }
        Family::Date(_) => facts.value_type == KeyType::Date,
        Family::Bool => facts.value_type == KeyType::Bool,
        Family::Ip => facts.value_type == KeyType::Ip,
        Family::Binary => facts.value_type == KeyType::Text,
    };
    if !fits {
        let (values, operators) = match facts.value_type {
            KeyType::Text => ("text", "`StringEquals` or `StringLike`"),
            KeyType::Arn => ("ARNs", "`ArnLike`"),
            KeyType::Bool => ("true or false", "`Bool`"),
            KeyType::Numeric => ("numbers", "`NumericEquals` and its like"),
            KeyType::Date => ("points in time", "`DateLessThan` and its like"),
            KeyType::Ip => ("IP addresses", "`IpAddress`"),
        };
        let message = format!("the values of `{}` are {values}", facts.name);
        let finding = report.add(&rule::OPERATOR_TYPE_MISMATCH, &member.key_span, message);
        finding.help(format!("compare them with {operators}"));
    }
}

fn lacks_set(operator: Operator) -> bool {
    operator.set == Set::None && operator.family != Family::Null
}

fn missing_set_operator(name: &str, key: &Member<'_>, report: &mut Report<'_>) {
    let message = format!(
        "without a set operator this never matches a request that has `{name}`, of which there may \
         be several values"
    );
    let finding = report.add(&rule::MISSING_SET_OPERATOR, &key.key_span, message);
    finding.help("put `ForAnyValue:` or `ForAllValues:` before the operator");
}

/// Whether there is a set operator where there should be one.
fn set_operator(
    statement: &Statement<'_>,
    operator: Operator,
    key: &Member<'_>,
    facts: KeyFacts<'_>,
    report: &mut Report<'_>,
) {
    if operator.family == Family::Null {
        return;
    }
    if facts.multivalued && lacks_set(operator) {
        missing_set_operator(facts.name, key, report);
    }
    if !facts.multivalued && operator.set != Set::None {
        let message = format!("`{}` has one value", facts.name);
        let finding = report.add(&rule::SET_OPERATOR_ON_SINGLE_VALUE, &key.key_span, message);
        if statement.allows() && operator.set == Set::All {
            finding
                .help("leave out `ForAllValues:`, with which a request without the key is allowed");
        } else {
            finding.help("leave out the set operator");
        }
    }
}

/// An `Allow` under `ForAllValues` needs a `Null` beside it.
fn for_all_values(
    statement: &Statement<'_>,
    operator: Operator,
    key: &Member<'_>,
    report: &mut Report<'_>,
) {
    if operator.set != Set::All || operator.family == Family::Null || !statement.allows() {
        return;
    }
    let asks_for_presence = statement.operators().iter().any(|member| {
        let of_null =
            Operator::parse(&member.key).is_some_and(|other| other.family == Family::Null);
        let keys = member.value.as_object().unwrap_or_default();
        of_null && keys.iter().any(|other| eq_ignore_case(&other.key, &key.key))
    });
    if !asks_for_presence {
        let message = format!("this also holds when the request has no `{}`", key.key);
        let finding = report.add(&rule::FOR_ALL_VALUES_WITHOUT_NULL, &key.key_span, message);
        finding.help(format!("add \"Null\": {{\"{}\": \"false\"}} to the condition", key.key));
        if eq_ignore_case(&key.key, "aws:TagKeys") {
            // A request without tags is seldom what the condition is to keep out.
            finding.severity = Severity::Suggestion;
        }
    }
}
