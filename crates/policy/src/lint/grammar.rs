//! The form of the document: elements, their types, which of them must and must not be there.

use std::collections::HashSet;
use std::ops::Range;

use super::nearest::nearest;
use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::document::scalar_text;
use crate::json::{Member, Node, NotJson};
use crate::{Malformed, Policy, PolicyKind, Version};

/// Says where the text stops being JSON.
pub(super) fn not_json(text: &str, mistake: NotJson, report: &mut Report<'_>) {
    let rest = text.get(mistake.at..).unwrap_or_default();
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let before = text.get(..mistake.at).unwrap_or_default().trim_end();
    let refusal: Option<Malformed> = Policy::parse(report.kind, text).err();
    let finding = report.add(&rule::NOT_JSON, &(mistake.at..mistake.at + length), mistake.why);
    finding.refusal = refusal;
    if rest.starts_with(['}', ']']) && before.ends_with(',') {
        finding.help("leave out the comma before it: JSON has none after the last element");
    } else if rest.starts_with('\'') {
        finding.help("JSON has its text in double quotes");
    } else if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') {
        finding.help("JSON has no comments");
    } else if rest.is_empty() && !text.trim().is_empty() {
        finding.help("the text ends before its braces and brackets are closed");
    }
}

/// Judges the form, and finds the statements that are objects.
pub(super) fn check<'d>(root: &'d Node<'d>, report: &mut Report<'_>) -> Vec<Statement<'d>> {
    let Some(members) = root.as_object() else {
        report.add(&rule::WRONG_TYPE, &first_byte(&root.span), "a policy is a JSON object");
        return Vec::new();
    };
    known_elements(members, &TOP, "a policy", report);
    let get = |name: &str| members.iter().find(|member| member.key == name);
    version(root, get("Version"), report);
    if let Some(id) = get("Id") {
        text("Id", id, report);
    }
    let Some(statement) = get("Statement") else {
        let span = first_byte(&root.span);
        report.add(&rule::MISSING_ELEMENT, &span, "the policy has no `Statement`");
        return Vec::new();
    };
    if statement.value.as_list().is_empty() {
        let message = "the policy has no statement";
        report.add(&rule::EMPTY_ELEMENT, &statement.value.span, message).refused_if(true);
    }
    let mut statements = Vec::new();
    for (node, number) in statement.value.as_list().iter().zip(1..) {
        match Statement::of(number, node) {
            Some(statement) => statements.push(statement),
            None => {
                report.add(&rule::WRONG_TYPE, &node.span, "a statement is a JSON object");
            }
        }
    }
    for statement in &statements {
        one_statement(statement, report);
    }
    sids(&statements, report);
    statements
}

fn version(root: &Node<'_>, member: Option<&Member<'_>>, report: &mut Report<'_>) {
    let refused = report.is_strict() && report.kind != PolicyKind::Inline;
    let Some(Member { value, .. }) = member else {
        let message =
            "without `Version` this is a policy of 2008, in which variables are plain text";
        let finding = report.add(&rule::MISSING_VERSION, &first_byte(&root.span), message);
        finding.help("add \"Version\": \"2012-10-17\"").refused_if(refused);
        return;
    };
    match value.as_str() {
        Some("2012-10-17") => report.version = Version::V2012,
        Some("2008-10-17") => {
            let message = "in this version of the language variables are plain text";
            let finding = report.add(&rule::OLD_VERSION, &value.span, message);
            finding.help("write \"2012-10-17\"").refused_if(refused);
        }
        _ => {
            let message = "the policy language has no such version";
            let finding = report.add(&rule::INVALID_VERSION, &value.span, message);
            finding.help("write \"2012-10-17\"; it is the language's, not the document's");
        }
    }
}

fn one_statement(statement: &Statement<'_>, report: &mut Report<'_>) {
    known_elements(statement.members(), &STATEMENT, "a statement", report);
    effect(statement, report);
    pair(statement, "Action", "NotAction", true, report);
    let trust = report.kind == PolicyKind::Trust;
    pair(statement, "Resource", "NotResource", !trust, report);
    if trust {
        let why = "a trust policy has no `Resource`: the role that it belongs to is the resource";
        misplaced(statement, &["Resource", "NotResource"], why, report);
        let why = "a trust policy has no `NotPrincipal`";
        misplaced(statement, &["NotPrincipal"], why, report);
    }
    if report.names_principals() {
        pair(statement, "Principal", "NotPrincipal", true, report);
    } else {
        let why = "only the policies of resources have principals; this one applies to its bearer";
        misplaced(statement, &["Principal", "NotPrincipal"], why, report);
    }
    if let Some(condition) = statement.get("Condition") {
        condition_block(condition, report);
    }
}

fn effect(statement: &Statement<'_>, report: &mut Report<'_>) {
    let Some(Member { value, .. }) = statement.get("Effect") else {
        report.add(&rule::MISSING_ELEMENT, &statement.head(), "the statement has no `Effect`");
        return;
    };
    let Some(written) = value.as_str() else {
        report.add(&rule::WRONG_TYPE, &value.span, "`Effect` is text");
        return;
    };
    if !EFFECTS.contains(&written) {
        let message = "an effect is `Allow` or `Deny`, in this case";
        report.add(&rule::INVALID_EFFECT, &value.span, message).meant(nearest(written, EFFECTS));
    }
}

/// An element that has a negation: one of them must be there if `required`, never both.
fn pair(
    statement: &Statement<'_>,
    plain: &str,
    negated: &str,
    required: bool,
    report: &mut Report<'_>,
) {
    let (first, second) = (statement.get(plain), statement.get(negated));
    match (first, second) {
        (None, None) if required => {
            let message = format!("the statement has neither `{plain}` nor `{negated}`");
            report.add(&rule::MISSING_ELEMENT, &statement.head(), message);
        }
        (Some(_), Some(second)) => {
            let message = format!("a statement has `{plain}` or `{negated}`, not both");
            report.add(&rule::CONFLICTING_ELEMENTS, &second.key_span, message);
        }
        _ => {}
    }
    if plain == "Principal" {
        return;
    }
    for member in [first, second].into_iter().flatten() {
        let values = member.value.as_list();
        if values.is_empty() {
            let message = format!("`{}` lists nothing", member.key);
            report.add(&rule::EMPTY_ELEMENT, &member.value.span, message).refused_if(required);
        }
        for value in values.iter().filter(|value| value.as_str().is_none()) {
            let message = format!("`{}` is text or a list of text", member.key);
            report.add(&rule::WRONG_TYPE, &value.span, message);
        }
    }
}

fn misplaced(statement: &Statement<'_>, elements: &[&str], why: &str, report: &mut Report<'_>) {
    for member in elements.iter().filter_map(|element| statement.get(element)) {
        report.add(&rule::MISPLACED_ELEMENT, &member.key_span, why);
    }
}

fn condition_block(condition: &Member<'_>, report: &mut Report<'_>) {
    let Some(operators) = condition.value.as_object() else {
        let message = "`Condition` is an object of operators";
        report.add(&rule::WRONG_TYPE, &condition.value.span, message);
        return;
    };
    if operators.is_empty() {
        report.add(&rule::EMPTY_ELEMENT, &condition.value.span, "the condition asks for nothing");
    }
    for operator in operators {
        let Some(keys) = operator.value.as_object() else {
            let message = "an operator has an object of condition keys and values";
            report.add(&rule::WRONG_TYPE, &operator.value.span, message);
            continue;
        };
        if keys.is_empty() {
            report.add(&rule::EMPTY_ELEMENT, &operator.value.span, "the operator has no keys");
        }
        for key in keys {
            let values = key.value.as_list();
            if values.is_empty() {
                let message = if operator.key.contains("Not") {
                    "without values the condition always holds"
                } else {
                    "without values the condition never holds"
                };
                report.add(&rule::EMPTY_ELEMENT, &key.value.span, message);
            }
            for value in values.iter().filter(|value| scalar_text(value).is_none()) {
                let message = "a value of a condition is text, a number, true or false";
                report.add(&rule::WRONG_TYPE, &value.span, message);
            }
        }
    }
}

fn sids(statements: &[Statement<'_>], report: &mut Report<'_>) {
    let mut seen = HashSet::new();
    for Member { value, .. } in statements.iter().filter_map(|statement| statement.get("Sid")) {
        let Some(sid) = value.as_str() else {
            report.add(&rule::WRONG_TYPE, &value.span, "`Sid` is text");
            continue;
        };
        if report.is_strict() && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = "a `Sid` has letters and digits only";
            report.add(&rule::INVALID_SID, &value.span, message);
        }
        if !sid.is_empty() && !seen.insert(sid) {
            let message = "another statement has this `Sid`";
            report.add(&rule::DUPLICATE_SID, &value.span, message);
        }
    }
}

fn text(name: &str, member: &Member<'_>, report: &mut Report<'_>) {
    if member.value.as_str().is_none() {
        report.add(&rule::WRONG_TYPE, &member.value.span, format!("`{name}` is text"));
    }
}

fn known_elements(
    members: &[Member<'_>],
    known: &[&'static str],
    owner: &str,
    report: &mut Report<'_>,
) {
    for member in members.iter().filter(|member| !known.contains(&&*member.key)) {
        let meant = nearest(&member.key, known.iter().copied());
        let message = format!("{owner} has no element `{}`", member.key);
        report.add(&rule::UNKNOWN_ELEMENT, &member.key_span, message).meant(meant);
    }
}

fn first_byte(span: &Range<usize>) -> Range<usize> {
    span.start..span.start + 1
}

const TOP: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT: [&str; 9] = [
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
const EFFECTS: [&str; 2] = ["Allow", "Deny"];
