//! Pages for people: few words, no script, nothing from elsewhere.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, StatusCode};
use http_body_util::Full;

use super::{Refusal, SignedIn};
use crate::respond::Response;

/// Who has signed in, until when, and where they wanted to go.
pub(super) fn signed_in(who: &SignedIn<'_>, method: &Method) -> Response {
    let (arn, account, until) = (Escaped(who.arn.as_str()), who.account, Escaped(&who.until));
    let mut body = format!(
        "<dl><dt>ARN</dt><dd>{arn}</dd><dt>Account</dt><dd>{account}</dd>\
         <dt>Until</dt><dd>{until}</dd>"
    );
    if let Some(issuer) = who.issuer {
        let _ = write!(body, "<dt>Issuer</dt><dd>{}</dd>", Escaped(issuer));
    }
    let to = Escaped(who.destination);
    let _ = write!(
        body,
        "</dl><p>daypass has no console: no cookie is set, and no session is kept.</p>\
         <p>The destination is <a rel=\"noreferrer\" href=\"{to}\">{to}</a>.</p>"
    );
    page(StatusCode::OK, "Signed in", &body, method)
}

/// Why nobody has signed in.
pub(super) fn refusal(refusal: &Refusal, method: &Method) -> Response {
    let body = format!("<p>{}</p>", Escaped(&refusal.to_string()));
    page(StatusCode::BAD_REQUEST, "400 Bad Request", &body, method)
}

fn page(status: StatusCode, title: &str, body: &str, method: &Method) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
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
        (CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
        // The address of the page holds a sign-in token.
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A text as it stands in HTML, in an element or in a quoted attribute.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
