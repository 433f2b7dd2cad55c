use http::header::{CONTENT_TYPE, HeaderName};

use super::TARGET;
use crate::request::incoming::{Incoming, is_form};

/// The protocol in which a client wants to be refused (Smithy, "AWS protocols").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// JSON with the operation in `X-Amz-Target`.
    Json(JsonVersion),
    /// CBOR with the operation in the path.
    Cbor,
    /// A form in, XML out.
    Query,
    /// EC2's Query protocol, whose errors have another form.
    Ec2Query,
    /// S3's XML.
    S3,
    /// The XML of other services with paths of their own.
    RestXml,
    /// JSON with paths of the service's own.
    RestJson,
}

/// The version of a JSON protocol, which is in the content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonVersion {
    V1_0,
    V1_1,
}

impl Protocol {
    /// The protocol of a request, for a service that its requests are signed for by this name.
    pub(super) fn of(incoming: &Incoming, signing_name: &str) -> Self {
        if incoming.header(SMITHY_PROTOCOL) == Some(CBOR) {
            return Self::Cbor;
        }
        if incoming.head.headers.contains_key(TARGET) {
            let content_type = incoming.header(CONTENT_TYPE).unwrap_or_default();
            let is_first = content_type.starts_with("application/x-amz-json-1.0");
            return Self::Json(if is_first { JsonVersion::V1_0 } else { JsonVersion::V1_1 });
        }
        let uri = &incoming.head.uri;
        match signing_name {
            // S3 Control is signed for as S3 is, and has the errors of other services.
            "s3" if uri.path().starts_with("/v20180820/") => Self::RestXml,
            "s3" | "s3express" | "s3-object-lambda" | "s3-outposts" => Self::S3,
            "cloudfront" | "route53" => Self::RestXml,
            _ if !is_form(incoming) && !names_action(uri.query().unwrap_or_default()) => {
                Self::RestJson
            }
            "ec2" => Self::Ec2Query,
            _ => Self::Query,
        }
    }
}

fn names_action(query: &str) -> bool {
    query.split('&').any(|param| param.starts_with("Action="))
}

/// Names the protocol of requests and answers (Smithy, "Smithy RPC v2 CBOR protocol").
pub(super) const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// The value of [`SMITHY_PROTOCOL`] for CBOR.
pub(super) const CBOR: &str = "rpc-v2-cbor";
