//! RSA public keys for SSH, as a line of OpenSSH (RFC 4253, section 6.6) or in PEM (RFC 5280, section
//! 4.1.2.7).

use std::fmt::Write;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::PublicKeyComponents;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use rustls_pki_types::pem::SectionKind;
use ssh_encoding::{Base64Reader, Decode as _, Encode as _, Mpint, Reader as _};
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use x509_cert::der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::only_block;

/// A key that IAM accepts.
#[derive(Debug)]
pub(crate) struct SshKey {
    exponent: Mpint,
    modulus: Mpint,
}

/// Why a text is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It is neither a line of OpenSSH nor a public key in PEM.
    Encoding,
    /// It is a key, but not RSA of 2048 to 16,384 bits.
    Key,
}

impl SshKey {
    /// The key of an uploaded text.
    ///
    /// # Errors
    /// [`Unusable`].
    pub(crate) fn parse(text: &str) -> Result<Self, Unusable> {
        let text = text.trim();
        let key = if text.starts_with("-----BEGIN") { from_pem(text) } else { from_line(text) }?;
        let bits = key.modulus.as_positive_bytes().map_or(0, bits);
        let is_odd = |number: &Mpint| number.as_bytes().last().is_some_and(|last| last & 1 == 1);
        let is_rsa = is_odd(&key.modulus) && is_odd(&key.exponent) && key.exponent.is_positive();
        let is_usable = is_rsa && (2048..=16_384).contains(&bits);
        is_usable.then_some(key).ok_or(Unusable::Key)
    }

    /// The MD5 of what SSH sends of a key, as `ssh-keygen -l -E md5` shows it. That IAM takes the MD5 of
    /// these bytes is not on record; its samples have this form.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Md5::digest(self.blob());
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    }

    /// The key as a line of OpenSSH, without a comment.
    pub(crate) fn line(&self) -> String {
        format!("{ALGORITHM} {}", STANDARD.encode(self.blob()))
    }

    /// The key in PEM, with a newline after each line; `None` never, since the key was read.
    pub(crate) fn pem(&self) -> Option<String> {
        let n = self.modulus.as_positive_bytes()?;
        let e = self.exponent.as_positive_bytes()?;
        let der = AsDer::as_der(&PublicKeyComponents { n, e }).ok()?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        for line in text.as_bytes().chunks(64) {
            let line = std::str::from_utf8(line).unwrap_or_default();
            // INVARIANT: a String takes everything.
            let _ = writeln!(pem, "{line}");
        }
        pem.push_str("-----END PUBLIC KEY-----\n");
        Some(pem)
    }

    fn blob(&self) -> Vec<u8> {
        let mut blob = Vec::new();
        // INVARIANT: a Vec takes everything.
        let written = ALGORITHM
            .encode(&mut blob)
            .and_then(|()| self.exponent.encode(&mut blob))
            .and_then(|()| self.modulus.encode(&mut blob));
        written.map(|()| blob).unwrap_or_default()
    }
}

fn from_line(text: &str) -> Result<SshKey, Unusable> {
    let mut words = text.split_ascii_whitespace();
    let (Some(algorithm), Some(blob)) = (words.next(), words.next()) else {
        return Err(Unusable::Encoding);
    };
    // The comment may have words of its own, but it is no second key.
    if text.contains('\n') {
        return Err(Unusable::Encoding);
    }
    let mut reader = Base64Reader::new(blob.as_bytes()).map_err(|_| Unusable::Encoding)?;
    let named =
        <String as ssh_encoding::Decode>::decode(&mut reader).map_err(|_| Unusable::Encoding)?;
    if named != algorithm {
        return Err(Unusable::Encoding);
    }
    if algorithm != ALGORITHM {
        return Err(Unusable::Key);
    }
    let exponent = Mpint::decode(&mut reader).map_err(|_| Unusable::Encoding)?;
    let modulus = Mpint::decode(&mut reader).map_err(|_| Unusable::Encoding)?;
    reader.finish(SshKey { exponent, modulus }).map_err(|_: ssh_encoding::Error| Unusable::Encoding)
}

fn from_pem(text: &str) -> Result<SshKey, Unusable> {
    let (kind, der) = only_block(text).ok_or(Unusable::Encoding)?;
    if kind != SectionKind::PublicKey {
        return Err(Unusable::Encoding);
    }
    let key = SubjectPublicKeyInfoRef::from_der(&der).map_err(|_| Unusable::Encoding)?;
    if key.algorithm.oid != RSA_ENCRYPTION {
        return Err(Unusable::Key);
    }
    let numbers = key.subject_public_key.as_bytes().and_then(rsa_numbers);
    let (modulus, exponent) = numbers.ok_or(Unusable::Encoding)?;
    Ok(SshKey {
        exponent: Mpint::from_positive_bytes(exponent.as_bytes()),
        modulus: Mpint::from_positive_bytes(modulus.as_bytes()),
    })
}

/// The modulus and the exponent of an `RSAPublicKey` (RFC 8017, appendix A.1.1).
fn rsa_numbers(der: &[u8]) -> Option<(UintRef<'_>, UintRef<'_>)> {
    let numbers = AnyRef::from_der(der).ok().filter(|any| any.tag() == Tag::Sequence)?.value();
    let mut reader = SliceReader::new(numbers).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    let exponent = UintRef::decode(&mut reader).ok()?;
    reader.is_finished().then_some((modulus, exponent))
}

/// The length of a number in bits.
fn bits(bytes: &[u8]) -> usize {
    let leading = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
    (bytes.len() * 8).saturating_sub(leading)
}

const ALGORITHM: &str = "ssh-rsa";
/// RFC 8017, appendix A.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
