//! The mistakes that the doctor knows by name.

use std::fmt;

use super::redact::printable;

/// One thing that a client did otherwise than AWS, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What kind of mistake it is.
    pub kind: MistakeKind,
    /// What was done and what to do instead, in one sentence. Never holds a secret or a session token.
    pub advice: String,
}

impl Mistake {
    pub(super) fn new(kind: MistakeKind, advice: impl Into<String>) -> Self {
        Self { kind, advice: printable(&advice.into()) }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// The kinds of mistakes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum MistakeKind {
            $($(#[$doc])* $kind,)*
        }

        impl MistakeKind {
            /// A name that stays the same, for programs: lower case with hyphens.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The method is in lower case, or another one.
    Method = "method",
    /// The path is encoded once too often or too rarely.
    PathEncoding = "path-encoding",
    /// Repeated slashes and dot segments are resolved where they must not be, or the other way round.
    PathNormalization = "path-normalization",
    /// The path's last slash is missing, or one too many.
    PathSlash = "path-slash",
    /// The query is not sorted.
    QueryOrder = "query-order",
    /// A space in the query is signed as a plus sign, or a plus sign as it stands.
    QueryPlus = "query-plus",
    /// Parameters without a value are left out, or stand without their equal sign.
    QueryEmptyValue = "query-empty-value",
    /// The query is encoded twice, not at all, or in lower-case hexadecimal.
    QueryEncoding = "query-encoding",
    /// The signature does not cover a parameter that was sent.
    QueryAddition = "query-addition",
    /// White space around or within a header's value is signed as it was sent.
    HeaderWhitespace = "header-whitespace",
    /// The host is signed under another name or with another port.
    Host = "host",
    /// A signed header was changed or removed on the way.
    HeaderChanged = "header-changed",
    /// The signature covers a header that `SignedHeaders` does not name.
    HeaderNotListed = "header-not-listed",
    /// `SignedHeaders` names a header that the signature does not cover.
    HeaderNotSigned = "header-not-signed",
    /// `SignedHeaders` is not sorted, or not in lower case.
    SignedHeadersOrder = "signed-headers-order",
    /// The canonical request has its lines in another form.
    CanonicalForm = "canonical-form",
    /// The payload hash is that of an empty body.
    PayloadEmpty = "payload-empty",
    /// The payload hash is that of the body with another encoding.
    PayloadReencoded = "payload-reencoded",
    /// The payload hash is that of the body with a newline more, or less.
    PayloadNewline = "payload-newline",
    /// `UNSIGNED-PAYLOAD` stands in place of the payload hash.
    PayloadUnsigned = "payload-unsigned",
    /// The payload hash is the one in `x-amz-content-sha256`, which is not that of the body.
    PayloadHeader = "payload-header",
    /// The parameters of the form are signed as if they were in the query.
    PayloadInQuery = "payload-in-query",
    /// The parameters of the query are signed as if they were a form in the body.
    QueryInPayload = "query-in-payload",
    /// A hash or the signature is in upper-case hexadecimal.
    UpperCaseHex = "upper-case-hex",
    /// The signature is not 64 hexadecimal digits.
    SignatureForm = "signature-form",
    /// The string to sign has another date than the one that AWS reads, or in another form.
    DateMixUp = "date-mix-up",
    /// The scope's date is a day off.
    ScopeDate = "scope-date",
    /// The date is local time.
    LocalTime = "local-time",
    /// The date is further from now than AWS allows.
    Clock = "clock",
    /// The region is another one.
    Region = "region",
    /// The service is another one.
    Service = "service",
    /// The secret has white space or quotes around it.
    SecretWhitespace = "secret-whitespace",
    /// The secret is URL-encoded, or decoded.
    SecretEncoding = "secret-encoding",
    /// The secret is that of another access key.
    SecretOfAnotherKey = "secret-of-another-key",
    /// The secret is empty or a placeholder.
    SecretPlaceholder = "secret-placeholder",
    /// The session token is left out of the signature, or signed and not sent.
    SessionToken = "session-token",
    /// The string to sign has its lines in another order or form.
    StringToSign = "string-to-sign",
    /// The signing key is derived by other steps.
    KeyDerivation = "key-derivation",
}

impl fmt::Display for MistakeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
