//! Pages for people: few words, no script, nothing from elsewhere.

use std::fmt::Write as _;

use aws_smithy_types::date_time::Format;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, StatusCode};
use http_body_util::Full;
use quick_xml::escape::escape;

use super::SignedIn;
use crate::request::respond::Response;

/// Who has signed in, until when, and where they wanted to go.
pub(super) fn signed_in(who: &SignedIn<'_>, method: &Method) -> Response {
    let (arn, account) = (who.caller.principal().arn(), who.caller.account());
    // INVARIANT: the clock shows only times that can be written.
    let until = who.until.fmt(Format::DateTime).unwrap_or_default();
    let mut body = format!(
        "<dl><dt>ARN</dt><dd>{}</dd><dt>Account</dt><dd>{account}</dd><dt>Until</dt><dd>{until}</dd>",
        escape(arn.as_str())
    );
    if let Some(issuer) = who.issuer {
        let _ = write!(body, "<dt>Issuer</dt><dd>{}</dd>", escape(issuer));
    }
    body.push_str("</dl><p>daypass has no console: no cookie is set, and no session is kept.</p>");
    if let Some(to) = who.destination.map(escape) {
        let link = format!("<a rel=\"noreferrer\" href=\"{to}\">{to}</a>");
        let _ = write!(body, "<p>The destination is {link}.</p>");
    }
    html(StatusCode::OK, "Signed in", &body, Forms::None, method)
}

/// Why nobody has signed in: paragraphs, of which empty ones are left out.
pub(super) fn refusal(status: StatusCode, paragraphs: &[&str], method: &Method) -> Response {
    let mut body = String::new();
    for text in paragraphs.iter().filter(|text| !text.is_empty()) {
        let _ = write!(body, "<p>{}</p>", escape(*text));
    }
    html(status, &status.to_string(), &body, Forms::None, method)
}

/// Where the forms of a page may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forms {
    /// There are none.
    None,
    /// To where the page came from.
    ToHere,
}

/// A page of this body, which is HTML; so is the title.
pub(super) fn html(
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
