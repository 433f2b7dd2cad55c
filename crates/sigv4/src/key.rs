//! Secrets and digests.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::scope::TERMINATOR;

/// What signatures of one access key, day, region and service are made with. It is worth caching: it saves four
/// of the five HMACs of a verification, and half of the fifth, for the key has been hashed in already.
///
/// Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct SigningKey(HmacSha256);

impl SigningKey {
    /// Derives the key of a `secret` access key for a `date` (`YYYYMMDD`), `region` and `service`, all as the
    /// credential scope names them.
    pub fn derive(secret: &[u8], date: &str, region: &str, service: &str) -> Self {
        Self(keyed(&*derive(secret, [date, region, service, TERMINATOR])))
    }

    /// The signature of a string to sign, in lower-case hexadecimal.
    pub(crate) fn sign(&self, string_to_sign: &[u8]) -> [u8; 64] {
        hex(finish(self.0.clone(), string_to_sign))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

/// The last line of a canonical request: the SHA-256 of the body, in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PayloadHash(Line);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Hash([u8; 64]),
    /// What stands for a hash, such as `UNSIGNED-PAYLOAD`.
    Word(&'static str),
}

impl PayloadHash {
    /// The hash of a whole body, as it came over the wire.
    pub fn of(body: &[u8]) -> Self {
        Self::from_digest(Sha256::digest(body).into())
    }

    /// The hash that somebody computed while the body passed by.
    pub fn from_digest(sha256: [u8; 32]) -> Self {
        Self(Line::Hash(hex(sha256)))
    }

    /// A hash that somebody wrote, in whichever case.
    pub(crate) fn from_hex(digits: &[u8]) -> Option<Self> {
        let digits: [u8; 64] = digits.try_into().ok()?;
        digits.iter().all(u8::is_ascii_hexdigit).then_some(Self(Line::Hash(digits)))
    }

    pub(crate) fn word(word: &'static str) -> Self {
        Self(Line::Word(word))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Line::Hash(digits) => digits,
            Line::Word(word) => word.as_bytes(),
        }
    }
}

impl fmt::Debug for PayloadHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayloadHash({})", String::from_utf8_lossy(self.as_bytes()))
    }
}

/// A chain of HMACs: each link signs the next part of the scope with the result of the one before.
fn derive(secret: &[u8], scope: [&str; 4]) -> Zeroizing<[u8; 32]> {
    let mut root = Zeroizing::new(Vec::with_capacity(VERSION.len() + secret.len()));
    root.extend_from_slice(VERSION);
    root.extend_from_slice(secret);
    let [date, narrower @ ..] = scope;
    let first = Zeroizing::new(finish(keyed(&root), date.as_bytes()));
    narrower.iter().fold(first, |key, part| Zeroizing::new(finish(keyed(&*key), part.as_bytes())))
}

fn keyed(key: &[u8]) -> HmacSha256 {
    #[expect(clippy::expect_used, reason = "RFC 2104 lets an HMAC key have any length")]
    HmacSha256::new_from_slice(key).expect("a key of any length")
}

fn finish(mac: HmacSha256, message: &[u8]) -> [u8; 32] {
    mac.chain_update(message).finalize().into_bytes().into()
}

/// An HMAC that has hashed its key. Wipes itself: the features `zeroize` of `hmac` and `sha2` are on.
type HmacSha256 = Hmac<Sha256>;

/// Lower-case hexadecimal, without a table, so that the compiler can do many digits at once.
pub(crate) fn hex(digest: [u8; 32]) -> [u8; 64] {
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    let mut text = [0; 64];
    let (pairs, _) = text.as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(digest) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    text
}

const VERSION: &[u8] = b"AWS4";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_documented_key() {
        // The worked example of "Create a signed AWS API request" in the IAM user guide.
        let (secret, scope) =
            (b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ["20120215", "us-east-1", "iam"]);
        let [date, region, service] = scope;
        let bytes = derive(secret, [date, region, service, TERMINATOR]);
        assert_eq!(
            hex::encode(*bytes),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
        );
        let key = SigningKey::derive(secret, date, region, service);
        assert_eq!(key.sign(b"text"), hex(finish(keyed(&*bytes), b"text")));
        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }

    #[test]
    fn every_byte_has_two_digits() {
        for start in (0..=255).step_by(32) {
            let digest: [u8; 32] = std::array::from_fn(|at| start + at as u8);
            assert_eq!(hex(digest).as_slice(), hex::encode(digest).as_bytes());
        }
    }

    #[test]
    fn hashes_the_body() {
        assert_eq!(
            PayloadHash::of(b"").as_bytes(),
            b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
