//! What the sign-in pages say.

use std::fmt::Write as _;

use aws_smithy_types::date_time::Format;
use http::{Method, StatusCode};
use quick_xml::escape::escape;

use super::SignedIn;
pub(super) use crate::request::page::{Forms, html};
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
