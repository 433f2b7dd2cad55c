//! Policy variables in resources and in the values of conditions.

use std::ops::Range;

use super::actions::Actions;
use super::keys::{self, Found};
use super::nearest::nearest;
use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::Version;
use crate::condition::{Family, Operator};
use crate::json::Node;

pub(super) fn check(statement: &Statement<'_>, actions: &Actions<'_>, report: &mut Report<'_>) {
    if let Some(resources) = statement.resources() {
        for (text, span) in resources.texts() {
            resource(text, span, actions, report);
        }
    }
    for operator in statement.operators() {
        let Some(parsed) = Operator::parse(&operator.key) else { continue };
        let takes_variables = matches!(parsed.family, Family::String(_) | Family::Arn);
        let keys = operator.value.as_object().unwrap_or_default();
        for value in keys.iter().flat_map(|key| key.value.as_list()) {
            let Some(text) = value.as_str() else { continue };
            if takes_variables {
                value_text(text, value, actions, report);
            } else if inners(text).next().is_some() {
                let message = "only the text and ARN operators replace variables";
                report.add(&rule::VARIABLE_OUT_OF_PLACE, &value.span, message);
            }
        }
    }
}

fn resource(text: &str, span: &Range<usize>, actions: &Actions<'_>, report: &mut Report<'_>) {
    if inners(text).next().is_none() {
        return;
    }
    if has_early_variable(text) {
        let message = "variables are replaced in the last part of an ARN only";
        let finding = report.add(&rule::VARIABLE_OUT_OF_PLACE, span, message);
        finding.help("write `*` in place of the variable, or ask for it in a condition");
        return;
    }
    text_with_variables(text, span, actions, report);
}

fn value_text(text: &str, value: &Node<'_>, actions: &Actions<'_>, report: &mut Report<'_>) {
    if inners(text).next().is_some() {
        text_with_variables(text, &value.span, actions, report);
    }
}

fn text_with_variables(
    text: &str,
    span: &Range<usize>,
    actions: &Actions<'_>,
    report: &mut Report<'_>,
) {
    if report.version == Version::V2008 {
        let message = "in a document of 2008 this is plain text, not a variable";
        report
            .add(&rule::VARIABLE_IN_OLD_VERSION, span, message)
            .help("give the document \"Version\": \"2012-10-17\"");
        return;
    }
    for inner in inners(text) {
        one(inner, span, actions, report);
    }
}

/// Judges what stands between the braces.
fn one(inner: &str, span: &Range<usize>, actions: &Actions<'_>, report: &mut Report<'_>) {
    if matches!(inner, "*" | "?" | "$") {
        return;
    }
    let name = match inner.split_once(',') {
        None => inner,
        Some((name, default)) => {
            if !(default.starts_with(" '") && default.len() > 2 && default.ends_with('\'')) {
                let message = "a default is written `${key, 'default'}`, with a space and quotes";
                report.add(&rule::UNKNOWN_VARIABLE, span, message);
            }
            name
        }
    };
    match keys::find(name, actions, report) {
        Found::Known(facts) if facts.multivalued => {
            let message = format!("`{name}` can have several values, so that it is no variable");
            report.add(&rule::MULTIVALUED_VARIABLE, span, message);
        }
        Found::Unknown { service: None, candidates } => {
            let meant =
                nearest(name, candidates.iter().copied()).map(|name| format!("${{{name}}}"));
            let message = format!("no condition key is named `{name}`");
            report.add(&rule::UNKNOWN_VARIABLE, span, message).meant(meant.as_deref());
        }
        // Services have variables that are not among their condition keys.
        Found::Unknown { .. } | Found::Known(_) | Found::Beyond => {}
    }
}

/// Whether a variable stands before the fifth colon of an ARN.
pub(super) fn has_early_variable(text: &str) -> bool {
    inners(text).next().is_some()
        && text.split_once("${").is_some_and(|(head, _)| head.matches(':').count() < 5)
}

/// What stands inside each `${…}`.
fn inners(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("${")?;
        let (inner, after) = after.split_once('}')?;
        rest = after;
        Some(inner)
    })
}
