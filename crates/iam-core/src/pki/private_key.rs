//! The private key of a server certificate, which is looked at and not kept.

use std::fmt;

use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1_SIGNING,
    ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
    RsaKeyPair,
};
use rustls_pki_types::pem::SectionKind;

use super::only_block;

/// A private key that can be read, is not encrypted and is of an algorithm that server certificates
/// have: RSA of 2048 to 8192 bits, or the elliptic curves P-256, P-384, P-521 and secp256k1.
pub(crate) enum PrivateKey {
    Rsa(RsaKeyPair),
    EllipticCurve(EcdsaKeyPair),
}

impl PrivateKey {
    /// The one key of a text in PEM: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017) or SEC 1 (RFC 5915).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, der) = only_block(text)?;
        match kind {
            SectionKind::RsaPrivateKey => RsaKeyPair::from_der(&der).ok().map(Self::Rsa),
            SectionKind::EcPrivateKey => elliptic_curve(&der),
            SectionKind::PrivateKey => {
                let rsa = RsaKeyPair::from_pkcs8(&der).ok().map(Self::Rsa);
                rsa.or_else(|| elliptic_curve(&der))
            }
            _ => None,
        }
    }

    /// The bits of the key that goes with it, as a certificate has them.
    pub(crate) fn public_key(&self) -> &[u8] {
        match self {
            Self::Rsa(pair) => {
                let key: &rsa::PublicKey = pair.public_key();
                key.as_ref()
            }
            Self::EllipticCurve(pair) => pair.public_key().as_ref(),
        }
    }
}

fn elliptic_curve(der: &[u8]) -> Option<PrivateKey> {
    let curves = [
        &ECDSA_P256_SHA256_ASN1_SIGNING,
        &ECDSA_P384_SHA384_ASN1_SIGNING,
        &ECDSA_P521_SHA512_ASN1_SIGNING,
        &ECDSA_P256K1_SHA256_ASN1_SIGNING,
    ];
    let mut pairs = curves.into_iter().filter_map(|curve| {
        let pkcs8 = EcdsaKeyPair::from_pkcs8(curve, der);
        pkcs8.or_else(|_| EcdsaKeyPair::from_private_key_der(curve, der)).ok()
    });
    pairs.next().map(PrivateKey::EllipticCurve)
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey")
    }
}
