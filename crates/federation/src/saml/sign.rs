//! The other side: keys that sign responses, for a provider of one's own.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Secret;

use super::algorithm::{SHA256, XMLDSIG_MORE};
use super::decrypt::pem;
use super::signature::{self, ENVELOPED};
use super::xml::{self, Element, Name, ns};

mod certificate;
mod response;

pub use response::{NewResponse, metadata};

/// A private key that signs: RSA, or ECDSA on P-256, both with SHA-256.
pub struct SigningKey(Pair);

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

/// Why something cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// No RSA or P-256 private key in PEM (PKCS #8).
    #[error("not an RSA or P-256 private key in PEM")]
    Key,
    /// No element with such an id and an `Issuer` in a well-formed document.
    #[error("no element with this id and an Issuer")]
    Element,
    /// A time that has no form.
    #[error("not a time that can be written")]
    Time,
    /// The library cannot do it.
    #[error("cannot sign")]
    Crypto,
}

impl SigningKey {
    /// A fresh RSA key of 2048 bits, which takes a moment to find.
    ///
    /// The cryptographic library draws it from the system's randomness and takes no other.
    ///
    /// # Errors
    /// If the library cannot make one.
    pub fn generate() -> Result<Self, SignError> {
        RsaKeyPair::generate(KeySize::Rsa2048)
            .map(|it| Self(Pair::Rsa(it)))
            .or(Err(SignError::Crypto))
    }

    /// Reads a key in PEM (PKCS #8, `PRIVATE KEY`).
    ///
    /// # Errors
    /// If it is none.
    pub fn from_pem(text: &str) -> Result<Self, SignError> {
        let der = pem(text, "PRIVATE KEY").ok_or(SignError::Key)?;
        Self::from_pkcs8(der.expose())
    }

    /// Reads a key in DER (PKCS #8).
    ///
    /// # Errors
    /// If it is none.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, SignError> {
        let ecdsa = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
        let rsa = RsaKeyPair::from_pkcs8(der).map(Pair::Rsa);
        rsa.or_else(|_| ecdsa().map(Pair::Ecdsa)).map(Self).map_err(|_| SignError::Key)
    }

    /// The key, to be kept (PKCS #8, DER).
    ///
    /// # Errors
    /// If the library cannot write it.
    pub fn to_pkcs8(&self) -> Result<Secret<Vec<u8>>, SignError> {
        let der = match &self.0 {
            Pair::Rsa(pair) => {
                AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map(|der| der.as_ref().to_vec())
            }
            Pair::Ecdsa(pair) => pair.to_pkcs8v1().map(|document| document.as_ref().to_vec()),
        };
        der.map(Secret::new).map_err(|_| SignError::Crypto)
    }

    fn public_key_info(&self) -> Result<Vec<u8>, SignError> {
        let info: Result<PublicKeyX509Der<'_>, _> = match &self.0 {
            Pair::Rsa(pair) => pair.public_key().as_der(),
            Pair::Ecdsa(pair) => pair.public_key().as_der(),
        };
        info.map(|it| it.as_ref().to_vec()).map_err(|_| SignError::Crypto)
    }

    /// Signs the element with this id, which is one with an `Issuer`: the signature comes right behind
    /// that, where SAML wants it. With the certificate in DER, it names its key.
    ///
    /// # Errors
    /// If there is no such element.
    pub fn envelop(
        &self,
        document: &str,
        id: &str,
        certificate: Option<&[u8]>,
    ) -> Result<String, SignError> {
        let (octets, at) = to_sign(document, id).ok_or(SignError::Element)?;
        let digest = STANDARD.encode(digest::digest(&digest::SHA256, octets.as_bytes()));
        let info = self.signed_info(id, &digest);
        let value = STANDARD.encode(self.sign(info.as_bytes())?);
        let key_info = certificate.map_or_else(String::new, key_info);
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue>{key_info}</ds:Signature>",
            ns::SIGNATURE
        );
        let (before, after) = document.split_at_checked(at).ok_or(SignError::Element)?;
        Ok([before, &signature, after].concat())
    }

    /// `SignedInfo`, written as exclusive canonicalisation would write it.
    fn signed_info(&self, id: &str, digest: &str) -> String {
        let method = match self.0 {
            Pair::Rsa(_) => "rsa-sha256",
            Pair::Ecdsa(_) => "ecdsa-sha256",
        };
        let (ds, c14n) = (ns::SIGNATURE, ns::EXCLUSIVE_C14N);
        [
            &format!("<ds:SignedInfo xmlns:ds=\"{ds}\">"),
            &format!(
                "<ds:CanonicalizationMethod Algorithm=\"{c14n}\"></ds:CanonicalizationMethod>"
            ),
            &format!(
                "<ds:SignatureMethod Algorithm=\"{XMLDSIG_MORE}{method}\"></ds:SignatureMethod>"
            ),
            &format!("<ds:Reference URI=\"#{id}\"><ds:Transforms>"),
            &format!("<ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>"),
            &format!("<ds:Transform Algorithm=\"{c14n}\"></ds:Transform></ds:Transforms>"),
            &format!("<ds:DigestMethod Algorithm=\"{SHA256}\"></ds:DigestMethod>"),
            &format!("<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"),
        ]
        .map(String::as_str)
        .concat()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let random = SystemRandom::new();
        match &self.0 {
            Pair::Rsa(pair) => {
                let mut value = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut value)
                    .map_err(|_| SignError::Crypto)?;
                Ok(value)
            }
            Pair::Ecdsa(pair) => {
                let value = pair.sign(&random, message).map_err(|_| SignError::Crypto)?;
                Ok(value.as_ref().to_vec())
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let public = match &self.0 {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::Ecdsa(pair) => pair.public_key().as_ref(),
        };
        write!(f, "SigningKey({})", hex::encode(digest::digest(&digest::SHA256, public)))
    }
}

/// The canonical octets of the element, and where in the document its `Issuer` ends.
fn to_sign(document: &str, id: &str) -> Option<(String, usize)> {
    let document = xml::parse(document)?;
    let root = Element::root(&document)?;
    let element = [root].into_iter().chain(root.descendants());
    let element = element.into_iter().find(|it| it.attribute("ID") == Some(id))?;
    let issuer = element.only(ISSUER)?;
    let at = document.node_range(issuer.id())?.end;
    Some((signature::canonical(element, None, &[]).ok()?, at))
}

fn key_info(certificate: &[u8]) -> String {
    let certificate = STANDARD.encode(certificate);
    format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    )
}

const ISSUER: Name = (ns::ASSERTION, "Issuer");

#[cfg(test)]
mod tests;
