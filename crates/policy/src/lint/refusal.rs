//! What AWS itself says, put on the finding that explains it.

use std::ops::Range;

use super::Finding;
use super::report::Report;
use super::rule::{self, Category, Rule, Severity};
use crate::json::{self, Node, Value};
use crate::{Malformed, Policy, PolicyKind};

pub(super) fn check<'d>(root: &'d Node<'d>, report: &mut Report<'_>) {
    let partition = partition(root);
    let Err(refusal) = saved(&partition, report) else { return };
    let named = named_text(&refusal)
        .and_then(|text| find(root, text))
        .or_else(|| resource(root, &partition, report.kind, &refusal));
    let rules = rules_of(&refusal);
    let at = |finding: &Finding| named.as_ref().is_none_or(|span| *span == finding.span);
    let grammar = |finding: &Finding| {
        finding.severity == Severity::Error && finding.rule.category == Category::Grammar
    };
    let explains = |finding: &Finding| rules.contains(&finding.rule) && at(finding);
    // One that is an error already is known to be refused.
    let refused = |finding: &Finding| finding.severity == Severity::Error && explains(finding);
    let value = |finding: &Finding| {
        finding.severity == Severity::Error && finding.rule == &rule::INVALID_VALUE
    };
    let position = |wanted: &dyn Fn(&Finding) -> bool| report.findings().iter().position(wanted);
    let best = position(&refused)
        .or_else(|| position(&explains))
        .or_else(|| position(&|finding| grammar(finding) && at(finding)))
        .or_else(|| position(&value).filter(|_| refusal == Malformed::Syntax));
    let finding = match best.and_then(|at| report.findings_mut().get_mut(at)) {
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
fn saved(partition: &str, report: &Report<'_>) -> Result<(), Malformed> {
    let policy = Policy::parse_in(partition, report.kind, report.text)?;
    if report.kind != PolicyKind::Trust {
        return Ok(());
    }
    policy.check_shared_providers()?;
    policy.check_services(|name| report.vocabulary.is_service_principal(name))
}

/// The partition of the account that the document is for, as far as it tells: `aws`, unless its
/// resources are all elsewhere.
fn partition(root: &Node<'_>) -> String {
    let mut first = None;
    for text in resources(root).filter_map(Node::as_str) {
        match text.strip_prefix("arn:").and_then(|rest| rest.split(':').next()) {
            Some("aws") => return "aws".to_owned(),
            Some(partition) if is_partition(partition) => first = first.or(Some(partition)),
            _ => {}
        }
    }
    first.unwrap_or("aws").to_owned()
}

fn is_partition(name: &str) -> bool {
    matches!(name, "aws-cn" | "aws-us-gov" | "aws-eusc") || name.starts_with("aws-iso")
}

/// The text of the document that AWS's message names.
fn named_text(refusal: &Malformed) -> Option<&str> {
    match refusal {
        Malformed::ResourceNotArn(text)
        | Malformed::IamRegion(text)
        | Malformed::ResourceRegion(text)
        | Malformed::ResourceAccount(text)
        | Malformed::InvalidPrincipal { value: text, .. }
        | Malformed::SharedProvider { provider: text, .. } => Some(text),
        _ => None,
    }
}

/// The resource that AWS's message is about without naming it: the one that is refused so by
/// itself.
fn resource<'n>(
    root: &'n Node<'n>,
    partition: &str,
    kind: PolicyKind,
    refusal: &Malformed,
) -> Option<Range<usize>> {
    if rules_of(refusal).first() != Some(&&rule::INVALID_RESOURCE) {
        return None;
    }
    let refused = |node: &&Node<'_>| {
        let mut alone = String::from(ALONE);
        json::write_string(node.as_str().unwrap_or_default(), &mut alone);
        alone.push_str("}}");
        Policy::parse_in(partition, kind, &alone).err().as_ref() == Some(refusal)
    };
    resources(root).find(refused).map(|node| node.span.clone())
}

/// The resources of all statements.
fn resources<'n>(root: &'n Node<'n>) -> impl Iterator<Item = &'n Node<'n>> {
    let member = |node: &'n Node<'n>, names: &[&str]| {
        let members = node.as_object()?;
        members.iter().find(|member| names.contains(&&*member.key)).map(|member| &member.value)
    };
    let statements = member(root, &["Statement"]).map(Node::as_list).unwrap_or_default().iter();
    statements
        .filter_map(move |node| member(node, &["Resource", "NotResource"]))
        .flat_map(Node::as_list)
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
            vec![
                &rule::INVALID_EFFECT,
                &rule::INVALID_VALUE,
                &rule::INVALID_RESOURCE,
                &rule::VARIABLE_OUT_OF_PLACE,
            ]
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
        | Malformed::ResourceRegion(_)
        | Malformed::ResourceAccount(_)
        | Malformed::IamPath => vec![&rule::INVALID_RESOURCE, &rule::VARIABLE_OUT_OF_PLACE],
        Malformed::ActionWithoutVendor
        | Malformed::ActionColons
        | Malformed::ActionVendor(_)
        | Malformed::ActionVendorWildcard
        | Malformed::TrustAction => vec![&rule::INVALID_ACTION, &rule::VARIABLE_OUT_OF_PLACE],
        Malformed::SharedProvider { .. } => vec![&rule::OIDC_WITHOUT_SUBJECT],
        Malformed::StarPrincipal
        | Malformed::PrincipalNotObject
        | Malformed::InvalidPrincipal { .. }
        | Malformed::InvalidPrincipalKind(_)
        | Malformed::FederatedPrincipal
        | Malformed::CognitoCondition => vec![&rule::INVALID_PRINCIPAL],
        _ => Vec::new(),
    }
}
