//! What daypass answers beside AWS's operations: whether it is up, why a signature does not match,
//! why a call was denied, how its web identities are verified, the tokens of delegation requests,
//! who signs in, what IAM Identity Center would assert of a user, what services get, a way back to the
//! start, and what time it is. Everything else at every other path is AWS's.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_LENGTH, CONTENT_TYPE,
    HeaderValue, ORIGIN,
};
use http::{Method, StatusCode};
use http_body_util::Full;

use crate::control::guard::is_from_another_site;
use crate::control::{
    clock, context_assertions, delegation, diagnoses, explanations, service_calls,
};
use crate::request::incoming::Incoming;
use crate::request::respond::{Response, bare};
use crate::{issuers, sign_in};

/// How the whole state is put back to what it was when daypass started.
pub trait Reset: fmt::Debug + Send + Sync {
    /// Puts it back. When this answers, requests see the state of the start.
    ///
    /// # Errors
    /// When the state could not be put back; the cause is for the log.
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>>;
}

/// Why the state could not be put back.
pub type ResetError = Box<dyn std::error::Error + Send + Sync>;

/// Answers a request that is not for AWS's operations; `None` for every other.
pub(crate) async fn answer(incoming: &Incoming) -> Option<Response> {
    let method = &incoming.head.method;
    match incoming.head.uri.path() {
        _ if method == Method::OPTIONS => Some(preflight(incoming)),
        "/" => None,
        "/health" | "/_daypass/health" if is_read(method) => {
            Some(json(StatusCode::OK, HEALTH, method))
        }
        "/_localstack/health" if is_read(method) => {
            Some(json(StatusCode::OK, LOCALSTACK_HEALTH, method))
        }
        path if sign_in::is_here(path) => sign_in::answer(incoming).await,
        service_calls::PATH => Some(Box::pin(service_calls::answer(incoming)).await),
        path if path.starts_with(FOLDER)
            && let Some(answer) =
                clock::answer(incoming).or_else(|| context_assertions::answer(incoming)) =>
        {
            Some(answer)
        }
        _ if is_read(method) => {
            match diagnoses::answer(incoming).or_else(|| delegation::answer(incoming)) {
                Some(answer) => Some(answer),
                None => match issuers::answer(incoming).await {
                    Some(document) => Some(document),
                    None => explanations::answer(incoming).await,
                },
            }
        }
        "/_daypass/reset" | "/moto-api/reset" if method == Method::POST => {
            let (status, body) = reset(incoming).await;
            Some(json(status, body, method))
        }
        _ => None,
    }
}

/// Resetting needs no signature, so it is there only where everybody knows the keys anyway, and
/// never for a web page that happens to be open in the same machine's browser.
async fn reset(incoming: &Incoming) -> (StatusCode, &'static str) {
    let config = &incoming.connection.config;
    let Some(hook) = config.reset.as_deref() else {
        return (StatusCode::NOT_FOUND, NO_RESET);
    };
    if config.env.directory.well_known_keys().is_none() {
        return (StatusCode::FORBIDDEN, NO_RESET_WITH_OWN_KEYS);
    }
    if is_from_another_site(incoming) {
        return (StatusCode::FORBIDDEN, NO_RESET_FROM_ELSEWHERE);
    }
    match hook.reset().await {
        Ok(()) => {
            // They hold the state of before.
            incoming.connection.explanations.forget();
            tracing::info!("the state is as it was at the start");
            (StatusCode::OK, RESET)
        }
        Err(error) => {
            tracing::error!(request_id = %incoming.id, error = &*error as &dyn std::error::Error, "the reset failed");
            (StatusCode::INTERNAL_SERVER_ERROR, RESET_FAILED)
        }
    }
}

/// What browsers ask before they let a page call AWS (the Fetch Standard, "CORS-preflight fetch").
fn preflight(incoming: &Incoming) -> Response {
    let headers = &incoming.head.headers;
    if !headers.contains_key(ORIGIN) || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return bare(StatusCode::BAD_REQUEST);
    }
    let mut response = bare(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    response
}

/// An answer in JSON; to `HEAD` only what it would be.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>, method: &Method) -> Response {
    let body = body.into();
    let length = body.len();
    let sent = if method == Method::HEAD { Bytes::new() } else { body };
    let mut response = Response::new(Full::new(sent));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_LENGTH, length.into());
    response
}

pub(crate) fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// Where most of this is.
const FOLDER: &str = "/_daypass/";

const HEALTH: &str = concat!(
    r#"{"status": "ok", "services": {"iam": "running", "sts": "running"}, "version": ""#,
    env!("CARGO_PKG_VERSION"),
    "\"}\n"
);

/// LocalStack's shape with its spaces, which scripts that wait for it look for.
const LOCALSTACK_HEALTH: &str = concat!(
    r#"{"services": {"iam": "running", "sts": "running"}, "edition": "daypass", "version": ""#,
    env!("CARGO_PKG_VERSION"),
    "\"}\n"
);

const RESET: &str = "{\"status\": \"ok\"}\n";
const NO_RESET: &str = "{\"message\": \"this daypass offers no reset\"}\n";
const NO_RESET_WITH_OWN_KEYS: &str =
    "{\"message\": \"daypass is reset over HTTP only while the well-known keys are in force\"}\n";
const NO_RESET_FROM_ELSEWHERE: &str =
    "{\"message\": \"daypass is not reset by a page of another origin\"}\n";
const RESET_FAILED: &str = "{\"message\": \"the reset failed; the log says why\"}\n";
