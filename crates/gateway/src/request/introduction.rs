//! What daypass is, for somebody who opens its address in a browser or with curl.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{Method, StatusCode};
use http_body_util::Full;
use quick_xml::escape::escape;

use crate::request::incoming::Incoming;
use crate::request::page;
use crate::request::respond::Response;
use crate::request::unsigned::claim;
use crate::transport::budget::Claim;

/// A short page for a `GET` that shows no signature. Only for a request that names no action.
///
/// `None`: the request is another one, or daypass behaves as AWS, which redirects to its website.
pub(crate) fn answer(incoming: &Incoming) -> Option<Response> {
    let head = &incoming.head;
    let is_for_reading = matches!(head.method, Method::GET | Method::HEAD);
    let departs = incoming.connection.config.env.departures.introduction;
    if !departs || !is_for_reading || claim(head) == Claim::Signed {
        return None;
    }
    let text = text(incoming);
    let wants_html = incoming.header(ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if wants_html {
        let body = format!("<pre>{}</pre>", escape(&*text));
        return Some(page::html(StatusCode::OK, "daypass", &body, page::Forms::None, &head.method));
    }
    let length = text.len();
    let sent = if head.method == Method::HEAD { Bytes::new() } else { text.into() };
    let mut response = Response::new(Full::new(sent));
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length.into());
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}

/// The keys are not in it but where everybody knows them.
fn text(incoming: &Incoming) -> String {
    let config = &incoming.connection.config;
    let is_public = config.public_host.is_some();
    // Behind a proxy the scheme is not known here.
    let endpoint = match incoming.host() {
        host if !is_public && !host.is_empty() => format!("http://{host}"),
        _ => "THE-ADDRESS-OF-THIS-PAGE".to_owned(),
    };
    let keys = if config.env.directory.well_known_keys().is_some() {
        "  export AWS_ACCESS_KEY_ID=test\n  export AWS_SECRET_ACCESS_KEY=test\n"
    } else {
        "  export AWS_ACCESS_KEY_ID=...       # a key of this daypass: its root key was printed at its start\n  \
         export AWS_SECRET_ACCESS_KEY=...\n"
    };
    format!(
        "This is daypass {}: AWS STS and IAM on your own machine. It has no other service and no console.\n\n\
         AWS's SDKs and the AWS CLI use it with these settings:\n\n  \
         export AWS_ENDPOINT_URL_IAM={endpoint}\n  export AWS_ENDPOINT_URL_STS={endpoint}\n  \
         export AWS_REGION=us-east-1\n{keys}\n\
         Then, for instance: aws sts get-caller-identity\n\n\
         On the machine that runs daypass, eval \"$(daypass env --services)\" sets them.\n",
        env!("CARGO_PKG_VERSION")
    )
}
