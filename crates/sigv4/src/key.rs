//! Secrets and digests.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::scope::TERMINATOR;

/// What signatures of one access key, day, region and service are made with. It is worth caching: it saves four
/// of the five HMACs of a verification.
///
/// Wiped from memory when dropped; never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// Derives the key of a `secret` access key for a `date` (`YYYYMMDD`), `region` and `service`, all as the
    /// credential scope names them.
    pub fn derive(secret: &[u8], date: &str, region: &str, service: &str) -> Self {
        let mut root = Zeroizing::new(Vec::with_capacity(VERSION.len() + secret.len()));
        root.extend_from_slice(VERSION);
        root.extend_from_slice(secret);
        let date = Self(hmac_sha256(&root, date.as_bytes()));
        let region = Self(hmac_sha256(&date.0, region.as_bytes()));
        let service = Self(hmac_sha256(&region.0, service.as_bytes()));
        Self(hmac_sha256(&service.0, TERMINATOR.as_bytes()))
    }

    /// The signature of a string to sign, in lower-case hexadecimal.
    pub(crate) fn sign(&self, string_to_sign: &[u8]) -> [u8; 64] {
        hex(hmac_sha256(&self.0, string_to_sign))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

/// The last line of a canonical request: the SHA-256 of the body, in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PayloadHash([u8; 64]);

impl PayloadHash {
    /// The hash of a whole body, as it came over the wire.
    pub fn of(body: &[u8]) -> Self {
        Self::from_digest(Sha256::digest(body).into())
    }

    /// The hash that somebody computed while the body passed by.
    pub fn from_digest(sha256: [u8; 32]) -> Self {
        Self(hex(sha256))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayloadHash({})", String::from_utf8_lossy(&self.0))
    }
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "RFC 2104 lets an HMAC key have any length")]
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}

pub(crate) fn hex(digest: [u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    #[expect(clippy::expect_used, reason = "both lengths are in the types")]
    hex::encode_to_slice(digest, &mut text).expect("two digits for each byte");
    text
}

const VERSION: &[u8] = b"AWS4";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_documented_key() {
        // The worked example of "Create a signed AWS API request" in the IAM user guide.
        let key = SigningKey::derive(
            b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "20120215",
            "us-east-1",
            "iam",
        );
        assert_eq!(
            hex::encode(key.0),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
        );
        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }

    #[test]
    fn hashes_the_body() {
        assert_eq!(
            PayloadHash::of(b"").as_bytes(),
            b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
