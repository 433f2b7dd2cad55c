//! Why a request is not authenticated, and AWS's words for it.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{algorithm::Algorithm, key::PayloadHash, scope::ScopeFaults, time::Timestamp};

/// Everything that can be wrong with a request's authentication, in the order in which AWS looks for it.
///
/// `Display` is for logs; what the caller is told is [`code`](Self::code), [`status`](Self::status) and
/// [`message`](Self::message), which are AWS's words. The variants about keys and tokens are for the caller of this
/// crate, which alone can look them up: they stand here so that every text of authentication is in one table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// A percent sign of the query string has fewer than two characters after it.
    #[error("the query string ends inside a percent escape")]
    IncompleteEscape,
    /// A percent sign of the query string is followed by something else than two hexadecimal digits.
    #[error("the query string has the illegal percent escape `%{pair}`")]
    IllegalEscape {
        /// The two characters after the percent sign.
        pair: String,
    },
    /// The request has an `Authorization` header and is presigned too.
    #[error("the request carries both a header and a query signature")]
    TwoCarriers,
    /// The request is not signed at all.
    #[error("the request is not signed")]
    NotSigned,
    /// The `Authorization` header is of a scheme that is unknown, or not accepted here.
    #[error("the authorization header has the unsupported algorithm `{algorithm}`")]
    UnsupportedAlgorithm {
        /// The scheme that the header names.
        algorithm: String,
    },
    /// A parameter of the `Authorization` header has no equal sign.
    #[error("the authorization header has the parameter `{parameter}` without a value")]
    ParameterWithoutValue {
        /// The parameter.
        parameter: String,
        /// Stands for the header.
        header: HeaderDigest,
    },
    /// The `Authorization` header lacks parameters, or the request a date.
    #[error("the header signature lacks {missing:?}")]
    MissingFromHeader {
        /// What is missing.
        missing: Missing,
        /// Stands for the header.
        header: HeaderDigest,
    },
    /// A presigned request lacks parameters.
    #[error("the query signature lacks {missing:?}")]
    MissingFromQuery {
        /// What is missing.
        missing: Missing,
    },
    /// A presigned request has one of the parameters that make up a signature more than once. AWS was seen to take
    /// the first; but the canonical query string is sorted, so that another order of the same parameters has the
    /// same canonical form and another meaning.
    #[error("the query signature has the parameter `{name}` more than once")]
    RepeatedInQuery {
        /// The parameter.
        name: String,
    },
    /// The service wants an `x-amz-content-sha256` header, and there is none.
    #[error("the request does not say what its body is")]
    ContentMissing,
    /// The `x-amz-content-sha256` header is neither a hash nor one of the words that stand for one.
    #[error("the request declares its body to be `{got}`")]
    ContentUnreadable {
        /// The value, or all of them.
        got: String,
    },
    /// The `x-amz-content-sha256` header is of a form that the service, or this crate, does not support.
    #[error("the request declares its body to be `{form}`, which is not supported")]
    ContentUnsupported {
        /// The form.
        form: &'static str,
    },
    /// The signature does not cover the host.
    #[error("the host is not signed")]
    HostNotSigned,
    /// The signature does not cover a header that the service wants signed.
    #[error("the header `{name}` is not signed")]
    HeaderNotSigned {
        /// The header, as the service spells it.
        name: String,
    },
    /// The date of the signature is in no known form.
    #[error("the date `{got}` is unreadable")]
    UnreadableDate {
        /// What stands where a date should.
        got: String,
    },
    /// The request was signed more than 15 minutes ago.
    #[error("signed at {signed}, which at {now} is too long ago")]
    Expired {
        /// When the request was signed.
        signed: Timestamp,
        /// When it was received.
        now: Timestamp,
    },
    /// The request was signed more than 15 minutes in the future.
    #[error("signed at {signed}, which at {now} is too far in the future")]
    NotYetCurrent {
        /// When the request was signed.
        signed: Timestamp,
        /// When it was received.
        now: Timestamp,
    },
    /// The presigned request does not say how long it lives, where the service goes by that.
    #[error("the presigned request has no lifetime")]
    ExpiresMissing,
    /// The presigned request has outlived the time that it asked for.
    #[error("presigned at {signed} for {lifetime} seconds, which at {now} have passed")]
    LifetimeOver {
        /// When the request was signed.
        signed: Timestamp,
        /// The seconds of its `X-Amz-Expires`.
        lifetime: u32,
        /// When it was received.
        now: Timestamp,
    },
    /// The `X-Amz-Expires` of a presigned request is no number.
    #[error("the lifetime of the presigned request is not a number")]
    ExpiresNotANumber,
    /// The `X-Amz-Expires` of a presigned request is below zero.
    #[error("the lifetime of the presigned request is negative")]
    ExpiresNegative,
    /// The `X-Amz-Expires` of a presigned request is beyond 604,800 seconds.
    #[error("the lifetime of the presigned request is more than a week")]
    ExpiresTooLong,
    /// The credential is not of the form `keyid/date/region/service/terminator`, or for SigV4a without the region.
    #[error("the credential `{credential}` does not have as many parts as it should")]
    CredentialParts {
        /// Says how many it should have.
        algorithm: Algorithm,
        /// The credential.
        credential: String,
    },
    /// The credential is scoped to something else than this service, here and today.
    #[error("the credential is scoped wrongly: {0:?}")]
    Scope(Box<ScopeFaults>),
    /// The signature does not cover headers that S3 wants covered.
    #[error("the headers {names:?} are not signed")]
    HeadersNotSigned {
        /// The headers, in lower case and sorted.
        names: Vec<String>,
    },
    /// Nobody has this access key id.
    #[error("the access key is unknown")]
    UnknownKey,
    /// The access key exists, but is not active.
    #[error("the access key is inactive")]
    InactiveKey,
    /// A temporary access key came without its session token.
    #[error("the session token is missing")]
    TokenMissing,
    /// The session token is not one that this deployment made.
    #[error("the session token is unreadable")]
    TokenUnreadable,
    /// The session token was issued with another access key.
    #[error("the session token belongs to another access key")]
    TokenOfAnotherKey,
    /// The session has ended.
    #[error("the session token is expired")]
    TokenExpired,
    /// The role or user behind the session no longer exists.
    #[error("the issuer of the session is gone")]
    IssuerGone,
    /// The signature is not the one that this request, key and scope make.
    #[error("the signature does not match")]
    Mismatch,
    /// The same, for a service that tells its callers more ([`MismatchText::Full`](crate::MismatchText::Full)).
    #[error("the signature does not match")]
    MismatchInFull(Box<ShouldHaveBeen>),
    /// A signed request for an aws-chunked body does not say how long that is when decoded.
    #[error("the decoded length of the chunked body is missing")]
    DecodedLengthMissing,
    /// The body is not the one that the signed `x-amz-content-sha256` declares.
    #[error("the body is not the declared one: {0:?}")]
    BodyDiffers(Box<BodyHashes>),
    /// A long-term access key came with a session token.
    #[error("a session token came with a long-term access key")]
    TokenWithLongTermKey,
}

impl AuthError {
    /// AWS's error code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IncompleteEscape | Self::IllegalEscape { .. } => "MalformedQueryString",
            Self::NotSigned => "MissingAuthenticationToken",
            Self::UnsupportedAlgorithm { .. }
            | Self::ParameterWithoutValue { .. }
            | Self::MissingFromHeader { .. }
            | Self::MissingFromQuery { .. }
            | Self::RepeatedInQuery { .. }
            | Self::UnreadableDate { .. }
            | Self::ExpiresMissing
            | Self::ExpiresNotANumber
            | Self::ExpiresNegative
            | Self::ExpiresTooLong
            | Self::CredentialParts { .. } => "IncompleteSignature",
            Self::ContentMissing => "InvalidRequest",
            Self::ContentUnreadable { .. } => "InvalidArgument",
            Self::ContentUnsupported { .. } => "NotImplemented",
            Self::HeadersNotSigned { .. } => "AccessDenied",
            Self::DecodedLengthMissing => "MissingContentLength",
            Self::BodyDiffers(_) => "XAmzContentSHA256Mismatch",
            Self::TwoCarriers
            | Self::LifetimeOver { .. }
            | Self::MismatchInFull(_)
            | Self::HostNotSigned
            | Self::HeaderNotSigned { .. }
            | Self::Expired { .. }
            | Self::NotYetCurrent { .. }
            | Self::Scope(_)
            | Self::Mismatch => "SignatureDoesNotMatch",
            Self::UnknownKey
            | Self::InactiveKey
            | Self::TokenMissing
            | Self::TokenUnreadable
            | Self::TokenOfAnotherKey
            | Self::IssuerGone
            | Self::TokenWithLongTermKey => "InvalidClientTokenId",
            Self::TokenExpired => "ExpiredToken",
        }
    }

    /// The HTTP status that AWS sends with the code.
    pub fn status(&self) -> u16 {
        match self.code() {
            "MalformedQueryString"
            | "IncompleteSignature"
            | "InvalidRequest"
            | "InvalidArgument"
            | "XAmzContentSHA256Mismatch" => 400,
            "MissingContentLength" => 411,
            "NotImplemented" => 501,
            _ => 403,
        }
    }

    /// AWS's text, or `None` where AWS sends no `Message` element.
    pub fn message(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::TwoCarriers => return None,
            Self::IncompleteEscape => "Incomplete trailing escape % sequence".into(),
            Self::IllegalEscape { pair } => format!("Illegal hex character in escape % pattern: %{pair}").into(),
            Self::NotSigned => "Request is missing Authentication Token".into(),
            Self::UnsupportedAlgorithm { algorithm } => format!("Unsupported AWS 'algorithm': '{algorithm}'.").into(),
            Self::ParameterWithoutValue { parameter, header } => format!(
                "'{parameter}' not a valid key=value pair (missing equal-sign) in Authorization header \
                 (hashed with SHA-256 and encoded with Base64): '{}'.",
                header.0
            )
            .into(),
            Self::MissingFromHeader { missing, header } => format!(
                "{}(Hashed with SHA-256 and encoded with Base64) Authorization={}",
                missing.sentences(HEADER_SENTENCES),
                header.0
            )
            .into(),
            Self::MissingFromQuery { missing } => format!(
                "{}Re-examine the query-string parameters.",
                missing.sentences(QUERY_SENTENCES)
            )
            .into(),
            // In the form of AWS's sentences about what is missing.
            Self::RepeatedInQuery { name } => format!(
                "AWS query-string parameters must include '{name}' only once. \
                 Re-examine the query-string parameters."
            )
            .into(),
            Self::ContentMissing => "Missing required header for this request: x-amz-content-sha256".into(),
            Self::ContentUnreadable { .. } => CONTENT_FORMS.into(),
            Self::ContentUnsupported { .. } => {
                "A header you provided implies functionality that is not implemented".into()
            }
            Self::HeadersNotSigned { .. } => {
                "There were headers present in the request which were not signed".into()
            }
            Self::DecodedLengthMissing => "You must provide the Content-Length HTTP header.".into(),
            Self::BodyDiffers(_) => {
                "The provided 'x-amz-content-sha256' header does not match what was computed.".into()
            }
            Self::HostNotSigned => "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into(),
            Self::HeaderNotSigned { name } => {
                format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.").into()
            }
            Self::UnreadableDate { got } => format!(
                "Date must be in ISO-8601 'basic format'. Got '{got}'. See http://en.wikipedia.org/wiki/ISO_8601"
            )
            .into(),
            Self::Expired { signed, now } => format!(
                "Signature expired: {signed} is now earlier than {} ({now} - 15 min.)",
                now.offset(-MAX_SKEW)
            )
            .into(),
            Self::NotYetCurrent { signed, now } => format!(
                "Signature not yet current: {signed} is still later than {} ({now} + 15 min.)",
                now.offset(MAX_SKEW)
            )
            .into(),
            Self::ExpiresMissing => {
                "AWS query-string parameters must include 'X-Amz-Expires'. Re-examine the query-string parameters."
                    .into()
            }
            Self::LifetimeOver { signed, lifetime, now } => format!(
                "Signature expired: {signed} is now earlier than {} ({now} - {} min.)",
                now.offset(-i64::from(*lifetime)),
                lifetime / 60
            )
            .into(),
            Self::ExpiresNotANumber => "X-Amz-Expires should be a number".into(),
            Self::ExpiresNegative => "X-Amz-Expires must be non-negative".into(),
            Self::ExpiresTooLong => "X-Amz-Expires must be less than a week (in seconds); that is, the given \
                                     X-Amz-Expires must be less than 604800 seconds"
                .into(),
            Self::CredentialParts { algorithm, credential } => {
                let (count, example) = match algorithm {
                    Algorithm::HmacSha256 => (5, "keyid/date/region/service/term"),
                    Algorithm::EcdsaP256Sha256 => (4, "keyid/date/service/term"),
                };
                format!(
                    "Credential must have exactly {count} slash-delimited elements, e.g. {example}, got '{credential}'."
                )
                .into()
            }
            Self::Scope(faults) => faults.message().into(),
            Self::UnknownKey
            | Self::InactiveKey
            | Self::TokenMissing
            | Self::TokenOfAnotherKey
            | Self::IssuerGone
            | Self::TokenWithLongTermKey => "The security token included in the request is invalid.".into(),
            // Without the full stop: another part of AWS speaks here.
            Self::TokenUnreadable => "The security token included in the request is invalid".into(),
            Self::TokenExpired => "The security token included in the request is expired".into(),
            Self::Mismatch => MISMATCH.into(),
            Self::MismatchInFull(expected) => format!(
                "{MISMATCH}\n\nThe Canonical String for this request should have been\n'{}'\n\n\
                 The String-to-Sign should have been\n'{}'\n",
                expected.canonical_request, expected.string_to_sign
            )
            .into(),
        })
    }
}

/// The hashes of a body that is not the one that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyHashes {
    /// The hash that was signed.
    pub declared: PayloadHash,
    /// The hash of the body that came.
    pub computed: PayloadHash,
}

/// What a signature should have been made of. The caller may see it, for it is made of the caller's own request.
#[derive(Clone, PartialEq, Eq)]
pub struct ShouldHaveBeen {
    /// The canonical request, which may hold a session token.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
}

impl std::fmt::Debug for ShouldHaveBeen {
    /// Leaves out the canonical request.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShouldHaveBeen")
            .field("string_to_sign", &self.string_to_sign)
            .finish_non_exhaustive()
    }
}

/// Which of the pieces of a signature are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// `Credential`.
    pub credential: bool,
    /// `Signature`.
    pub signature: bool,
    /// `SignedHeaders`.
    pub signed_headers: bool,
    /// The date, in whichever of its places.
    pub date: bool,
    /// The region set of a presigned SigV4a request.
    pub region_set: bool,
}

impl Missing {
    fn sentences(self, sentences: &[&str]) -> String {
        [self.credential, self.signature, self.signed_headers, self.date, self.region_set]
            .into_iter()
            .zip(sentences)
            .filter_map(|(is_missing, sentence)| is_missing.then_some(*sentence))
            .flat_map(|sentence| [sentence, " "])
            .collect()
    }
}

/// The base64 of an `Authorization` header's SHA-256: AWS names a faulty header so, rather than echo it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderDigest(String);

impl HeaderDigest {
    /// The digest of a header value.
    pub(crate) fn of(header: &[u8]) -> Self {
        Self(STANDARD.encode(Sha256::digest(header)))
    }
}

/// How far a signature's date may be from now, in seconds, either way.
pub(crate) const MAX_SKEW: i64 = 15 * 60;

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                        Check your AWS Secret Access Key and signing method. \
                        Consult the service documentation for details.";
const CONTENT_FORMS: &str = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                             STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                             STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, \
                             STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.";
const HEADER_SENTENCES: &[&str] = &[
    "Authorization header requires 'Credential' parameter.",
    "Authorization header requires 'Signature' parameter.",
    "Authorization header requires 'SignedHeaders' parameter.",
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
];
const QUERY_SENTENCES: &[&str] = &[
    "AWS query-string parameters must include 'X-Amz-Credential'.",
    "AWS query-string parameters must include 'X-Amz-Signature'.",
    "AWS query-string parameters must include 'X-Amz-SignedHeaders'.",
    "AWS query-string parameters must include 'X-Amz-Date'.",
    "AWS query-string parameters must include 'X-Amz-Region-Set'.",
];
