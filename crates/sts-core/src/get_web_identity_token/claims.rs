//! What a token says of its caller (IAM User Guide, "Understanding token claims"). Of AWS's claims
//! those are left out that only AWS's compute and sign-in services could fill.

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_authz::{Call, Permitted};
use daypass_ident::{Principal, eq_ignore_case, generate_uuid};
use daypass_state::record::Tags;
use serde::Serialize;

use crate::generated::GetWebIdentityToken;
use crate::tags;

/// The claims of a token.
#[derive(Debug, Serialize)]
pub(super) struct Claims<'a> {
    iss: String,
    sub: String,
    aud: Audience<'a>,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(rename = "https://sts.amazonaws.com/")]
    of_aws: OfAws<'a>,
}

/// The audiences; a single one stands alone.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(&'a str),
    Many(&'a [String]),
}

#[derive(Debug, Serialize)]
struct OfAws<'a> {
    aws_account: String,
    source_region: &'a str,
    principal_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    org_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ou_path: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    principal_tags: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_session_exp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    federated_provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_identity: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    request_tags: BTreeMap<&'a str, &'a str>,
}

impl<'a> Claims<'a> {
    pub(super) fn of(
        permitted: &'a Permitted<GetWebIdentityToken>,
        issuer: String,
        expires_at: i64,
    ) -> Self {
        let (call, input) = (permitted.call(), permitted.input());
        // Of a session its role, as in aws:PrincipalArn: the session's name is not told.
        let subject = String::from(call.caller.principal().principal_arn());
        let session = call.caller.session().map(|session| &session.claims);
        let membership = call.membership();
        Self {
            iss: issuer,
            sub: subject.clone(),
            aud: match input.audience.as_slice() {
                [one] => Audience::One(one),
                many => Audience::Many(many),
            },
            iat: permitted.now(),
            exp: expires_at,
            jti: generate_uuid(permitted.ids()),
            of_aws: OfAws {
                aws_account: call.account().to_string(),
                source_region: &call.region,
                principal_id: subject,
                org_id: membership.map(|membership| membership.organization_id()),
                ou_path: membership.map(|membership| [membership.path()]),
                principal_tags: principal_tags(call),
                original_session_exp: role_session_end(call),
                federated_provider: session
                    .and_then(|claims| claims.federation.as_ref())
                    .map(|federation| federation.provider.as_str()),
                source_identity: session.and_then(|claims| claims.source_identity.as_deref()),
                request_tags: tags::pairs(input.tags.as_deref().unwrap_or_default()).collect(),
            },
        }
    }
}

/// The tags of the caller as `aws:PrincipalTag` has them: a session's own stand before those of its
/// role or user.
fn principal_tags(call: &Call) -> BTreeMap<&str, &str> {
    let session = call.caller.session().map(|session| &session.claims);
    let own: BTreeMap<&str, &str> = session
        .into_iter()
        .flat_map(|claims| &claims.tags)
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let holder = session.and_then(|claims| claims.issuer.as_ref());
    let entity = entity_tags(call, holder.unwrap_or_else(|| call.caller.principal()));
    let mut all: BTreeMap<&str, &str> = entity
        .into_iter()
        .flat_map(Tags::iter)
        .filter(|(key, _)| !own.keys().any(|other| eq_ignore_case(other, key)))
        .collect();
    all.extend(own);
    all
}

fn entity_tags<'a>(call: &'a Call, principal: &Principal) -> Option<&'a Tags> {
    let account = call.entities();
    match principal {
        Principal::User { id, .. } => Some(&account.user_by_id(*id)?.record.tags),
        Principal::AssumedRole { id, .. } => Some(&account.role_by_id(*id)?.record.tags),
        _ => None,
    }
}

fn role_session_end(call: &Call) -> Option<String> {
    let session = call.caller.session()?;
    let is_of_role = matches!(session.claims.principal, Principal::AssumedRole { .. });
    let end = DateTime::from_secs(session.claims.expires_at);
    is_of_role.then(|| end.fmt(Format::DateTime).ok()).flatten()
}
