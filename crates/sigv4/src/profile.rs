//! What a kind of service asks of the signatures it takes.

use crate::{content::ContentSha256, path::PathStyle};

/// The rules of a service. Start from one of the constants and change what differs:
///
/// ```
/// use daypass_sigv4::{Profile, TokenRule};
///
/// let iot = Profile { token: TokenRule::MayFollow, ..Profile::REST };
/// # assert_eq!(iot.payload, Profile::REST.payload);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// How the path becomes canonical.
    pub path_style: PathStyle,
    /// Where the last line of the canonical request comes from.
    pub payload: PayloadRule,
    /// Which headers the signature must cover.
    pub must_sign: SignedRule,
    /// How long a presigned request is good for.
    pub lifetime: Lifetime,
    /// Where the session token of a presigned request may stand.
    pub token: TokenRule,
    /// How much is said about a signature that does not match.
    pub mismatch: MismatchText,
}

impl Profile {
    /// STS, IAM and the other services of the Query protocol. The default.
    pub const QUERY: Self = Self {
        path_style: PathStyle::Normalized,
        payload: PayloadRule::Body,
        must_sign: SignedRule::Host,
        lifetime: Lifetime::FifteenMinutes,
        token: TokenRule::Signed,
        mismatch: MismatchText::Short,
    };

    /// Services with paths, such as those of the REST protocols: an `x-amz-content-sha256` counts where there is one,
    /// a presigned request lives as long as it says, and a mismatch is explained.
    pub const REST: Self = Self {
        payload: PayloadRule::HeaderOrBody(Forms { unsigned: false, chunked: false }),
        lifetime: Lifetime::AsAsked,
        mismatch: MismatchText::Full,
        ..Self::QUERY
    };

    /// S3 and what imitates it.
    pub const S3: Self = Self {
        path_style: PathStyle::S3,
        payload: PayloadRule::Header(Forms { unsigned: true, chunked: true }),
        must_sign: SignedRule::S3,
        ..Self::REST
    };
}

impl Default for Profile {
    fn default() -> Self {
        Self::QUERY
    }
}

/// Where the last line of the canonical request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadRule {
    /// It is the hash of the body; an `x-amz-content-sha256` header is a header like any other.
    Body,
    /// It is what `x-amz-content-sha256` says, or else the hash of the body.
    HeaderOrBody(Forms),
    /// It is what `x-amz-content-sha256` says, which must be there; a presigned request without it is one with an
    /// unsigned payload.
    Header(Forms),
}

/// The forms of `x-amz-content-sha256` that a service takes beside a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// `UNSIGNED-PAYLOAD`. Only to be taken over TLS, for anybody on the way can change the body.
    pub unsigned: bool,
    /// The `STREAMING-…` forms.
    pub chunked: bool,
}

impl Forms {
    pub(crate) fn include(self, form: &ContentSha256) -> bool {
        match form {
            ContentSha256::Hash(_) => true,
            ContentSha256::Unsigned => self.unsigned,
            _ => self.chunked,
        }
    }
}

/// Which headers a signature must cover, beside those that
/// [`Request::must_sign`](crate::Request::must_sign) names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedRule {
    /// `host`. It is all that most of AWS checks.
    Host,
    /// `host`, and of the headers that the request has: `content-type` and each `x-amz-…`. It is what the IAM user
    /// guide ("Create a signed AWS API request") asks of clients.
    Documented,
    /// `host`, and of the headers that the request has: `content-md5` and each `x-amz-…` but
    /// `x-amz-content-sha256`, which is part of the signature anyhow. All that are missing are named at once, after
    /// the scope has been found right.
    S3,
}

impl SignedRule {
    /// Whether the signature must cover a header that the request has.
    pub(crate) fn covers(self, name: &str) -> bool {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let is_amz = || name.get(..AMZ.len()).is_some_and(|start| start.eq_ignore_ascii_case(AMZ));
        match self {
            Self::Host => false,
            Self::Documented => is("content-type") || is_amz(),
            Self::S3 => is("content-md5") || is_amz() && !is(CONTENT_SHA256),
        }
    }
}

/// How long a presigned request is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// 15 minutes from its date, whatever its `X-Amz-Expires` says, which may be missing. STS.
    FifteenMinutes,
    /// The seconds of its `X-Amz-Expires`, which must be there: 604,800 (a week) at the most. S3.
    AsAsked,
}

/// Where the session token of a presigned request may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRule {
    /// Among what is signed.
    Signed,
    /// Among what is signed, or added to the query after signing, as clients of AWS IoT do. The token must then
    /// prove itself, for the signature does not vouch for it.
    MayFollow,
}

/// How much is said about a signature that does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchText {
    /// One sentence: STS and IAM.
    Short,
    /// The canonical request and the string to sign that the signature should have been made of, too.
    Full,
}

pub(crate) const CONTENT_SHA256: &str = "x-amz-content-sha256";
const AMZ: &str = "x-amz-";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_must_be_signed() {
        for (name, documented, s3) in [
            ("X-Amz-Date", true, true),
            ("x-amz-", true, true),
            ("x-amz-content-sha256", true, false),
            ("X-Amz-Content-Sha256", true, false),
            ("content-md5", false, true),
            ("Content-Type", true, false),
            ("x-amzn-trace-id", false, false),
            ("range", false, false),
            ("\u{e9}\u{e9}\u{e9}", false, false),
            ("", false, false),
        ] {
            assert!(!SignedRule::Host.covers(name));
            assert_eq!(SignedRule::Documented.covers(name), documented, "{name}");
            assert_eq!(SignedRule::S3.covers(name), s3, "{name}");
        }
    }

    #[test]
    fn the_default_is_what_sts_does() {
        assert_eq!(Profile::default(), Profile::QUERY);
    }
}
