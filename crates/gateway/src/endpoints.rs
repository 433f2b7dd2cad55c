//! Which of the rooms answers a path that is not of AWS's API.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN,
};
use http::{Method, StatusCode};

use crate::request::incoming::Incoming;
use crate::request::respond::{Response, bare};
use crate::{control, issuers, sign_in};

/// Answers a request that is not for AWS's operations; `None` for every other.
pub(crate) async fn answer(incoming: &Incoming) -> Option<Response> {
    match incoming.head.uri.path() {
        _ if incoming.head.method == Method::OPTIONS => Some(preflight(incoming)),
        "/" => None,
        path if sign_in::is_here(path) => sign_in::answer(incoming).await,
        // On the heap, so that no other request is as large as these.
        _ => match Box::pin(control::answer(incoming)).await {
            Some(response) => Some(response),
            None => issuers::answer(incoming).await,
        },
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
