//! The token endpoint (RFC 6749, section 3.2).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use daypass_federation::oidc::sign::SignError;
use daypass_ident::Secret;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use crate::mint::Token;
use crate::{Claims, Client, Provider, User};

#[cfg(test)]
mod tests;

/// Answers with tokens, or says by which error of RFC 6749 there are none.
pub(super) fn answer(provider: &Provider, headers: &HeaderMap, form: &[u8]) -> Response<Bytes> {
    match exchange(provider, headers, form) {
        Ok(tokens) => super::json(StatusCode::OK, &serde_json::Value::Object(tokens)),
        Err(refusal) => refusal.response(),
    }
}

fn exchange(provider: &Provider, headers: &HeaderMap, form: &[u8]) -> Result<Claims, Refusal> {
    let fields = Fields::parse(form).ok_or(Refusal::Request("a parameter comes twice"))?;
    let grant_type = fields.get("grant_type").ok_or(Refusal::Request("grant_type is missing"))?;
    let client = authenticated(provider, headers, &fields)?;
    match grant_type {
        "client_credentials" => client_credentials(provider, client, &fields),
        "password" => password(provider, client, &fields),
        "authorization_code" => authorization_code(provider, client, &fields),
        _ => Err(Refusal::GrantType),
    }
}

/// Section 4.4: no ID token, since nobody has signed in. The access token is a JWT all the same.
fn client_credentials(
    provider: &Provider,
    client: &Client,
    fields: &Fields,
) -> Result<Claims, Refusal> {
    if client.is_public() {
        return Err(Refusal::Client("a client without a secret gets no tokens for itself"));
    }
    let scope = fields.get("scope").map(checked_scope).transpose()?;
    let audience = fields.get("audience").unwrap_or(&client.id);
    let token =
        provider.sign(&Token::of_client(client, audience), &access_claims(client, scope))?;
    Ok(response(provider, token.expose(), scope))
}

/// Section 4.3.
fn password(provider: &Provider, client: &Client, fields: &Fields) -> Result<Claims, Refusal> {
    let name = fields.get("username").ok_or(Refusal::Request("username is missing"))?;
    let shown = fields.get("password").ok_or(Refusal::Request("password is missing"))?;
    let shown = Secret::new(shown.to_owned());
    let user = provider.user(name).filter(|user| user.password.as_ref() == Some(&shown));
    let user = user.ok_or(Refusal::Grant("no user has this name and this password"))?;
    let scope = checked_scope(fields.get("scope").unwrap_or(OPENID))?;
    let at = provider.clock.now().secs();
    tokens_of_user(provider, client, user, fields, &SignedIn { scope, at, nonce: None })
}

/// Section 4.1.3 and RFC 7636, section 4.6.
fn authorization_code(
    provider: &Provider,
    client: &Client,
    fields: &Fields,
) -> Result<Claims, Refusal> {
    let code = fields.get("code").ok_or(Refusal::Request("code is missing"))?;
    let redirect_uri =
        fields.get("redirect_uri").ok_or(Refusal::Request("redirect_uri is missing"))?;
    let grant = provider.codes.take(code, provider.clock.now());
    let grant = grant.ok_or(Refusal::Grant("the code is unknown, used or too old"))?;
    if grant.client != client.id {
        return Err(Refusal::Grant("the code is another client's"));
    }
    if grant.redirect_uri != redirect_uri {
        return Err(Refusal::Grant("the code was sent to another redirect_uri"));
    }
    match (&grant.challenge, fields.get("code_verifier")) {
        (None, None) => {}
        (Some(challenge), Some(verifier)) if is_met(challenge, verifier) => {}
        _ => return Err(Refusal::Grant("code_verifier does not fit the code_challenge")),
    }
    let user = provider.user(&grant.user).ok_or(Refusal::Grant("the user is gone"))?;
    let nonce = grant.nonce.as_deref();
    let signed_in = SignedIn { scope: &grant.scope, at: grant.at.secs(), nonce };
    tokens_of_user(provider, client, user, fields, &signed_in)
}

/// How a user came to be signed in.
struct SignedIn<'a> {
    scope: &'a str,
    at: i64,
    nonce: Option<&'a str>,
}

fn tokens_of_user(
    provider: &Provider,
    client: &Client,
    user: &User,
    fields: &Fields,
    signed_in: &SignedIn<'_>,
) -> Result<Claims, Refusal> {
    let scope = Some(signed_in.scope);
    let audience = fields.get("audience").unwrap_or(&client.id);
    let access = Token::of_user(user, client, audience);
    let access = provider.sign(&access, &access_claims(client, scope))?;
    let mut response = response(provider, access.expose(), scope);
    // OpenID Connect Core 1.0, section 3.1.2.1: what makes it OpenID Connect.
    if signed_in.scope.split(' ').any(|scope| scope == OPENID) {
        let mut claims = Claims::new();
        claims.insert("auth_time".to_owned(), json!(signed_in.at));
        if let Some(nonce) = signed_in.nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let token = provider.sign(&Token::of_user(user, client, &client.id), &claims)?;
        response.insert("id_token".to_owned(), json!(token.expose()));
    }
    Ok(response)
}

/// The claims that an access token has beside those of an ID token (RFC 9068, section 2.2).
fn access_claims(client: &Client, scope: Option<&str>) -> Claims {
    let mut claims = Claims::new();
    claims.insert("client_id".to_owned(), json!(client.id));
    if let Some(scope) = scope {
        claims.insert("scope".to_owned(), json!(scope));
    }
    claims
}

/// Section 5.1.
fn response(provider: &Provider, access_token: &str, scope: Option<&str>) -> Claims {
    let mut response = Claims::new();
    response.insert("access_token".to_owned(), json!(access_token));
    response.insert("token_type".to_owned(), json!("Bearer"));
    response.insert("expires_in".to_owned(), json!(provider.settings.lifetime));
    if let Some(scope) = scope {
        response.insert("scope".to_owned(), json!(scope));
    }
    response
}

/// The client that asks, proven by its secret in the header or in the form (section 2.3.1), or public.
fn authenticated<'a>(
    provider: &'a Provider,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<&'a Client, Refusal> {
    let (basic, in_form) = (headers.get(AUTHORIZATION), fields.get("client_secret"));
    let client = match basic {
        Some(_) if in_form.is_some() => {
            return Err(Refusal::Request("a client authenticates in one way"));
        }
        Some(basic) => {
            let (id, secret) = credentials(basic).ok_or(Refusal::Unauthenticated)?;
            let proven = |client: &&Client| client.is_proven_by(Some(secret.expose()));
            provider.client(&id).filter(proven)
        }
        None => {
            let client = fields.get("client_id").and_then(|id| provider.client(id));
            client.filter(|client| client.is_proven_by(in_form))
        }
    };
    let same = |client: &&Client| fields.get("client_id").is_none_or(|id| id == client.id);
    client.filter(same).ok_or(Refusal::Unauthenticated)
}

/// Id and secret in a header, each encoded as in a form before.
fn credentials(basic: &HeaderValue) -> Option<(String, Secret<String>)> {
    let (scheme, encoded) = basic.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Secret::new(String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?);
    let (id, secret) = decoded.expose().split_once(':')?;
    Some((form_decoded(id), Secret::new(form_decoded(secret))))
}

/// What stands before the first `=`, as a form would mean it. Where there is a `=` or `&`, it was not
/// encoded, as many programs do not: then it is meant as it stands.
fn form_decoded(text: &str) -> String {
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    match (pairs.next(), text.contains(['=', '&'])) {
        (Some((name, _)), false) => name.into_owned(),
        _ => text.to_owned(),
    }
}

/// Section 3.3.
pub(super) fn checked_scope(scope: &str) -> Result<&str, Refusal> {
    let fits = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let mut tokens = scope.split(' ');
    let well_formed = tokens.all(|token| !token.is_empty() && token.bytes().all(fits));
    if well_formed { Ok(scope) } else { Err(Refusal::Scope) }
}

/// RFC 7636, section 4.6, with `S256`.
fn is_met(challenge: &str, verifier: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let computed = Secret::new(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    well_formed && computed == Secret::new(challenge.to_owned())
}

/// Why there are no tokens (section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Request(&'static str),
    Unauthenticated,
    Grant(&'static str),
    Client(&'static str),
    GrantType,
    Scope,
    Internal,
}

impl Refusal {
    fn response(self) -> Response<Bytes> {
        let (error, description) = match self {
            Self::Request(why) => ("invalid_request", why),
            Self::Unauthenticated => ("invalid_client", "no client has this id and this secret"),
            Self::Grant(why) => ("invalid_grant", why),
            Self::Client(why) => ("unauthorized_client", why),
            Self::GrantType => (
                "unsupported_grant_type",
                "grant_type is one of client_credentials, password, authorization_code",
            ),
            Self::Scope => ("invalid_scope", "scope is a list of words with a space between them"),
            Self::Internal => ("server_error", "the token cannot be signed"),
        };
        let status = match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({"error": error, "error_description": description});
        let mut response = super::json(status, &body);
        // A 401 without it is none (RFC 9110, section 15.5.2), however the client tried.
        if self == Self::Unauthenticated {
            let basic = HeaderValue::from_static("Basic realm=\"daypass idp\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, basic);
        }
        response
    }
}

impl From<SignError> for Refusal {
    fn from(_: SignError) -> Self {
        Self::Internal
    }
}

const OPENID: &str = "openid";
