//! The forms of answers about daypass itself.

use bytes::Bytes;
use daypass_ident::printable;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::request::incoming::Incoming;
use crate::request::respond::{self, Response};

/// An answer to a program. It is not to be cached: most of these are credentials.
pub(crate) fn json(status: StatusCode, body: &Value, incoming: &Incoming) -> Response {
    json_text(status, &body.to_string(), incoming)
}

/// The same, of JSON that is written already.
pub(crate) fn json_text(status: StatusCode, body: &str, incoming: &Incoming) -> Response {
    let body = printable(&format!("{body}\n")).into_owned();
    let mut response = respond::json(status, body, &incoming.head.method);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a reader is told, in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    text: Bytes,
    json: Bytes,
}

impl Reply {
    /// Text to be shown on a terminal, and the same as JSON. Both hold what others wrote into requests
    /// and policies, so whatever steers a terminal is escaped.
    pub(crate) fn new(text: &str, json: &Value) -> Self {
        let line = format!("{json}\n");
        let bytes = |text: &str| Bytes::from(printable(text).into_owned());
        Self { text: bytes(text), json: bytes(&line) }
    }

    pub(crate) fn message(text: &str) -> Self {
        Self::new(&format!("{text}\n"), &json!({"message": text}))
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len() + self.json.len()
    }

    /// The answer in the form that the client prefers.
    pub(crate) fn respond(self, status: StatusCode, incoming: &Incoming) -> Response {
        let is_json =
            incoming.header(ACCEPT).is_some_and(|accept| accept.contains("application/json"));
        let (content_type, body) = match is_json {
            true => ("application/json", self.json),
            false => ("text/plain; charset=utf-8", self.text),
        };
        let length = body.len();
        let mut response = Response::new(Full::new(match incoming.head.method {
            Method::HEAD => Bytes::new(),
            _ => body,
        }));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CONTENT_LENGTH, length.into());
        response
    }
}
