//! Sign-in tokens for temporary credentials, and who signs in with one (IAM User Guide, "Enable custom
//! identity broker access to the AWS console").

use aws_smithy_types::DateTime;
use daypass_authz::Env;
use daypass_ident::{Principal, Secret};
use daypass_state::Caller;
use daypass_wire::Params;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::token::SigninToken;
use super::{SignedIn, is_web_address, page, signing_in};
use crate::refusal_log::RefusedRequest;
use crate::request::incoming::{Incoming, is_form};
use crate::request::respond::Response;
use crate::request::respond::json;
use crate::trail::{SignIn, SignInEvent};

/// Answers a request to `/federation`.
pub(super) fn answer(incoming: &Incoming) -> Response {
    let method = &incoming.head.method;
    follow(incoming).unwrap_or_else(|refusal| {
        page::refusal(StatusCode::BAD_REQUEST, &[&refusal.to_string()], method)
    })
}

fn follow(incoming: &Incoming) -> Result<Response, Refusal> {
    let params = params(incoming)?;
    let (env, method) = (&*incoming.connection.config.env, &incoming.head.method);
    match params.action() {
        Some("getSigninToken") => {
            let made = sign_in_token(env, &params);
            let made = made.inspect_err(|refusal| refusal.log(SignIn::GetSigninToken, incoming));
            let caller = made.as_ref().ok().map(|(caller, _)| caller);
            let event = SignInEvent { step: SignIn::GetSigninToken, caller, destination: None };
            event.record(incoming);
            let token = json!({"SigninToken": made?.1});
            let mut response = json(StatusCode::OK, token.to_string(), method);
            let no_store = HeaderValue::from_static("no-store");
            response.headers_mut().insert(CACHE_CONTROL, no_store);
            Ok(response)
        }
        Some("login") => {
            let who = login(env, &params);
            let who = who.inspect_err(|refusal| refusal.log(SignIn::ConsoleLogin, incoming));
            let caller = who.as_ref().ok().map(|who| &who.caller);
            let destination = who.as_ref().ok().and_then(|who| who.destination);
            SignInEvent { step: SignIn::ConsoleLogin, caller, destination }.record(incoming);
            Ok(page::signed_in(&who?, method))
        }
        _ => Err(Refusal::Action),
    }
}

/// Parameters are form-encoded in the query, too: there `+` is a space.
fn params(incoming: &Incoming) -> Result<Params<'_>, Refusal> {
    let is_posted = incoming.head.method == Method::POST && is_form(incoming);
    let query = incoming.head.uri.query().unwrap_or_default();
    let text = if is_posted { &*incoming.body } else { query.as_bytes() };
    Params::from_form(text).map_err(|_| Refusal::Parameters)
}

/// The parameter `Session`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    session_id: String,
    session_key: Secret<String>,
    session_token: Secret<String>,
}

fn sign_in_token(env: &Env, params: &Params<'_>) -> Result<(Caller, String), Refusal> {
    let session = params.get("Session").ok_or(Refusal::Credentials)?;
    let shown: Shown = serde_json::from_str(session).map_err(|_| Refusal::Credentials)?;
    let seconds = params.get("SessionDuration").map(duration).transpose()?;
    let token = SigninToken {
        access_key_id: shown.session_id,
        session_token: shown.session_token,
        issued_at: env.clock.now().secs(),
        seconds,
    };
    let caller = token.caller(env).ok_or(Refusal::Credentials)?;
    // Equality of secrets takes the same time wherever they differ.
    if *caller.secret() != shown.session_key {
        return Err(Refusal::Credentials);
    }
    let session = signing_in(&caller).ok_or(Refusal::Credentials)?;
    let is_role = matches!(session.claims.principal, Principal::AssumedRole { .. });
    if seconds.is_some() && (session.claims.chained || !is_role) {
        return Err(Refusal::DurationOfOthers);
    }
    let token = token.seal(env, caller.account()).ok_or(Refusal::TooLong)?;
    Ok((caller, token))
}

fn duration(text: &str) -> Result<u32, Refusal> {
    let seconds = text.parse().ok();
    seconds.filter(|seconds| (900..=43_200).contains(seconds)).ok_or(Refusal::Duration)
}

fn login<'p>(env: &Env, params: &'p Params<'_>) -> Result<SignedIn<'p>, Refusal> {
    let token = params.get("SigninToken").and_then(|text| SigninToken::open(text, env));
    let token = token.ok_or(Refusal::Token)?;
    let now = env.clock.now().secs();
    if now >= token.issued_at.saturating_add(TOKEN_SECONDS) {
        return Err(Refusal::Token);
    }
    // The session may have ended since, or its role or user may be gone.
    let caller = token.caller(env).ok_or(Refusal::Token)?;
    let session = signing_in(&caller).ok_or(Refusal::Token)?;
    let destination = params.get("Destination").filter(|url| is_web_address(url));
    let destination = Some(destination.ok_or(Refusal::Destination)?);
    let until = token.seconds.map(|seconds| now.saturating_add(seconds.into()));
    let until = DateTime::from_secs(until.unwrap_or(session.claims.expires_at));
    let issuer = params.get("Issuer").filter(|issuer| !issuer.is_empty());
    Ok(SignedIn { caller, until, issuer, destination })
}

/// Why nobody signs in. The text about credentials is AWS's; it does not say what is wrong with
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("the parameters cannot be read")]
    Parameters,
    #[error("the parameter Action is getSigninToken or login")]
    Action,
    #[error("Invalid credentials parameter")]
    Credentials,
    #[error(
        "Invalid credentials parameter (SessionDuration is neither for sessions of \
         GetFederationToken nor for chained roles)"
    )]
    DurationOfOthers,
    #[error("the session token is longer than what a sign-in token can hold")]
    TooLong,
    #[error("SessionDuration is a number of seconds from 900 to 43200")]
    Duration,
    #[error("the sign-in token is not valid, or no longer")]
    Token,
    #[error("the parameter Destination is a URL with http or https")]
    Destination,
}

impl Refusal {
    fn log(self, step: SignIn, incoming: &Incoming) {
        RefusedRequest::log_sign_in(incoming, step, &self.to_string());
    }
}

/// How long a sign-in token is good.
const TOKEN_SECONDS: i64 = 15 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_last_from_a_quarter_of_an_hour_to_twelve() {
        for (text, expected) in [("900", Ok(900)), ("43200", Ok(43_200))] {
            assert_eq!(duration(text), expected, "{text}");
        }
        for text in ["899", "43201", "", "-900", "9e2", "99999999999"] {
            assert_eq!(duration(text), Err(Refusal::Duration), "{text}");
        }
    }
}
