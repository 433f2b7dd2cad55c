use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

/// A public key with its algorithm (RFC 5280, `SubjectPublicKeyInfo`).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PublicKey(Box<[u8]>);

impl PublicKey {
    pub(super) fn new(info: &[u8]) -> Self {
        Self(info.into())
    }

    /// Whether this key's owner has signed the message so. A key of another kind has not.
    pub(super) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let mut variants = algorithm.variants().iter().copied();
        variants.any(|it| UnparsedPublicKey::new(it, &self.0).verify(message, signature).is_ok())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fingerprint = digest::digest(&digest::SHA256, &self.0);
        write!(f, "PublicKey({})", hex::encode(fingerprint))
    }
}

/// The signatures that are accepted: RSA (PKCS #1, 2048 bits and more) and ECDSA (the curve that goes
/// with the hash, or P-521), nothing with SHA-1, and never an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignatureAlgorithm {
    RsaSha256,
    RsaSha384,
    RsaSha512,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
}

impl SignatureAlgorithm {
    /// RFC 9231, section 2.3.
    pub(super) fn of(uri: &str) -> Option<Self> {
        Some(match uri.strip_prefix(XMLDSIG_MORE)? {
            "rsa-sha256" => Self::RsaSha256,
            "rsa-sha384" => Self::RsaSha384,
            "rsa-sha512" => Self::RsaSha512,
            "ecdsa-sha256" => Self::EcdsaSha256,
            "ecdsa-sha384" => Self::EcdsaSha384,
            "ecdsa-sha512" => Self::EcdsaSha512,
            _ => return None,
        })
    }

    fn variants(self) -> &'static [&'static dyn VerificationAlgorithm] {
        match self {
            Self::RsaSha256 => &[&signature::RSA_PKCS1_2048_8192_SHA256],
            Self::RsaSha384 => &[&signature::RSA_PKCS1_2048_8192_SHA384],
            Self::RsaSha512 => &[&signature::RSA_PKCS1_2048_8192_SHA512],
            Self::EcdsaSha256 => {
                &[&signature::ECDSA_P256_SHA256_FIXED, &signature::ECDSA_P521_SHA256_FIXED]
            }
            Self::EcdsaSha384 => {
                &[&signature::ECDSA_P384_SHA384_FIXED, &signature::ECDSA_P521_SHA384_FIXED]
            }
            Self::EcdsaSha512 => &[&signature::ECDSA_P521_SHA512_FIXED],
        }
    }
}

/// The digests that are accepted (XML Encryption 1.1, section 5.7; RFC 9231, section 2.1).
pub(super) fn digest_algorithm(uri: &str) -> Option<&'static digest::Algorithm> {
    match uri {
        SHA256 => Some(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(&digest::SHA512),
        _ => None,
    }
}

pub(super) const XMLDSIG_MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
