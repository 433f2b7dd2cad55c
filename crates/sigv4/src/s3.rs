//! S3's words, which differ from everyone else's.

use std::borrow::Cow;

use crate::{
    chunked::S3_MISMATCH,
    claims::Carrier,
    error::{AuthError, Missing},
    scope::{ScopeFaults, Wrong},
};

/// What S3 answers to a request that is not authenticated.
///
/// Most of the texts are as public reports of S3's answers show them. From memory are those for a broken escape in
/// the query, and for keys that are inactive, tokens that are missing and issuers that are gone, which S3 does not
/// tell from unknown keys and bad tokens. A presigned request of an unknown algorithm counts as unsigned here, where S3
/// names the algorithms that it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Answer {
    /// The error code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The text.
    pub message: Cow<'static, str>,
    /// More elements of the answer's `Error`, by name.
    pub details: Vec<(&'static str, String)>,
}

impl AuthError {
    /// S3's words for it. What they are depends on where the signature is: see
    /// [`Request::carrier`](crate::Request::carrier).
    pub fn s3_answer(&self, carrier: Carrier) -> S3Answer {
        match self {
            Self::IncompleteEscape | Self::IllegalEscape { .. } => {
                answer("InvalidURI", 400, "Couldn't parse the specified URI.")
            }
            Self::TwoCarriers => {
                answer("InvalidArgument", 400, ONE_MECHANISM).with("ArgumentName", "Authorization")
            }
            Self::NotSigned => answer("AccessDenied", 403, "Access Denied"),
            Self::UnsupportedAlgorithm { .. } => {
                answer("InvalidArgument", 400, "Unsupported Authorization Type")
                    .with("ArgumentName", "Authorization")
            }
            Self::ContentUnreadable { got } => answer("InvalidArgument", 400, own_text(self))
                .with("ArgumentName", "x-amz-content-sha256")
                .with("ArgumentValue", got),
            Self::MissingFromHeader { missing, .. } if only_the_date(*missing) => {
                answer("AccessDenied", 403, NO_DATE)
            }
            Self::ParameterWithoutValue { .. } | Self::MissingFromHeader { .. } => {
                malformed(Carrier::Header, COMPONENTS)
            }
            Self::MissingFromQuery { .. } | Self::RepeatedInQuery { .. } | Self::ExpiresMissing => {
                parameters(PARAMETERS)
            }
            Self::HostNotSigned => not_signed("host"),
            Self::HeaderNotSigned { name } => not_signed(&name.to_ascii_lowercase()),
            Self::HeadersNotSigned { names } => not_signed(&names.join(", ")),
            Self::UnreadableDate { .. } => match carrier {
                Carrier::Header => answer("AccessDenied", 403, NO_DATE),
                Carrier::Query => parameters(DATE_FORM),
            },
            Self::Expired { signed, now } | Self::NotYetCurrent { signed, now }
                if carrier == Carrier::Header =>
            {
                answer("RequestTimeTooSkewed", 403, SKEWED)
                    .with("RequestTime", signed.to_string())
                    .with("ServerTime", now.extended())
                    .with("MaxAllowedSkewMilliseconds", "900000")
            }
            Self::NotYetCurrent { now, .. } => {
                answer("AccessDenied", 403, "Request is not yet valid")
                    .with("ServerTime", now.extended())
            }
            Self::Expired { now, .. } => answer("AccessDenied", 403, "Request has expired")
                .with("ServerTime", now.extended()),
            Self::LifetimeOver { signed, lifetime, now } => {
                answer("AccessDenied", 403, "Request has expired")
                    .with("X-Amz-Expires", lifetime.to_string())
                    .with("Expires", signed.offset(i64::from(*lifetime)).extended())
                    .with("ServerTime", now.extended())
            }
            Self::ExpiresNotANumber | Self::ExpiresNegative | Self::ExpiresTooLong => {
                parameters(own_text(self))
            }
            Self::CredentialParts { .. } => malformed(carrier, CREDENTIAL_FORM),
            Self::Scope(faults) => scope(carrier, faults),
            Self::UnknownKey | Self::InactiveKey | Self::TokenMissing => answer(
                "InvalidAccessKeyId",
                403,
                "The AWS Access Key Id you provided does not exist in our records.",
            ),
            Self::TokenUnreadable
            | Self::TokenOfAnotherKey
            | Self::IssuerGone
            | Self::TokenWithLongTermKey => {
                answer("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")
            }
            Self::TokenExpired => answer("ExpiredToken", 400, "The provided token has expired."),
            Self::Mismatch => answer("SignatureDoesNotMatch", 403, S3_MISMATCH),
            Self::MismatchInFull(expected) => answer("SignatureDoesNotMatch", 403, S3_MISMATCH)
                .with("StringToSign", &expected.string_to_sign)
                .with("StringToSignBytes", bytes(&expected.string_to_sign))
                .with("CanonicalRequest", &expected.canonical_request)
                .with("CanonicalRequestBytes", bytes(&expected.canonical_request)),
            Self::BodyDiffers(hashes) => answer(self.code(), 400, own_text(self))
                .with(
                    "ClientComputedContentSHA256",
                    String::from_utf8_lossy(hashes.declared.as_bytes()),
                )
                .with(
                    "S3ComputedContentSHA256",
                    String::from_utf8_lossy(hashes.computed.as_bytes()),
                ),
            Self::ContentMissing | Self::ContentUnsupported { .. } | Self::DecodedLengthMissing => {
                answer(self.code(), self.status(), own_text(self))
            }
        }
    }
}

impl S3Answer {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

fn answer(code: &'static str, status: u16, message: impl Into<Cow<'static, str>>) -> S3Answer {
    S3Answer { code, status, message: message.into(), details: Vec::new() }
}

fn parameters(message: impl Into<Cow<'static, str>>) -> S3Answer {
    answer("AuthorizationQueryParametersError", 400, message)
}

fn malformed(carrier: Carrier, fault: &str) -> S3Answer {
    match carrier {
        Carrier::Header => {
            let message = format!("The authorization header is malformed; {fault}");
            answer("AuthorizationHeaderMalformed", 400, message)
        }
        Carrier::Query => {
            parameters(format!("Error parsing the X-Amz-Credential parameter; {fault}"))
        }
    }
}

fn not_signed(names: &str) -> S3Answer {
    answer("AccessDenied", 403, "There were headers present in the request which were not signed")
        .with("HeadersNotSigned", names)
}

/// The text of those errors that nobody but S3 has.
fn own_text(error: &AuthError) -> Cow<'static, str> {
    error.message().unwrap_or_default()
}

fn only_the_date(missing: Missing) -> bool {
    missing == Missing { date: true, ..Missing::default() }
}

/// S3 names one fault of a scope, the first in its own order. Clients learn the right region from it.
fn scope(carrier: Carrier, faults: &ScopeFaults) -> S3Answer {
    if let Some(Wrong { claimed, expected }) = &faults.region {
        let fault = format!("the region '{claimed}' is wrong; expecting '{expected}'");
        return malformed(carrier, &fault).with("Region", expected);
    }
    let fault = if let Some(Wrong { claimed, expected }) = &faults.service {
        format!("incorrect service \"{claimed}\". This endpoint belongs to \"{expected}\".")
    } else if let Some(terminator) = &faults.terminator {
        format!("incorrect terminal \"{terminator}\". This endpoint uses \"aws4_request\".")
    } else {
        "Invalid credential date. Date is not the same as X-Amz-Date.".to_owned()
    };
    malformed(carrier, &fault)
}

/// The bytes of a text in hexadecimal, as S3 shows them.
fn bytes(text: &str) -> String {
    let pairs: Vec<_> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

const ONE_MECHANISM: &str = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
                             query string parameter or the Authorization header should be specified";
const NO_DATE: &str = "AWS authentication requires a valid Date or x-amz-date header";
const DATE_FORM: &str = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
const COMPONENTS: &str =
    "the authorization header requires three components: Credential, SignedHeaders, and Signature.";
const PARAMETERS: &str = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                          X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
const CREDENTIAL_FORM: &str = "the Credential is mal-formed; \
                               expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
const SKEWED: &str = "The difference between the request time and the current time is too large.";
