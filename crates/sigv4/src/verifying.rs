//! What a signature can be verified with.

use subtle::ConstantTimeEq;

use crate::{algorithm::Algorithm, key::SigningKey};

/// What a signature can be verified with: a [`SigningKey`] for SigV4, a `PublicKey` (feature `sigv4a`) for SigV4a.
/// A key of one algorithm holds no signature of the other.
pub trait Key: sealed::Holds {}

pub(crate) mod sealed {
    use crate::{algorithm::Algorithm, key::SigningKey};

    pub trait Holds {
        /// Whether this is the signature, as it was sent, of the string to sign.
        fn holds(&self, algorithm: Algorithm, string_to_sign: &[u8], signature: &[u8]) -> bool;

        /// The key of the signatures of the body's chunks, which for SigV4a nobody here can verify.
        fn chunk_key(&self) -> Option<SigningKey> {
            None
        }
    }
}

impl Key for SigningKey {}

impl sealed::Holds for SigningKey {
    fn holds(&self, algorithm: Algorithm, string_to_sign: &[u8], signature: &[u8]) -> bool {
        let expected = self.sign(string_to_sign);
        algorithm == Algorithm::HmacSha256 && bool::from(expected.as_slice().ct_eq(signature))
    }

    fn chunk_key(&self) -> Option<SigningKey> {
        Some(self.clone())
    }
}
