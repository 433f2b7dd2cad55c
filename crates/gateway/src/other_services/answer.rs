use bytes::Bytes;
use daypass_ident::RequestId;
use daypass_wire::Fault;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;
use quick_xml::escape::escape;
use serde_json::json;

use super::OtherService;
use super::protocol::{CBOR, JsonVersion, Protocol, SMITHY_PROTOCOL};
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// The refusal of a request for another service, in that service's protocol.
pub(crate) fn answer(incoming: &Incoming, service: &OtherService) -> Response {
    let fault = service.fault();
    let mut id_buffer = [0; 36];
    let id = incoming.id.encode(&mut id_buffer);
    let body = body(service.protocol, &fault, id);
    let mut headers = headers(service.protocol, &fault, incoming.id);
    headers.insert(CONTENT_LENGTH, body.len().into());
    let sent = if incoming.head.method == Method::HEAD { Bytes::new() } else { body };
    let mut response = Response::new(Full::new(sent));
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    *response.headers_mut() = headers;
    response
}

fn headers(protocol: Protocol, fault: &Fault, id: RequestId) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(protocol)));
    let id_name = if protocol == Protocol::S3 { S3_REQUEST_ID } else { REQUEST_ID };
    if let Ok(id) = HeaderValue::from_str(id.encode(&mut [0; 36])) {
        headers.insert(id_name, id);
    }
    match protocol {
        Protocol::Cbor => {
            headers.insert(SMITHY_PROTOCOL, HeaderValue::from_static(CBOR));
        }
        Protocol::RestJson | Protocol::Json(_) => {
            headers.insert(ERROR_TYPE, HeaderValue::from_static(fault.code));
        }
        _ => {}
    }
    headers
}

fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json(JsonVersion::V1_0) => "application/x-amz-json-1.0",
        Protocol::Json(JsonVersion::V1_1) => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        Protocol::RestJson => "application/json",
        Protocol::S3 => "application/xml",
        Protocol::Query | Protocol::Ec2Query | Protocol::RestXml => "text/xml",
    }
}

fn body(protocol: Protocol, fault: &Fault, id: &str) -> Bytes {
    let code = fault.code;
    let message = fault.message.as_deref().unwrap_or_default();
    let xml = escape(message);
    match protocol {
        Protocol::Json(_) | Protocol::RestJson => {
            json!({ "__type": code, "message": message }).to_string().into()
        }
        Protocol::Cbor => cbor(&[("__type", code), ("message", message)]).into(),
        Protocol::Query | Protocol::RestXml => format!(
            "<ErrorResponse><Error><Type>Receiver</Type><Code>{code}</Code><Message>{xml}</Message></Error>\
             <RequestId>{id}</RequestId></ErrorResponse>\n"
        )
        .into(),
        Protocol::Ec2Query => format!(
            "{XML}<Response><Errors><Error><Code>{code}</Code><Message>{xml}</Message></Error></Errors>\
             <RequestID>{id}</RequestID></Response>\n"
        )
        .into(),
        Protocol::S3 => format!(
            "{XML}<Error><Code>{code}</Code><Message>{xml}</Message><RequestId>{id}</RequestId></Error>\n"
        )
        .into(),
    }
}

/// A map of texts (RFC 8949, 3.1). INVARIANT: it has fewer than 24 entries.
fn cbor(entries: &[(&str, &str)]) -> Vec<u8> {
    const MAP: u8 = 0xA0;
    let count = u8::try_from(entries.len()).unwrap_or_default();
    let mut bytes = vec![MAP | count];
    for (name, value) in entries {
        cbor_text(name, &mut bytes);
        cbor_text(value, &mut bytes);
    }
    bytes
}

fn cbor_text(text: &str, bytes: &mut Vec<u8>) {
    const TEXT_WITH_8_BYTES_OF_LENGTH: u8 = 0x7B;
    bytes.push(TEXT_WITH_8_BYTES_OF_LENGTH);
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const S3_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
