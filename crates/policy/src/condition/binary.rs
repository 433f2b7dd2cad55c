use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::context::Scalar;

/// Base64 in the policy against the bytes of the request's value.
#[derive(Debug)]
pub(super) struct BinaryTest(Box<[Vec<u8>]>);

impl BinaryTest {
    pub(super) fn new(values: &[&str]) -> Self {
        Self(values.iter().filter_map(|value| STANDARD.decode(value).ok()).collect())
    }

    pub(super) fn matches(&self, value: Scalar<'_>) -> bool {
        let value = value.text();
        self.0.iter().any(|bytes| bytes.as_slice() == value.as_bytes())
    }
}
