//! What AWS itself says, put on the finding that explains it.

use std::ops::Range;

use super::report::Report;
use super::rule::{self, Category, Severity};
use crate::json::{Node, Value};
use crate::{Malformed, Policy};

pub(super) fn check(root: &Node<'_>, report: &mut Report<'_>) {
    let Err(refusal) = Policy::parse(report.kind, report.text) else { return };
    let named = named_text(&refusal).and_then(|text| find(root, text));
    let explains = |finding: &&mut super::Finding| {
        finding.severity == Severity::Error
            && finding.rule.category != Category::Meaning
            && named.as_ref().is_none_or(|span| *span == finding.span)
    };
    match report.findings().iter_mut().find(explains) {
        Some(finding) => finding.refusal = Some(refusal),
        None => {
            let span = named.unwrap_or(root.span.start..root.span.start + 1);
            let finding = report.add(rule_of(&refusal), &span, message(&refusal));
            finding.refusal = Some(refusal);
        }
    }
}

/// The text of the document that AWS's message names.
fn named_text(refusal: &Malformed) -> Option<&str> {
    match refusal {
        Malformed::ResourceNotArn(text)
        | Malformed::IamRegion(text)
        | Malformed::S3Region(text)
        | Malformed::InvalidPrincipal { value: text, .. } => Some(text),
        _ => None,
    }
}

fn find(node: &Node<'_>, text: &str) -> Option<Range<usize>> {
    match &node.value {
        Value::String(found) if found == text => Some(node.span.clone()),
        Value::Array(nodes) => nodes.iter().find_map(|node| find(node, text)),
        Value::Object(members) => members.iter().find_map(|member| find(&member.value, text)),
        _ => None,
    }
}

fn rule_of(refusal: &Malformed) -> &'static rule::Rule {
    match refusal {
        Malformed::ResourceNotArn(_)
        | Malformed::Partition { .. }
        | Malformed::ResourceVendor
        | Malformed::IamRegion(_)
        | Malformed::S3Region(_)
        | Malformed::IamPath => &rule::INVALID_RESOURCE,
        Malformed::ActionWithoutVendor | Malformed::ActionColons | Malformed::ActionVendor(_) => {
            &rule::INVALID_ACTION
        }
        Malformed::InvalidPrincipal { .. }
        | Malformed::InvalidPrincipalKind(_)
        | Malformed::FederatedPrincipal
        | Malformed::CognitoCondition => &rule::INVALID_PRINCIPAL,
        _ => &rule::REFUSED,
    }
}

fn message(refusal: &Malformed) -> &'static str {
    match rule_of(refusal).id {
        "invalid-resource" => "AWS takes no such resource",
        "invalid-action" => "AWS takes no such action",
        "invalid-principal" => "AWS takes no such principal",
        _ => "AWS refuses the document",
    }
}
