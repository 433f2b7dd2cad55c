//! What AWS itself says, put on the finding that explains it.

use std::ops::Range;

use super::Finding;
use super::report::Report;
use super::rule::{self, Category, Rule, Severity};
use crate::json::{self, Node, Value};
use crate::{Malformed, Policy, PolicyKind};

pub(super) fn check<'d>(root: &'d Node<'d>, report: &mut Report<'_>) {
    let Err(refusal) = saved(report.kind, report.text) else { return };
    let named = named_text(&refusal)
        .and_then(|text| find(root, text))
        .or_else(|| resource(root, report.kind, &refusal));
    let rules = rules_of(&refusal);
    let at = |finding: &Finding| named.as_ref().is_none_or(|span| *span == finding.span);
    let grammar = |finding: &Finding| {
        finding.severity == Severity::Error && finding.rule.category == Category::Grammar
    };
    let best = report.findings().iter().position(|f| rules.contains(&f.rule) && at(f));
    let other = || report.findings().iter().position(|f| grammar(f) && at(f));
    let finding = match best.or_else(other).and_then(|at| report.findings_mut().get_mut(at)) {
        Some(finding) => finding,
        None => {
            let span = named.unwrap_or(root.span.start..root.span.start + 1);
            let rule = rules.first().copied().unwrap_or(&rule::REFUSED);
            report.add(rule, &span, "AWS does not take this")
        }
    };
    finding.severity = Severity::Error;
    finding.refusal = Some(refusal);
}

/// What IAM checks when a document is saved.
fn saved(kind: PolicyKind, text: &str) -> Result<(), Malformed> {
    let policy = Policy::parse(kind, text)?;
    if kind == PolicyKind::Trust { policy.check_shared_providers() } else { Ok(()) }
}

/// The text of the document that AWS's message names.
fn named_text(refusal: &Malformed) -> Option<&str> {
    match refusal {
        Malformed::ResourceNotArn(text)
        | Malformed::IamRegion(text)
        | Malformed::S3Region(text)
        | Malformed::InvalidPrincipal { value: text, .. }
        | Malformed::SharedProvider { provider: text, .. } => Some(text),
        _ => None,
    }
}

/// The resource that AWS's message is about without naming it: the one that is refused so by
/// itself.
fn resource<'n>(root: &'n Node<'n>, kind: PolicyKind, refusal: &Malformed) -> Option<Range<usize>> {
    if rules_of(refusal).first() != Some(&&rule::INVALID_RESOURCE) {
        return None;
    }
    let member = |node: &'n Node<'n>, names: &[&str]| {
        let members = node.as_object()?;
        members.iter().find(|member| names.contains(&&*member.key)).map(|member| &member.value)
    };
    let statements = member(root, &["Statement"])?.as_list().iter();
    let lists = statements.filter_map(|node| member(node, &["Resource", "NotResource"]));
    let refused = |node: &&Node<'_>| {
        let mut alone = String::from(ALONE);
        json::write_string(node.as_str().unwrap_or_default(), &mut alone);
        alone.push_str("}}");
        Policy::parse(kind, &alone).err().as_ref() == Some(refusal)
    };
    lists.flat_map(Node::as_list).find(refused).map(|node| node.span.clone())
}

/// A document but for its resource.
const ALONE: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"#;

fn find(node: &Node<'_>, text: &str) -> Option<Range<usize>> {
    match &node.value {
        Value::String(found) if found == text => Some(node.span.clone()),
        Value::Array(nodes) => nodes.iter().find_map(|node| find(node, text)),
        Value::Object(members) => members.iter().find_map(|member| find(&member.value, text)),
        _ => None,
    }
}

/// The rules whose findings may be what AWS complains of.
fn rules_of(refusal: &Malformed) -> Vec<&'static Rule> {
    match refusal {
        Malformed::OldVersion => vec![&rule::OLD_VERSION, &rule::MISSING_VERSION],
        Malformed::InvalidVersion => vec![&rule::INVALID_VERSION],
        Malformed::LegacyParsing => {
            vec![&rule::INVALID_EFFECT, &rule::INVALID_VALUE, &rule::INVALID_RESOURCE]
        }
        Malformed::InvalidEffect(_) => vec![&rule::INVALID_EFFECT],
        Malformed::SidCharacters => vec![&rule::INVALID_SID],
        Malformed::DuplicateSid | Malformed::SidNotUnique => vec![&rule::DUPLICATE_SID],
        Malformed::NoActions
        | Malformed::NoResources
        | Malformed::MissingField(_)
        | Malformed::EmptyStatement
        | Malformed::EmptyPrincipal => vec![&rule::MISSING_ELEMENT, &rule::EMPTY_ELEMENT],
        Malformed::PrincipalInIdentityPolicy
        | Malformed::TrustNotPrincipal
        | Malformed::ProhibitedResource
        | Malformed::TrustNotResource => vec![&rule::MISPLACED_ELEMENT],
        Malformed::AllowNotPrincipal => vec![&rule::ALLOW_NOT_PRINCIPAL],
        Malformed::UnknownField(_) => vec![&rule::UNKNOWN_ELEMENT],
        Malformed::ResourceNotArn(_)
        | Malformed::Partition { .. }
        | Malformed::ResourceVendor
        | Malformed::IamRegion(_)
        | Malformed::S3Region(_)
        | Malformed::IamPath => vec![&rule::INVALID_RESOURCE, &rule::VARIABLE_OUT_OF_PLACE],
        Malformed::ActionWithoutVendor
        | Malformed::ActionColons
        | Malformed::ActionVendor(_)
        | Malformed::TrustAction => vec![&rule::INVALID_ACTION, &rule::VARIABLE_OUT_OF_PLACE],
        Malformed::SharedProvider { .. } => vec![&rule::OIDC_WITHOUT_SUBJECT],
        Malformed::PrincipalNotObject
        | Malformed::InvalidPrincipal { .. }
        | Malformed::InvalidPrincipalKind(_)
        | Malformed::FederatedPrincipal
        | Malformed::CognitoCondition => vec![&rule::INVALID_PRINCIPAL],
        _ => Vec::new(),
    }
}
