//! Trust policies, and with the same words session policies and the policies of other resources:
//! the document first, then statement by statement.

use std::collections::HashSet;

use daypass_ident::eq_ignore_case;

use super::condition;
use crate::document::{Document, Elements, is_text_or_list};
use crate::json::Node;
use crate::principal::PrincipalPattern;
use crate::{Malformed, PolicyKind};

pub(crate) fn validate<'d>(
    kind: PolicyKind,
    root: &'d Node<'d>,
) -> Result<Vec<Elements<'d>>, Malformed> {
    let document = Document::of(root).ok_or(super::not_json(kind))?;
    if let Some(unknown) = document.unknown {
        return Err(Malformed::UnknownField(unknown.into()));
    }
    let version = document.version.map(Node::as_str);
    if !matches!(version, None | Some(Some("2008-10-17" | "2012-10-17"))) {
        return Err(Malformed::InvalidVersion);
    }
    if document.statement.is_none_or(|node| node.as_list().is_empty()) {
        return Err(Malformed::EmptyStatement);
    }
    if document.id.is_some_and(|id| id.as_str().is_none()) {
        return Err(Malformed::TrustSyntax);
    }
    let statements = document.statements().ok_or(Malformed::TrustSyntax)?;
    let mut sids = HashSet::new();
    for elements in &statements {
        statement(kind, elements)?;
        if elements.sid_text().is_some_and(|sid| !sids.insert(sid)) {
            return Err(Malformed::SidNotUnique);
        }
    }
    Ok(statements)
}

fn statement(kind: PolicyKind, elements: &Elements<'_>) -> Result<(), Malformed> {
    if let Some(unknown) = elements.unknown {
        return Err(Malformed::UnknownField(unknown.into()));
    }
    effect(elements)?;
    match kind {
        PolicyKind::Session if elements.principal.is_some() || elements.not_principal.is_some() => {
            return Err(Malformed::PrincipalInIdentityPolicy);
        }
        PolicyKind::Session => {}
        _ => principal(kind, elements)?,
    }
    let sid = elements.sid.is_none_or(|sid| sid.as_str().is_some());
    if !sid || !elements.condition.is_none_or(condition::is_well_formed) {
        return Err(Malformed::TrustSyntax);
    }
    actions(kind, elements)?;
    resources(kind, elements)
}

fn effect(elements: &Elements<'_>) -> Result<(), Malformed> {
    let effect = elements.effect.ok_or(Malformed::MissingField("Effect"))?;
    match effect.as_str().ok_or(Malformed::TrustSyntax)? {
        "Allow" | "Deny" => Ok(()),
        "" => Err(Malformed::MissingField("Effect")),
        other => Err(Malformed::InvalidEffect(other.into())),
    }
}

fn principal(kind: PolicyKind, elements: &Elements<'_>) -> Result<(), Malformed> {
    let node = match (elements.principal, elements.not_principal) {
        (_, Some(_)) if elements.effect.and_then(Node::as_str) == Some("Allow") => {
            return Err(Malformed::AllowNotPrincipal);
        }
        (_, Some(_)) if kind == PolicyKind::Trust => return Err(Malformed::TrustNotPrincipal),
        (Some(_), Some(_)) => return Err(Malformed::TrustSyntax),
        (Some(node), None) | (None, Some(node)) => node,
        (None, None) => return Err(Malformed::MissingField("Principal")),
    };
    match (node.as_object(), node.as_str()) {
        (Some([]), _) => return Err(Malformed::EmptyPrincipal),
        (Some(_), _) => {}
        (None, Some("*")) if kind == PolicyKind::Resource => return Ok(()),
        (None, Some("*")) => return Err(Malformed::StarPrincipal),
        (None, Some(_)) => return Err(Malformed::PrincipalNotObject),
        (None, None) => return Err(Malformed::TrustSyntax),
    }
    for member in node.as_object().unwrap_or_default() {
        if member.value.as_list().is_empty() {
            return Err(Malformed::EmptyPrincipal);
        }
        for value in member.value.as_list() {
            let value = value.as_str().ok_or(Malformed::TrustSyntax)?;
            one_principal(kind, &member.key, value, elements)?;
        }
    }
    Ok(())
}

fn one_principal(
    policy: PolicyKind,
    kind: &str,
    value: &str,
    elements: &Elements<'_>,
) -> Result<(), Malformed> {
    let known = match kind {
        "AWS" => PrincipalPattern::aws(value).is_some(),
        "Service" => is_service(value),
        "Federated" if !is_provider(value) => return Err(Malformed::FederatedPrincipal),
        "Federated" if value == COGNITO && !names_identity_pool(elements) => {
            return Err(Malformed::CognitoCondition);
        }
        "Federated" => true,
        "CanonicalUser" => policy == PolicyKind::Resource,
        _ => return Err(Malformed::InvalidPrincipalKind(kind.into())),
    };
    if known {
        return Ok(());
    }
    Err(Malformed::InvalidPrincipal { kind: kind.to_ascii_uppercase().into(), value: value.into() })
}

fn actions(kind: PolicyKind, elements: &Elements<'_>) -> Result<(), Malformed> {
    if elements.action.is_some() && elements.not_action.is_some() {
        return Err(Malformed::TrustSyntax);
    }
    let lists = [elements.action, elements.not_action];
    if !lists.into_iter().flatten().all(is_text_or_list) {
        return Err(Malformed::TrustSyntax);
    }
    let (actions, _) = elements.actions().ok_or(Malformed::MissingField("Action"))?;
    let assumes = |action: &str| TRUST_ACTIONS.contains(&action);
    if kind == PolicyKind::Trust && !actions.iter().filter_map(Node::as_str).all(assumes) {
        return Err(Malformed::TrustAction);
    }
    Ok(())
}

fn resources(kind: PolicyKind, elements: &Elements<'_>) -> Result<(), Malformed> {
    if kind == PolicyKind::Trust {
        return match (elements.resource, elements.not_resource) {
            (Some(_), _) => Err(Malformed::ProhibitedResource),
            (None, Some(_)) => Err(Malformed::TrustNotResource),
            (None, None) => Ok(()),
        };
    }
    if elements.resource.is_some() && elements.not_resource.is_some() {
        return Err(Malformed::TrustSyntax);
    }
    elements.resources().map(drop).ok_or(Malformed::MissingField("Resource"))
}

/// Whether a condition asks for the identity pool that a token of Cognito is for.
fn names_identity_pool(elements: &Elements<'_>) -> bool {
    let operators = elements.condition.and_then(Node::as_object).unwrap_or_default();
    operators
        .iter()
        .flat_map(|operator| operator.value.as_object().unwrap_or_default())
        .any(|key| eq_ignore_case(&key.key, "cognito-identity.amazonaws.com:aud"))
}

/// Services are hosts of AWS; which of them exist is not for the language to know.
fn is_service(value: &str) -> bool {
    let host = |suffix: &str| value.strip_suffix(suffix).is_some_and(is_host);
    host(".amazonaws.com")
        || host(".amazonaws.com.cn")
        || host(".aws.internal")
        || host(".amazon.com")
}

/// A provider's ARN, or the host of a web identity provider that needs none.
fn is_provider(value: &str) -> bool {
    match daypass_ident::ArnParts::parse(value) {
        Some(arn) => {
            let kinds = ["saml-provider/", "oidc-provider/"];
            arn.service == "iam"
                && arn.account_id().is_some()
                && kinds.iter().any(|kind| {
                    arn.resource.strip_prefix(kind).is_some_and(|name| !name.is_empty())
                })
        }
        None => value.contains('.') && is_host(value),
    }
}

fn is_host(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    text.split('.').all(part)
}

/// The actions that a trust policy may name, in this case and without wildcards; `NotAction` too, of which
/// AWS's answer is not on record.
pub(crate) const TRUST_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

const COGNITO: &str = "cognito-identity.amazonaws.com";
