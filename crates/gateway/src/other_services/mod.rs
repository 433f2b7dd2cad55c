//! Requests for services that daypass is not.
//!
//! With `AWS_ENDPOINT_URL` in its environment a client sends every service's requests here. STS's answers to
//! them are of no use: a redirect, a bare 404, or a signature error that names STS. A client gets a refusal
//! that says what is wrong instead, in the protocol of the service that it believes it speaks to.
//!
//! This is no departure from AWS, and is the same under `--strict`: AWS has no address at which a client of
//! any service finds STS. At AWS's own host names of STS and IAM the answers are AWS's.

mod answer;
mod protocol;

use daypass_model::Service;
use daypass_sigv4::{Presented, Request};
use daypass_wire::Fault;
use http::header::{AUTHORIZATION, HeaderName};

use self::protocol::Protocol;
use crate::request::destination;
use crate::request::incoming::Incoming;

pub(crate) use self::answer::answer;

/// A service that a request is for and that daypass is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherService {
    /// As clients name it: up to 64 letters, digits, `-`, `_` and `.`.
    name: Box<str>,
    protocol: Protocol,
}

impl OtherService {
    /// The other service that a request is for. `version` is the version of the API that it names as a Query
    /// request.
    ///
    /// `None`: nothing tells of another service, or the request is for STS or IAM: by their host names, by
    /// the scope of its credential or by the version of its API. Nothing here is verified. It decides only
    /// how a request is refused that is refused anyway.
    pub(crate) fn of(incoming: &Incoming, version: Option<&str>) -> Option<Self> {
        let is_own = |of: fn(Service) -> &'static str, name: &str| {
            Service::ALL.into_iter().any(|service| of(service).eq_ignore_ascii_case(name))
        };
        let has_own_version = version.is_some_and(|it| is_own(Service::api_version, it));
        if has_own_version || destination::is_aws_host(incoming.host()) {
            return None;
        }
        let signing_name = signing_name(incoming)
            .or_else(|| named_by_target(incoming))
            .or_else(|| destination::other_service(incoming.host()))
            .or_else(|| version.and_then(named_by_version).map(ToOwned::to_owned))?;
        if is_own(Service::signing_name, &signing_name) || !is_name(&signing_name) {
            return None;
        }
        Some(Self {
            protocol: Protocol::of(incoming, &signing_name),
            name: known_name(&signing_name).into(),
        })
    }

    /// As clients name it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The operation that a request names otherwise than as a Query request.
    pub(crate) fn operation(incoming: &Incoming) -> Option<&str> {
        let target = incoming.header(TARGET).and_then(|target| target.rsplit('.').next());
        target.or_else(|| incoming.head.uri.path().rsplit_once("/operation/").map(|(_, name)| name))
    }

    /// What the client is told. SDKs do not retry a 501.
    pub(crate) fn fault(&self) -> Fault {
        Fault::new("NotImplemented", 501, Some(self.message().into()))
    }

    fn message(&self) -> String {
        format!("daypass has no service {}: it is AWS STS and IAM only. {ADVICE}", self.name)
    }
}

const ADVICE: &str = "AWS_ENDPOINT_URL sends every service to daypass. Unset it, and set \
                      AWS_ENDPOINT_URL_IAM and AWS_ENDPOINT_URL_STS: they send only these two \
                      (daypass env --services).";

/// The service in the scope of the credential. Version 2 signatures, which have no scope, are S3's.
fn signing_name(incoming: &Incoming) -> Option<String> {
    let request = Request::from_parts(&incoming.head).sigv4a(true);
    if let Ok(presented) = Presented::parse(&request) {
        return Some(presented.credential().service.to_owned());
    }
    incoming.header(AUTHORIZATION)?.starts_with("AWS ").then(|| "s3".to_owned())
}

/// The service in `X-Amz-Target`, such as `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents`:
/// some operations of JSON services are not signed.
fn named_by_target(incoming: &Incoming) -> Option<String> {
    let (shape, _) = incoming.header(TARGET)?.rsplit_once('.')?;
    let shape = shape.rsplit('.').next()?;
    Some(shape.split('_').next()?.to_owned())
}

/// The service whose API alone has this version, of those that speak Query (botocore's service models): clients
/// do not sign all of their requests. A version that several services have tells nothing.
fn named_by_version(version: &str) -> Option<&'static str> {
    Some(match version {
        "2016-11-15" => "ec2",
        "2012-11-05" => "sqs",
        "2010-03-31" => "sns",
        "2010-05-15" => "cloudformation",
        "2010-08-01" => "monitoring",
        "2011-01-01" => "autoscaling",
        "2012-06-01" | "2015-12-01" => "elasticloadbalancing",
        "2014-10-31" => "rds",
        "2015-02-02" => "elasticache",
        "2012-12-01" => "redshift",
        _ => return None,
    })
}

/// Whether a text can be the name of a service. It is repeated to the client and in the log.
fn is_name(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_of_name)
}

/// The name of a service in the AWS CLI, where the name that its requests are signed with is another one.
fn known_name(signing_name: &str) -> &str {
    match signing_name {
        "monitoring" => "cloudwatch",
        "email" => "ses",
        "states" => "stepfunctions",
        "elasticloadbalancing" => "elb",
        "elasticfilesystem" => "efs",
        "elasticmapreduce" => "emr",
        "es" => "opensearch",
        name => name,
    }
}

/// The operation of a JSON protocol (Smithy, "AWS JSON 1.0 protocol").
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for (text, expected) in [
            ("s3", true),
            ("execute-api", true),
            ("CloudTrail_20131101", true),
            ("", false),
            ("a b", false),
            ("<s3>", false),
            ("s3\u{1b}", false),
            (&"s".repeat(65), false),
        ] {
            assert_eq!(is_name(text), expected, "{text}");
        }
    }
}
