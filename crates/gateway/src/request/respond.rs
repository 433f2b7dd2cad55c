//! Answers in AWS's form. Every request leaves through here.

use bytes::Bytes;
use daypass_ident::{IdGen, RequestId};
use daypass_model::Service;
use daypass_wire::{Fault, Format, response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;

use crate::other_services;
use crate::request::destination::Destination;
use crate::request::incoming::Incoming;
use crate::request::introduction;
use crate::request::refusal::Refusal;

/// What every request comes to.
pub(crate) type Response = http::Response<Full<Bytes>>;

/// The answer to a call: what its operation says, or why it was refused.
pub(crate) fn respond(
    incoming: &Incoming,
    service: Service,
    outcome: Result<Vec<u8>, Refusal>,
) -> Response {
    let format = incoming.format();
    let answer = match outcome {
        Ok(body) => Answer::new(StatusCode::OK, Some(format), body.into()),
        Err(Refusal::OtherService(other)) => return other_services::answer(incoming, &other),
        Err(refusal) => match refusal.fault() {
            Some(fault) => Answer::failure(incoming.id, service, format, &fault),
            None => match refusal {
                Refusal::Bare(status) => return bare(status),
                Refusal::Elsewhere(location) => match introduction::answer(incoming) {
                    Some(page) => return page,
                    None => Answer::redirect(location),
                },
                _ => Answer::unknown_path(),
            },
        },
    };
    answer.finish(incoming.id, service, &*incoming.connection.config.env.ids, &incoming.head.method)
}

/// No more than a status.
pub(crate) fn bare(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
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

/// The answer when daypass itself has failed, before or after it knew what was asked.
pub(crate) fn internal_failure(id: RequestId, ids: &dyn IdGen, method: &Method) -> Response {
    let fault = Fault::internal_failure();
    let answer = Answer::failure(id, Service::Sts, Format::Xml, &fault);
    answer.finish(id, Service::Sts, ids, method)
}

/// The answer when others use all that daypass may hold. SDKs try again.
pub(crate) fn no_room(incoming: &Incoming) -> Response {
    let service = Destination::of(incoming.host(), None, None).service;
    let fault = Fault::service_unavailable();
    let answer = Answer::failure(incoming.id, service, incoming.format(), &fault);
    let ids = &*incoming.connection.config.env.ids;
    let mut response = answer.finish(incoming.id, service, ids, &incoming.head.method);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

struct Answer {
    status: StatusCode,
    format: Option<Format>,
    location: Option<HeaderValue>,
    body: Bytes,
}

impl Answer {
    fn new(status: StatusCode, format: Option<Format>, body: Bytes) -> Self {
        Self { status, format, location: None, body }
    }

    fn failure(id: RequestId, service: Service, format: Format, fault: &Fault) -> Self {
        let status = StatusCode::from_u16(fault.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let id = id.encode(&mut [0; 36]).to_owned();
        let body = response::failure(format, service.namespace(), fault, &id);
        Self::new(status, Some(format), body.into())
    }

    /// Where there is nothing, AWS answers with the bare element.
    fn unknown_path() -> Self {
        let body = Bytes::from_static(b"<UnknownOperationException/>\n");
        Self::new(StatusCode::NOT_FOUND, Some(Format::Xml), body)
    }

    fn redirect(location: HeaderValue) -> Self {
        Self { location: Some(location), ..Self::new(StatusCode::FOUND, None, Bytes::new()) }
    }

    fn finish(self, id: RequestId, service: Service, ids: &dyn IdGen, method: &Method) -> Response {
        let mut headers = HeaderMap::with_capacity(8);
        write_ids(&mut headers, id, service, ids);
        if let Some(format) = self.format {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
        }
        if let Some(location) = self.location {
            headers.insert(LOCATION, location);
        }
        let mut body = self.body;
        if method == Method::HEAD {
            headers.insert(CONTENT_LENGTH, body.len().into());
            body = Bytes::new();
        }
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

/// The request's id and, for STS, the one it calls extended, which is as opaque as it is long.
/// Both header values share one piece of memory.
fn write_ids(headers: &mut HeaderMap, id: RequestId, service: Service, ids: &dyn IdGen) {
    let mut both = [0; 72];
    let (request_id, extended) = both.split_at_mut(36);
    let mut buffer = [0; 36];
    request_id.copy_from_slice(id.encode(&mut buffer).as_bytes());
    if service == Service::Sts {
        extended.copy_from_slice(RequestId::generate(ids).encode(&mut buffer).as_bytes());
    }
    let mut request_id = Bytes::copy_from_slice(&both);
    let extended = request_id.split_off(36);
    if let Ok(value) = HeaderValue::from_maybe_shared(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    if service == Service::Sts
        && let Ok(value) = HeaderValue::from_maybe_shared(extended)
    {
        headers.insert(EXTENDED_REQUEST_ID, value);
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const EXTENDED_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-sts-extended-request-id");
