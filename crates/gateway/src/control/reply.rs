//! The forms of answers about daypass itself.

use bytes::Bytes;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::request::incoming::Incoming;
use crate::request::respond::{self, Response};

/// An answer to a program. It is not to be cached: most of these are credentials.
pub(crate) fn json(status: StatusCode, body: &Value, incoming: &Incoming) -> Response {
    let mut response = respond::json(status, format!("{body}\n"), &incoming.head.method);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a reader is told, in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) text: Bytes,
    pub(crate) json: Bytes,
}

impl Reply {
    pub(crate) fn message(text: &str) -> Self {
        let json = json!({"message": text});
        Self { text: format!("{text}\n").into(), json: format!("{json}\n").into() }
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
