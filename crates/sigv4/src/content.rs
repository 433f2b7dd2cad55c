//! What a request says about its body in `x-amz-content-sha256`.

use crate::{
    chunked::ChunkedBody,
    error::{AuthError, BodyHashes},
    key::PayloadHash,
};

/// The value of an `x-amz-content-sha256` header.
///
/// It is the last line of the canonical request, so a signature that holds vouches for it. What it says of the body
/// is another matter: that has to be checked as the body arrives (see [`DeclaredBody`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentSha256 {
    /// The SHA-256 of the body, 64 hexadecimal digits in either case, as they were sent.
    Hash(PayloadHash),
    /// `UNSIGNED-PAYLOAD`: the signature says nothing about the body.
    Unsigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: an aws-chunked body, each chunk signed.
    Chunked,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: the same, with signed trailers.
    ChunkedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: an aws-chunked body with trailers and without signatures.
    UnsignedTrailer,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`: an aws-chunked body, each chunk signed with SigV4a.
    ChunkedEcdsa,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: the same, with signed trailers.
    ChunkedEcdsaTrailer,
}

impl ContentSha256 {
    /// Reads a header value. The words are case-sensitive; S3 takes no other spelling of them.
    pub fn parse(value: &[u8]) -> Option<Self> {
        let value = value.trim_ascii();
        let word =
            WORDS.into_iter().find(|word| word.word().is_some_and(|word| word.as_bytes() == value));
        word.or_else(|| PayloadHash::from_hex(value).map(Self::Hash))
    }

    /// The last line of the canonical request.
    pub fn payload(&self) -> PayloadHash {
        match (self, self.word()) {
            (Self::Hash(hash), _) => *hash,
            (_, word) => PayloadHash::word(word.unwrap_or_default()),
        }
    }

    /// Whether the body is in the aws-chunked encoding.
    pub fn is_chunked(&self) -> bool {
        !matches!(self, Self::Hash(_) | Self::Unsigned)
    }

    /// Whether trailers follow the body.
    pub fn has_trailers(&self) -> bool {
        matches!(self, Self::ChunkedTrailer | Self::UnsignedTrailer | Self::ChunkedEcdsaTrailer)
    }

    pub(crate) fn unsupported(&self) -> AuthError {
        AuthError::ContentUnsupported { form: self.word().unwrap_or("a hash") }
    }

    /// The value, unless it is a hash.
    fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::Hash(_) => return None,
            Self::Unsigned => UNSIGNED,
            Self::Chunked => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::ChunkedTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Self::ChunkedEcdsa => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            Self::ChunkedEcdsaTrailer => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        })
    }
}

/// What is left to check of a request whose head is verified: its body.
#[derive(Debug)]
#[must_use = "the signature says nothing about a body that is not checked"]
pub enum DeclaredBody {
    /// The body must have this hash.
    Hashed(DeclaredHash),
    /// Any body will do.
    Unsigned,
    /// The body must pass through this decoder.
    Chunked(Box<ChunkedBody>),
}

/// The hash that a signed head declares for its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredHash(pub(crate) PayloadHash);

impl DeclaredHash {
    /// Compares with the hash of the body that came.
    ///
    /// # Errors
    ///
    /// [`BodyDiffers`](AuthError::BodyDiffers).
    pub fn check(&self, computed: &PayloadHash) -> Result<(), AuthError> {
        if self.0.as_bytes().eq_ignore_ascii_case(computed.as_bytes()) {
            Ok(())
        } else {
            let hashes = BodyHashes { declared: self.0, computed: *computed };
            Err(AuthError::BodyDiffers(Box::new(hashes)))
        }
    }
}

pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const WORDS: [ContentSha256; 6] = [
    ContentSha256::Unsigned,
    ContentSha256::Chunked,
    ContentSha256::ChunkedTrailer,
    ContentSha256::UnsignedTrailer,
    ContentSha256::ChunkedEcdsa,
    ContentSha256::ChunkedEcdsaTrailer,
];

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn every_form_is_read_and_written_back() {
        for (value, chunked, trailers) in [
            (EMPTY, false, false),
            (&*EMPTY.to_uppercase(), false, false),
            ("UNSIGNED-PAYLOAD", false, false),
            ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false),
            ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true),
            ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", true, true),
            ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", true, false),
            ("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER", true, true),
        ] {
            let read = ContentSha256::parse(format!(" {value}\t").as_bytes()).unwrap();
            assert_eq!(read.payload().as_bytes(), value.as_bytes());
            assert_eq!((read.is_chunked(), read.has_trailers()), (chunked, trailers), "{value}");
        }
    }

    #[test]
    fn other_values_are_refused() {
        let (short, long, odd) =
            (EMPTY.trim_start_matches('e'), format!("{EMPTY}0"), EMPTY.replace('e', "g"));
        for value in
            ["", short, &long, &odd, "unsigned-payload", "UNSIGNED-PAYLOAD-TRAILER", "STREAMING-"]
        {
            assert_eq!(ContentSha256::parse(value.as_bytes()), None, "{value}");
        }
        assert_eq!(ContentSha256::parse(&[0xff; 64]), None);
    }

    #[test]
    fn a_hash_is_compared_whatever_its_case() {
        let computed = PayloadHash::of(b"");
        for text in [EMPTY, &EMPTY.to_uppercase()] {
            let hash = DeclaredHash(PayloadHash::from_hex(text.as_bytes()).unwrap());
            assert_eq!(hash.check(&computed), Ok(()));
            let other = PayloadHash::of(b"a");
            let hashes = BodyHashes { declared: hash.0, computed: other };
            assert_eq!(hash.check(&other), Err(AuthError::BodyDiffers(Box::new(hashes))));
        }
    }
}
