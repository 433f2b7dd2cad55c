//! What SigV4a signatures are verified with.

use std::fmt;

use aws_lc_rs::{
    agreement::{ECDH_P256, PrivateKey},
    signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    algorithm::Algorithm,
    verifying::{Key, sealed},
};

/// What SigV4a signatures of one access key are verified with, whatever the day, region and service.
///
/// It is worth caching by access key id and secret: deriving it adds half to the cost of a verification, which is
/// some fifty times that of SigV4. The private key that it belongs to is wiped from memory at once. It is never
/// printed: with it, secrets that are easy to guess could be.
///
/// ```
/// use daypass_sigv4::{ExpectedScope, PayloadHash, Presented, PublicKey, Regions, Request};
///
/// let headers = [
///     ("Host", "example.amazonaws.com"),
///     ("X-Amz-Date", "20150830T123600Z"),
///     ("X-Amz-Region-Set", "us-east-1"),
///     (
///         "Authorization",
///         "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, \
///          SignedHeaders=host;x-amz-date;x-amz-region-set, \
///          Signature=3045022018b4e277d0281864beb51d3600e23f88510ea5031d68ddfbb68614b82a5eb7d2\
///          022100effb9c5f22ed9ef3ae0ab243d21f06bce82365bbb79529a07b6888c343ae5f8c",
///     ),
/// ];
/// let expected = ExpectedScope { service: "service", regions: Regions::Only("us-east-1") };
///
/// let scoped = Presented::parse(&Request::new("GET", "/", "", &headers).sigv4a(true))?
///     .check_freshness(1_440_938_160)?
///     .check_scope(&expected)?;
///
/// let secret = b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// let key = PublicKey::derive(scoped.access_key_id(), secret);
/// assert!(scoped.verify(&key, &PayloadHash::of(b"")).is_ok());
/// # Ok::<(), daypass_sigv4::AuthError>(())
/// ```
#[derive(Clone)]
pub struct PublicKey(ParsedPublicKey);

impl PublicKey {
    /// Derives the key of an access key id and its `secret`.
    pub fn derive(access_key_id: &str, secret: &[u8]) -> Self {
        let scalar = private_scalar(access_key_id, secret);
        let public = PrivateKey::from_private_key(&ECDH_P256, &*scalar)
            .ok()
            .and_then(|private| private.compute_public_key().ok())
            .and_then(|public| ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public).ok());
        #[expect(clippy::expect_used, reason = "every scalar from 1 to N - 1 is a private key")]
        Self(public.expect("a scalar in range"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(redacted)")
    }
}

impl Key for PublicKey {}

impl sealed::Holds for PublicKey {
    /// The signature is the lower-case hexadecimal of an ECDSA signature in DER, which is not unique: a signer may
    /// choose any nonce, and of `s` and `N - s` either. AWS's own vectors have both halves, so both are accepted;
    /// to turn one into the other takes no key, but changes nothing that is signed.
    fn holds(&self, algorithm: Algorithm, string_to_sign: &[u8], signature: &[u8]) -> bool {
        let mut der = [0; LONGEST_SIGNATURE];
        let Some(der) = der.get_mut(..signature.len() / 2) else {
            return false;
        };
        algorithm == Algorithm::EcdsaP256Sha256
            && !signature.iter().any(u8::is_ascii_uppercase)
            && hex::decode_to_slice(signature, der).is_ok()
            && self.0.verify_sig(string_to_sign, der).is_ok()
    }
}

/// The private key: a KDF in counter mode (NIST SP 800-108), run until it gives a number that is in range
/// (FIPS 186-5, A.2.2, "by testing candidates").
fn private_scalar(access_key_id: &str, secret: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut root = Zeroizing::new(Vec::with_capacity(VERSION.len() + secret.len()));
    root.extend_from_slice(VERSION);
    root.extend_from_slice(secret);
    #[expect(clippy::expect_used, reason = "RFC 2104 lets an HMAC key have any length")]
    let mac = Hmac::<Sha256>::new_from_slice(&root)
        .expect("a key of any length")
        .chain_update(1_u32.to_be_bytes())
        .chain_update(Algorithm::EcdsaP256Sha256.as_str())
        .chain_update([0])
        .chain_update(access_key_id);
    let scalar = (1..=LAST_COUNTER).find_map(|counter: u8| {
        let mac = mac.clone().chain_update([counter]).chain_update(KEY_BITS.to_be_bytes());
        successor_in_range(&Zeroizing::new(mac.finalize().into_bytes().into()))
    });
    #[expect(
        clippy::expect_used,
        reason = "one candidate in four thousand million is out of range"
    )]
    scalar.expect("one candidate of 254 that is in range")
}

/// The candidate and one, if that is below the order of the curve. It takes the same time for all that are.
fn successor_in_range(candidate: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let mut scalar = Zeroizing::new(*candidate);
    let mut carry = 1;
    for byte in scalar.iter_mut().rev() {
        let [high, low] = (u16::from(*byte) + u16::from(carry)).to_be_bytes();
        (carry, *byte) = (high, low);
    }
    // The subtraction borrows just when the scalar is the smaller one.
    let mut borrow = 0;
    for (byte, order) in scalar.iter().zip(ORDER).rev() {
        borrow = ((i16::from(*byte) - i16::from(order) - borrow) >> 15) & 1;
    }
    (carry == 0 && borrow == 1).then_some(scalar)
}

const VERSION: &[u8] = b"AWS4A";
const LAST_COUNTER: u8 = 254;
/// How many bits the derived key has.
const KEY_BITS: u32 = 256;
/// Two integers of up to 33 bytes, and two bytes of DER before each and before both.
const LONGEST_SIGNATURE: usize = 72;
/// N, the order of P-256 (NIST SP 800-186, 3.2.1.3).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_key_of_the_vectors() {
        let key = PublicKey::derive("AKIDEXAMPLE", b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        assert_eq!(
            hex::encode(key.0.as_ref()),
            "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
             865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518"
        );
        assert_eq!(format!("{key:?}"), "PublicKey(redacted)");
    }

    #[test]
    fn candidates_are_below_the_order_less_one() {
        let less = |by: u8| {
            let mut number = ORDER;
            number[31] -= by;
            number
        };
        let after = |candidate: [u8; 32]| successor_in_range(&candidate).map(|scalar| *scalar);
        let mut one = [0; 32];
        one[31] = 1;
        let (mut carries, mut carried) = ([0; 32], [0; 32]);
        carries[30..].fill(0xff);
        carried[29] = 1;
        for (candidate, expected) in [
            ([0; 32], Some(one)),
            (carries, Some(carried)),
            (less(3), Some(less(2))),
            (less(2), Some(less(1))),
            (less(1), None),
            (ORDER, None),
            ([0xff; 32], None),
        ] {
            assert_eq!(after(candidate), expected, "{candidate:02x?}");
        }
    }
}
