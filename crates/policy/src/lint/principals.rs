//! Principals of the `AWS` kind, and the kinds there are.

use std::ops::Range;

use super::nearest::{nearest, nearest_service};
use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::PolicyKind;
use crate::json::Member;
use crate::principal::PrincipalPattern;

pub(super) fn check(statement: &Statement<'_>, report: &mut Report<'_>) {
    let Some(values) = statement.principals().filter(|_| report.names_principals()) else { return };
    let value = &values.member.value;
    let Some(kinds) = value.as_object() else {
        if value.as_str() != Some("*") {
            let message = "a principal is an object such as {\"AWS\": \"123456789012\"}";
            report.add(&rule::INVALID_PRINCIPAL, &value.span, message);
        } else if report.kind == PolicyKind::Trust {
            let message = "a trust policy writes everybody as an object";
            let finding = report.add(&rule::INVALID_PRINCIPAL, &value.span, message);
            finding.help("write {\"AWS\": \"*\"}");
        }
        return;
    };
    if kinds.is_empty() {
        let message = "the statement names nobody";
        report.add(&rule::EMPTY_ELEMENT, &value.span, message).refused_if(true);
    }
    for kind in kinds {
        of_kind(kind, report);
    }
}

fn of_kind(kind: &Member<'_>, report: &mut Report<'_>) {
    if !KINDS.contains(&&*kind.key) {
        let message = format!("there are no principals of the kind `{}`", kind.key);
        let meant = nearest(&kind.key, KINDS);
        report.add(&rule::INVALID_PRINCIPAL, &kind.key_span, message).meant(meant);
        return;
    }
    let values = kind.value.as_list();
    if values.is_empty() {
        let message = "the statement names nobody";
        report.add(&rule::EMPTY_ELEMENT, &kind.value.span, message).refused_if(true);
    }
    for value in values {
        match value.as_str() {
            None => {
                let message = "a principal is text or a list of text";
                report.add(&rule::WRONG_TYPE, &value.span, message);
            }
            Some(text) if kind.key == "AWS" => aws(text, &value.span, report),
            Some(text) if kind.key == "Service" => service(text, &value.span, report),
            Some(_) => {}
        }
    }
}

fn service(text: &str, span: &Range<usize>, report: &mut Report<'_>) {
    if report.vocabulary.is_service_principal(text) {
        return;
    }
    let names = report.vocabulary.service_principals();
    let meant = nearest_service(text, names);
    let message = format!("AWS has no service principal `{text}`");
    let refused = report.kind == PolicyKind::Trust;
    report.add(&rule::INVALID_PRINCIPAL, span, message).meant(meant).refused_if(refused);
}

fn aws(text: &str, span: &Range<usize>, report: &mut Report<'_>) {
    if PrincipalPattern::aws(text).is_some() {
        return;
    }
    let resource = text.splitn(6, ':').nth(5).unwrap_or_default();
    let message = "this is no account, user, role or session";
    let finding = report.add(&rule::INVALID_PRINCIPAL, span, message);
    if resource.starts_with("group/") {
        finding.help("a group is no principal: name its users, or their account");
    } else if resource.starts_with("instance-profile/") {
        finding.help("an instance profile is no principal: name its role");
    } else if text.contains("${") {
        finding.help("variables are plain text in principals");
    } else if text.contains(['*', '?']) {
        finding.help("a principal has no wildcards: ask for `aws:PrincipalArn` in a condition");
    } else if text.ends_with(".amazonaws.com") {
        finding.help("a service is a principal of the kind `Service`");
    }
}

const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];
