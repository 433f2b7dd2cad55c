//! Trust in identity providers.

use daypass_ident::{eq_ignore_case, strip_prefix_ignore_case};

use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::PolicyKind;

/// Whoever trusts a provider of OpenID Connect trusts all its users, unless a condition asks for
/// the subject.
pub(super) fn check(statement: &Statement<'_>, report: &mut Report<'_>) {
    if report.kind != PolicyKind::Trust || !statement.allows() {
        return;
    }
    let Some(principals) = statement.principals() else { return };
    let kinds = principals.member.value.as_object().unwrap_or_default().iter();
    let federated = kinds.filter(|kind| kind.key == "Federated");
    for node in federated.flat_map(|kind| kind.value.as_list()) {
        let Some(text) = node.as_str() else { continue };
        let Some(provider) = web_identity_provider(text) else { continue };
        if !asks_who(statement, provider) {
            let message = format!("everybody whom `{provider}` knows may assume the role");
            let finding = report.add(&rule::OIDC_WITHOUT_SUBJECT, &node.span, message);
            finding.help(format!("ask for `{provider}:sub` in a condition"));
        }
    }
}

/// The host and path by which the condition keys of a provider begin; `None` for SAML.
fn web_identity_provider(principal: &str) -> Option<&str> {
    match principal.split_once(":oidc-provider/") {
        Some((_, provider)) => Some(provider),
        None => (!principal.starts_with("arn:")).then_some(principal),
    }
}

/// Whether a condition compares a claim that tells the provider's users apart with anything but
/// any value.
fn asks_who(statement: &Statement<'_>, provider: &str) -> bool {
    statement.compared_keys().any(|key| {
        let claim = strip_prefix_ignore_case(&key.key, provider);
        let telling = claim.is_some_and(|claim| {
            TELLING.iter().any(|telling| eq_ignore_case(claim, telling))
                || (provider == "cognito-identity.amazonaws.com" && claim == ":aud")
        });
        let anything =
            |text: &str| matches!(text, "*" | "*:*" | "repo:*" | "system:serviceaccount:*");
        telling && !key.value.as_list().iter().filter_map(|value| value.as_str()).any(anything)
    })
}

const TELLING: [&str; 6] = [":sub", ":id", ":user_id", ":repository", ":job_workflow_ref", ":oaud"];
