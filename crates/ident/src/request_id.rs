use std::fmt;

use crate::IdGen;

/// The id of one request: a random UUID (RFC 9562, version 4), in the answer's body and header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(uuid::Uuid);

impl RequestId {
    /// A fresh id.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self(crate::random_uuid::random(ids))
    }

    /// The 36 characters of the hyphenated form, without allocating.
    pub fn encode<'a>(&self, buffer: &'a mut [u8; 36]) -> &'a str {
        self.0.hyphenated().encode_lower(buffer)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.hyphenated(), f)
    }
}
