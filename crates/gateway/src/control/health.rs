//! Whether daypass is up. It is for everybody, as it tells nothing but the version.

use http::StatusCode;

use crate::request::incoming::Incoming;
use crate::request::respond::{Response, json};

/// Answers with one of the two forms.
pub(super) fn answer(body: &'static str, incoming: &Incoming) -> Response {
    json(StatusCode::OK, body, &incoming.head.method)
}

/// daypass's own form.
pub(super) const OWN: &str = concat!(
    r#"{"status": "ok", "services": {"iam": "running", "sts": "running"}, "version": ""#,
    env!("CARGO_PKG_VERSION"),
    "\"}\n"
);

/// LocalStack's shape with its spaces, which scripts that wait for it look for.
pub(super) const LOCALSTACK: &str = concat!(
    r#"{"services": {"iam": "running", "sts": "running"}, "edition": "daypass", "version": ""#,
    env!("CARGO_PKG_VERSION"),
    "\"}\n"
);
