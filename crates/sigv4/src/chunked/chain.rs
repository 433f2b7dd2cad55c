//! The chain of signatures.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::error::BodyError;
use crate::key::{SigningKey, hex};

/// The signature of the request's head, and then of each chunk in turn.
pub(crate) struct Chain {
    key: SigningKey,
    /// The moment and the scope, each with its line end: the second and third line of every string to sign.
    context: Vec<u8>,
    previous: [u8; 64],
}

impl Chain {
    /// Starts with the signature of a head, signed with `key` at that moment (`20130524T000000Z`) for that scope.
    pub(crate) fn new(key: SigningKey, moment: &[u8], scope: &[u8], seed: [u8; 64]) -> Self {
        let context = [moment, b"\n", scope, b"\n"].concat();
        Self { key, context, previous: seed }
    }

    /// Checks the next chunk, of whose data this is the hash.
    pub(super) fn check_chunk(
        &mut self,
        data: [u8; 32],
        signature: &[u8; 64],
    ) -> Result<(), BodyError> {
        self.check(b"AWS4-HMAC-SHA256-PAYLOAD\n", &[EMPTY_HASH, b"\n", &hex(data)], signature)
    }

    /// Checks the trailers, given in their canonical form.
    pub(super) fn check_trailers(
        &mut self,
        canonical: &[u8],
        signature: &[u8; 64],
    ) -> Result<(), BodyError> {
        self.check(
            b"AWS4-HMAC-SHA256-TRAILER\n",
            &[&hex(Sha256::digest(canonical).into())],
            signature,
        )
    }

    fn check(
        &mut self,
        name: &[u8],
        hashes: &[&[u8]],
        signature: &[u8; 64],
    ) -> Result<(), BodyError> {
        let start = [name, &self.context, &self.previous, b"\n"].concat();
        let string_to_sign = [&start, &hashes.concat()[..]].concat();
        let expected = self.key.sign(&string_to_sign);
        if bool::from(expected.ct_eq(signature)) {
            self.previous = expected;
            Ok(())
        } else {
            let string_to_sign = String::from_utf8_lossy(&string_to_sign).into_owned();
            Err(BodyError::Mismatch { string_to_sign })
        }
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain").finish_non_exhaustive()
    }
}

/// The SHA-256 of nothing: of the headers that a chunk does not have.
const EMPTY_HASH: &[u8] = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
