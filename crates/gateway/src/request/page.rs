//! Pages for people: few words, no script, nothing from elsewhere.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, StatusCode};
use http_body_util::Full;

use crate::request::respond::Response;

/// Where the forms of a page may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms {
    /// There are none.
    None,
    /// To where the page came from.
    ToHere,
}

/// A page of this body, which is HTML; so is the title.
pub(crate) fn html(
    status: StatusCode,
    title: &str,
    body: &str,
    forms: Forms,
    method: &Method,
) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"/><title>{title}</title></head>\
         <body><h1>{title}</h1>{body}</body></html>\n"
    );
    let length = html.len();
    let sent = if method == Method::HEAD { Bytes::new() } else { html.into() };
    let mut response = Response::new(Full::new(sent));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length.into());
    let fixed = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            match forms {
                Forms::None => {
                    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                }
                Forms::ToHere => {
                    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
                }
            },
        ),
        // The address of a page may hold a sign-in token.
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
