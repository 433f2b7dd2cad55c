//! How a body on its way in is checked.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

use crate::{
    chunked::{ChunkedBody, Trailers},
    content::DeclaredHash,
    key::PayloadHash,
    tower::BoxError,
};

/// What a body has to pass.
pub(super) enum Check {
    /// It must have this hash.
    Hash { sha256: Sha256, declared: DeclaredHash },
    /// Its chunks must be signed.
    Chunks(Box<ChunkedBody>),
}

impl Check {
    pub(super) fn hash(declared: DeclaredHash) -> Self {
        Self::Hash { sha256: Sha256::new(), declared }
    }

    /// Takes the next bytes, and gives those that may go on.
    pub(super) fn take(&mut self, data: Bytes) -> Result<Bytes, BoxError> {
        match self {
            Self::Hash { sha256, .. } => {
                sha256.update(&data);
                Ok(data)
            }
            Self::Chunks(decoder) => {
                let mut decoded = Vec::new();
                decoder.feed(&data, &mut decoded)?;
                Ok(decoded.into())
            }
        }
    }

    /// Ends the body, and gives the trailers that were in it.
    pub(super) fn finish(self) -> Result<Option<HeaderMap>, BoxError> {
        match self {
            Self::Hash { sha256, declared } => {
                declared.check(&PayloadHash::from_digest(sha256.finalize().into()))?;
                Ok(None)
            }
            Self::Chunks(decoder) => headers(&decoder.finish()?),
        }
    }
}

fn headers(trailers: &Trailers) -> Result<Option<HeaderMap>, BoxError> {
    let mut headers = HeaderMap::new();
    for (name, value) in trailers.iter() {
        headers.append(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_bytes(value)?);
    }
    Ok((!headers.is_empty()).then_some(headers))
}
