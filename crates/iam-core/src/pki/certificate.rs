//! X.509 certificates (RFC 5280).

use rustls_pki_types::SignatureVerificationAlgorithm;
use rustls_pki_types::pem::SectionKind;
use sha2::{Digest, Sha256};
use x509_cert::Certificate as Decoded;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Encode, Reader, SliceReader};

use super::{Block, blocks, only_block};

/// A certificate that can be read.
#[derive(Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    /// Unix seconds.
    pub(crate) not_before: i64,
    /// Unix seconds.
    pub(crate) not_after: i64,
    /// The bits of the key, as the algorithm writes them.
    pub(crate) public_key: Vec<u8>,
}

/// What is wrong with a chain of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChainError {
    /// It holds no certificate, or something that is none.
    Unreadable,
    /// The certificate at this index did not sign the one before it. The certificate that the chain is
    /// for has the index 0; −1 stands for text that belongs to no certificate.
    Invalid(i64),
}

impl Certificate {
    /// The one certificate of a text in PEM; `None` when the text is anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let der = only_block(text).and_then(certificate)?;
        let decoded = Decoded::from_der(&der).ok()?;
        let tbs = decoded.tbs_certificate();
        let seconds = |time: &x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        Some(Self {
            not_before: seconds(&tbs.validity().not_before),
            not_after: seconds(&tbs.validity().not_after),
            public_key: tbs.subject_public_key_info().subject_public_key.raw_bytes().to_vec(),
            der,
        })
    }

    /// Whether each certificate of `chain` signed the one before it, and the first this one.
    ///
    /// # Errors
    /// [`ChainError`].
    pub(crate) fn verify_chain(&self, chain: &str) -> Result<(), ChainError> {
        let blocks = blocks(chain).ok_or(ChainError::Unreadable)?;
        if !chain.trim_start().starts_with("-----BEGIN") {
            return Err(ChainError::Invalid(-1));
        }
        let mut subject = self.der.clone();
        for (index, block) in (1..).zip(blocks) {
            if index > LONGEST_CHAIN {
                return Err(ChainError::Invalid(index));
            }
            let issuer = certificate(block).ok_or(ChainError::Unreadable)?;
            if Decoded::from_der(&issuer).is_err() {
                return Err(ChainError::Unreadable);
            }
            if !is_signed_by(&subject, &issuer).unwrap_or(false) {
                return Err(ChainError::Invalid(index));
            }
            subject = issuer;
        }
        Ok(())
    }

    /// The SHA-256 of the certificate, in lower-case hexadecimal.
    pub(crate) fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.der))
    }
}

/// A bound of daypass's own on what a chain costs to verify. Real ones have three or four.
const LONGEST_CHAIN: i64 = 32;

fn certificate((kind, der): Block) -> Option<Vec<u8>> {
    (kind == SectionKind::Certificate).then(|| der.to_vec())
}

/// By name and by signature. `None` when the signature is of an algorithm that is not known, or there is
/// something that cannot be read.
fn is_signed_by(subject: &[u8], issuer: &[u8]) -> Option<bool> {
    let signed = signed_bytes(subject)?;
    let (subject, issuer) = (Decoded::from_der(subject).ok()?, Decoded::from_der(issuer).ok()?);
    if subject.tbs_certificate().issuer() != issuer.tbs_certificate().subject() {
        return Some(false);
    }
    let signature_algorithm = content(subject.signature_algorithm())?;
    let key = issuer.tbs_certificate().subject_public_key_info();
    let key_algorithm = content(&key.algorithm)?;
    let is_meant = |algorithm: &&&dyn SignatureVerificationAlgorithm| {
        algorithm.signature_alg_id().as_ref() == signature_algorithm
            && algorithm.public_key_alg_id().as_ref() == key_algorithm
    };
    let algorithm = webpki::ALL_VERIFICATION_ALGS.iter().find(is_meant)?;
    let key = key.subject_public_key.as_bytes()?;
    let signature = subject.signature().as_bytes()?;
    Some(algorithm.verify_signature(key, signed, signature).is_ok())
}

/// The part of a certificate that its issuer signed, byte for byte.
fn signed_bytes(certificate: &[u8]) -> Option<&[u8]> {
    let fields = AnyRef::from_der(certificate).ok()?.value();
    SliceReader::new(fields).ok()?.tlv_bytes().ok()
}

/// A structure in DER without its tag and length.
fn content(value: &impl Encode) -> Option<Vec<u8>> {
    let der = value.to_der().ok()?;
    AnyRef::from_der(&der).ok().map(|any| any.value().to_vec())
}
