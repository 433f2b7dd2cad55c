//! The values of conditions: whether the operator can read them.

use super::report::Report;
use super::rule;
use crate::ValueType;
use crate::condition::{Family, Operator, StringComparison, is_range};
use crate::document::scalar_text;
use crate::json::{Member, Node};
use crate::validate::is_arn;

pub(super) fn check(operator: Operator, key: &Member<'_>, report: &mut Report<'_>) {
    for value in key.value.as_list() {
        if let Some(text) = scalar_text(value) {
            one(operator, text, value, report);
        }
    }
}

fn one(operator: Operator, text: &str, value: &Node<'_>, report: &mut Report<'_>) {
    let (readable, wanted) = match operator.family {
        Family::String(StringComparison::Like) => return,
        Family::String(_) => return exact(text, value, report),
        Family::Arn => (text != "*" && is_arn(text), "an ARN with its six fields"),
        // A variable is complained of as such.
        _ if text.contains("${") => return,
        Family::Numeric(_) => (ValueType::Number.reads(text), "a number"),
        Family::Date(_) => (
            ValueType::Date.reads(text),
            "a date such as 2026-01-31T12:00:00Z, nor seconds since 1970",
        ),
        Family::Bool | Family::Null => (ValueType::Bool.reads(text), "true or false"),
        Family::Binary => (ValueType::Binary.reads(text), "in base 64"),
        Family::Ip => (is_range(text), "an IP address or a range such as 203.0.113.0/24"),
    };
    if !readable {
        let message = format!("this value is not {wanted}, so that it never matches");
        report.add(&rule::INVALID_VALUE, &value.span, message);
    }
}

/// Wildcards in text that is compared whole.
fn exact(text: &str, value: &Node<'_>, report: &mut Report<'_>) {
    let plain = text.replace("${*}", "").replace("${?}", "");
    if plain.contains('*') {
        let message = "this operator compares the `*` as a plain character";
        let finding = report.add(&rule::WILDCARD_WITHOUT_LIKE, &value.span, message);
        finding.help("for a wildcard, use `StringLike` or `StringNotLike`");
    }
}
