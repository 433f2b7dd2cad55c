//! The authorization endpoint (RFC 6749, section 3.1): who has signed in is sent back with a code.

use bytes::Bytes;
use daypass_ident::Secret;
use http::{Response, StatusCode};

use super::fields::Fields;
use super::origin::REFUSED;
use super::{AUTHORIZE, page, redirect};
use crate::codes::Grant;
use crate::{Client, Provider, User};

#[cfg(test)]
mod tests;

/// Shows the sign-in page to who brings a request.
pub(super) fn show(provider: &Provider, query: &[u8]) -> Response<Bytes> {
    match Request::read(provider, query) {
        Ok((_, fields)) => page::sign_in(provider, AUTHORIZE, carried(&fields), None),
        Err(refusal) => refusal.response(provider),
    }
}

/// Takes what the sign-in page asked for, the request along with it. A request may come in a form, too
/// (OpenID Connect Core 1.0, section 3.1.2.1), which nobody has signed in with yet. `is_own`: whether the
/// form is from a page of this provider.
pub(super) fn sign_in(provider: &Provider, form: &[u8], is_own: bool) -> Response<Bytes> {
    let (request, fields) = match Request::read(provider, form) {
        Ok(read) => read,
        Err(refusal) => return refusal.response(provider),
    };
    if fields.get("user").is_none() {
        return page::sign_in(provider, AUTHORIZE, carried(&fields), None);
    }
    if !is_own {
        return page::problem(StatusCode::FORBIDDEN, REFUSED);
    }
    let Some(user) = signed_in(provider, &fields) else {
        return page::sign_in(provider, AUTHORIZE, carried(&fields), Some(NOT_SIGNED_IN));
    };
    let code = provider.codes.add(request.grant(provider, user), &*provider.ids);
    send_back(provider, &request.redirect_uri, request.state.as_deref(), &[("code", &code)])
}

/// The user that a sign-in page names, if the password is theirs or they have none.
pub(super) fn signed_in<'a>(provider: &'a Provider, fields: &Fields) -> Option<&'a User> {
    let shown = Secret::new(fields.get("password").unwrap_or_default().to_owned());
    let user = provider.user(fields.get("user")?)?;
    user.password.as_ref().is_none_or(|password| *password == shown).then_some(user)
}

/// What a sign-in page carries from one answer to the next.
pub(super) fn carried(fields: &Fields) -> impl Iterator<Item = (&str, &str)> {
    fields.iter().filter(|(name, _)| !matches!(*name, "user" | "password"))
}

/// What a client wants of a user (section 4.1.1; OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636,
/// section 4.3).
struct Request {
    client: String,
    redirect_uri: String,
    scope: String,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<String>,
}

impl Request {
    fn read(provider: &Provider, text: &[u8]) -> Result<(Self, Fields), Refusal> {
        let fields = Fields::parse(text).ok_or(Refusal::Page("A parameter comes twice."))?;
        // Until it is known where to, nobody is sent anywhere (section 4.1.2.1).
        let client = fields.get("client_id").and_then(|id| provider.client(id));
        let client = client.ok_or(Refusal::Page("No client has this client_id."))?;
        let is_known = |uri: &&str| client.redirect_uris.iter().any(|known| known == uri);
        let redirect_uri = fields.get("redirect_uri").filter(is_known);
        let redirect_uri =
            redirect_uri.ok_or(Refusal::Page("The redirect_uri is not one of the client's."))?;
        let state = fields.get("state").map(str::to_owned);
        check(client, &fields).map_err(|(error, why)| Refusal::SendBack {
            redirect_uri: redirect_uri.to_owned(),
            state: state.clone(),
            error,
            why,
        })?;
        let request = Self {
            client: client.id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scope: fields.get("scope").unwrap_or("openid").to_owned(),
            state,
            nonce: fields.get("nonce").map(str::to_owned),
            challenge: fields.get("code_challenge").map(str::to_owned),
        };
        Ok((request, fields))
    }

    fn grant(&self, provider: &Provider, user: &User) -> Grant {
        Grant {
            client: self.client.clone(),
            user: user.name.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scope: self.scope.clone(),
            nonce: self.nonce.clone(),
            challenge: self.challenge.clone(),
            at: provider.clock.now(),
        }
    }
}

/// What is wrong with a request of a known client; an error's code and its description.
fn check(client: &Client, fields: &Fields) -> Result<(), (&'static str, &'static str)> {
    match fields.get("response_type") {
        Some("code") => {}
        None => return Err(("invalid_request", "response_type is missing")),
        Some(_) => return Err(("unsupported_response_type", "response_type is code")),
    }
    if super::token::checked_scope(fields.get("scope").unwrap_or("openid")).is_err() {
        return Err(("invalid_scope", "scope is a list of words with a space between them"));
    }
    for (name, error) in UNSUPPORTED {
        if fields.get(name).is_some() {
            return Err((error, "parameters are sent as they are, of clients that are configured"));
        }
    }
    if fields.get("response_mode").is_some_and(|mode| mode != "query") {
        return Err(("invalid_request", "response_mode is query"));
    }
    // Whoever comes has to sign in: nobody is remembered.
    if fields.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
        return Err(("login_required", "nobody is signed in without being asked"));
    }
    match (fields.get("code_challenge"), fields.get("code_challenge_method")) {
        (None, None) if client.is_public() => {
            Err(("invalid_request", "a client without a secret needs a code_challenge"))
        }
        (None, None) => Ok(()),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(()),
        _ => Err(("invalid_request", "a code_challenge is of 43 characters, by the method S256")),
    }
}

/// Why nobody can sign in.
enum Refusal {
    /// Said to whoever sits before the browser.
    Page(&'static str),
    /// Said to the client.
    SendBack { redirect_uri: String, state: Option<String>, error: &'static str, why: &'static str },
}

impl Refusal {
    fn response(&self, provider: &Provider) -> Response<Bytes> {
        match self {
            Self::Page(why) => page::problem(StatusCode::BAD_REQUEST, why),
            Self::SendBack { redirect_uri, state, error, why } => {
                let fields = [("error", *error), ("error_description", *why)];
                send_back(provider, redirect_uri, state.as_deref(), &fields)
            }
        }
    }
}

/// Section 4.1.2, with who answers (RFC 9207).
fn send_back(
    provider: &Provider,
    redirect_uri: &str,
    state: Option<&str>,
    fields: &[(&str, &str)],
) -> Response<Bytes> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields).extend_pairs(state.map(|state| ("state", state)));
    let query = query.append_pair("iss", provider.issuer()).finish();
    let separator = if redirect_uri.contains('?') { "&" } else { "?" };
    redirect(&[redirect_uri, separator, &query].concat())
}

/// What is sent by reference or on the way (OpenID Connect Core 1.0, section 3.1.2.6), by its error.
const UNSUPPORTED: [(&str, &str); 3] = [
    ("request", "request_not_supported"),
    ("request_uri", "request_uri_not_supported"),
    ("registration", "registration_not_supported"),
];

pub(super) const NOT_SIGNED_IN: &str = "No user has this name and this password.";
