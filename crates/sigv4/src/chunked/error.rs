//! What can be wrong with a chunked body.

use std::borrow::Cow;

/// Why a chunked body is refused. `Display` is for logs; the caller is told S3's words.
///
/// That S3 answers everything malformed with `IncompleteBody`, and the texts of all but
/// [`ChunkTooLarge`](Self::ChunkTooLarge), are as public reports of its answers show them. S3 is not known to limit
/// the size of a chunk: there, the code is that of too large an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The body is not in the encoding that its head announces.
    #[error("the chunked body is malformed: {0}")]
    Malformed(&'static str),
    /// The body ended too early.
    #[error("the chunked body ended too early")]
    Truncated,
    /// The data is not as long as `x-amz-decoded-content-length` says.
    #[error("the chunks have {decoded} bytes or more, where {expected} were announced")]
    LengthDiffers {
        /// The length that was announced.
        expected: u64,
        /// The length of the chunks until the fault was seen.
        decoded: u64,
    },
    /// A chunk that is not the last is too small.
    #[error("chunk {chunk} has only {size} bytes")]
    ChunkTooSmall {
        /// Which it is, from one.
        chunk: u64,
        /// Its bytes.
        size: u64,
    },
    /// A signed chunk is too large to be held.
    #[error("a signed chunk of {size} bytes is larger than {limit}")]
    ChunkTooLarge {
        /// Its bytes.
        size: u64,
        /// The most bytes that are allowed.
        limit: u64,
    },
    /// The signature of a chunk, or of the trailers, is wrong.
    #[error("the signature of a chunk or trailer does not match")]
    Mismatch {
        /// What should have been signed.
        string_to_sign: String,
    },
    /// The trailers are malformed, too many, or others than announced.
    #[error("the trailers are refused: {0}")]
    Trailers(&'static str),
}

impl BodyError {
    /// S3's error code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Truncated | Self::LengthDiffers { .. } => "IncompleteBody",
            Self::ChunkTooSmall { .. } => "InvalidChunkSizeError",
            Self::ChunkTooLarge { .. } => "EntityTooLarge",
            Self::Mismatch { .. } => "SignatureDoesNotMatch",
            Self::Trailers(_) => "MalformedTrailerError",
        }
    }

    /// The HTTP status that S3 sends with the code.
    pub fn status(&self) -> u16 {
        match self {
            Self::ChunkTooSmall { .. } | Self::Mismatch { .. } => 403,
            _ => 400,
        }
    }

    /// S3's text.
    pub fn message(&self) -> Cow<'static, str> {
        match self {
            Self::Malformed(_) | Self::Truncated | Self::LengthDiffers { .. } => {
                "The request body terminated unexpectedly".into()
            }
            Self::ChunkTooSmall { .. } => {
                "Only the last chunk is allowed to have a size less than 8192 bytes".into()
            }
            Self::ChunkTooLarge { .. } => {
                "Your proposed upload exceeds the maximum allowed size".into()
            }
            Self::Mismatch { .. } => S3_MISMATCH.into(),
            Self::Trailers(_) => {
                "The request contained trailing data that was not well-formed or did not conform \
                                  to our published schema."
                    .into()
            }
        }
    }
}

/// S3's sentence for a signature that does not match: it differs from other services'.
pub(crate) const S3_MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                                      Check your key and signing method.";
