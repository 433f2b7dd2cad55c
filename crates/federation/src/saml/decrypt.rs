//! Encrypted assertions (XML Encryption 1.1): RSA-OAEP around the key, AES-GCM or AES-CBC around the
//! assertion.
//!
//! AES-CBC says nothing about whether a ciphertext has been changed. So nothing may come out of here, nor
//! out of what is done with the plaintext before its signature has been verified, but yes or no.

use std::fmt;

use aws_lc_rs::aead::{
    AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Secret;

use super::der;
use super::xml::{Element, Name, ns};

/// A private key of a SAML provider, which opens the assertions that are encrypted for it.
pub struct DecryptionKey(OaepPrivateDecryptingKey);

/// The text is no RSA private key in PEM, of 2048 to 8192 bits and not encrypted itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RSA private key in PEM without a pass phrase")]
pub struct InvalidDecryptionKey;

impl DecryptionKey {
    /// Reads a key as `AddPrivateKey` takes it: PKCS #8 (`PRIVATE KEY`) or PKCS #1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    /// If it is none.
    pub fn from_pem(text: &str) -> Result<Self, InvalidDecryptionKey> {
        let pkcs8 = match (pem(text, "PRIVATE KEY"), pem(text, "RSA PRIVATE KEY")) {
            (Some(pkcs8), _) => pkcs8,
            (None, Some(rsa)) => Secret::new(der::pkcs8_of_rsa(rsa.expose())),
            (None, None) => return Err(InvalidDecryptionKey),
        };
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8.expose());
        let key = key.map_err(|_| InvalidDecryptionKey)?;
        OaepPrivateDecryptingKey::new(key).map(Self).map_err(|_| InvalidDecryptionKey)
    }

    fn open(&self, algorithm: &'static OaepAlgorithm, sealed: &[u8]) -> Option<Secret<Vec<u8>>> {
        let mut opened = vec![0; self.0.min_output_size()];
        let length = self.0.decrypt(algorithm, sealed, &mut opened, None).ok()?.len();
        opened.truncate(length);
        Some(Secret::new(opened))
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey(..)")
    }
}

/// What stands between the lines of a kind of PEM (RFC 7468).
pub(super) fn pem(text: &str, kind: &str) -> Option<Secret<Vec<u8>>> {
    let (_, rest) = text.split_once(&["-----BEGIN ", kind, "-----"].concat())?;
    let (body, _) = rest.split_once(&["-----END ", kind, "-----"].concat())?;
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(Secret::new(body).expose()).ok().map(Secret::new)
}

/// Opens an `EncryptedAssertion` with whichever of the keys fits.
pub(super) fn open(encrypted: Element<'_>, keys: &[DecryptionKey]) -> Option<String> {
    let data = encrypted.only(ENCRYPTED_DATA)?;
    let cipher = data.only(ENCRYPTION_METHOD)?.attribute("Algorithm")?;
    let sealed = cipher_value(data)?;
    // The key stands in the data's `KeyInfo` or beside the data (SAML 2.0 core, section 2.3.4).
    let inside = data.only(KEY_INFO).into_iter().flat_map(|info| info.all(ENCRYPTED_KEY));
    let sealed_keys = inside.chain(encrypted.all(ENCRYPTED_KEY)).take(MOST_KEYS);
    let opened = sealed_keys
        .filter_map(|it| Some((key_transport(it)?, cipher_value(it)?)))
        .flat_map(|(transport, key)| keys.iter().filter_map(move |it| it.open(transport, &key)))
        .find_map(|key| decrypt(cipher, key.expose(), &sealed))?;
    String::from_utf8(opened).ok()
}

/// RSA-OAEP with one hash for both of its uses.
fn key_transport(key: Element<'_>) -> Option<&'static OaepAlgorithm> {
    let method = key.only(ENCRYPTION_METHOD)?;
    let parameters = [DIGEST_METHOD, MGF];
    if !method.children().all(|it| parameters.iter().any(|name| it.is(*name))) {
        return None;
    }
    let parameter = |name| method.all(name).next().and_then(|it| it.attribute("Algorithm"));
    let digest = parameter(DIGEST_METHOD).unwrap_or(SHA1);
    let mask = match method.attribute("Algorithm")? {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => MGF1_SHA1,
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => parameter(MGF).unwrap_or(MGF1_SHA1),
        _ => return None,
    };
    Some(match (digest, mask.strip_prefix(ns::ENCRYPTION_11)?) {
        (SHA1, "mgf1sha1") => &OAEP_SHA1_MGF1SHA1,
        ("http://www.w3.org/2001/04/xmlenc#sha256", "mgf1sha256") => &OAEP_SHA256_MGF1SHA256,
        ("http://www.w3.org/2001/04/xmldsig-more#sha384", "mgf1sha384") => &OAEP_SHA384_MGF1SHA384,
        ("http://www.w3.org/2001/04/xmlenc#sha512", "mgf1sha512") => &OAEP_SHA512_MGF1SHA512,
        _ => return None,
    })
}

fn decrypt(cipher: &str, key: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    match cipher {
        "http://www.w3.org/2009/xmlenc11#aes128-gcm" => open_gcm(&AES_128_GCM, key, sealed),
        "http://www.w3.org/2009/xmlenc11#aes192-gcm" => open_gcm(&AES_192_GCM, key, sealed),
        "http://www.w3.org/2009/xmlenc11#aes256-gcm" => open_gcm(&AES_256_GCM, key, sealed),
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc" if key.len() == 16 => open_cbc(key, sealed),
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc" if key.len() == 24 => open_cbc(key, sealed),
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc" if key.len() == 32 => open_cbc(key, sealed),
        _ => None,
    }
}

/// The nonce stands before the ciphertext, the tag after it.
fn open_gcm(algorithm: &'static Algorithm, key: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk()?;
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
    let mut opened = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key.open_in_place(nonce, Aad::empty(), &mut opened).ok()?.len();
    opened.truncate(length);
    Some(opened)
}

/// The initialisation vector stands before the ciphertext; how much is padding, in its last byte.
fn open_cbc(key: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        _ => &AES_256,
    };
    let (iv, sealed) = sealed.split_first_chunk::<16>()?;
    let key = UnboundCipherKey::new(algorithm, key).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_iso10126(key).ok()?;
    let context = DecryptionContext::Iv128(FixedLength::from(*iv));
    let mut opened = sealed.to_vec();
    let length = key.decrypt(&mut opened, context).ok()?.len();
    opened.truncate(length);
    Some(opened)
}

fn cipher_value(element: Element<'_>) -> Option<Vec<u8>> {
    element.only(CIPHER_DATA)?.only(CIPHER_VALUE)?.base64()
}

const ENCRYPTED_DATA: Name = (ns::ENCRYPTION, "EncryptedData");
const ENCRYPTED_KEY: Name = (ns::ENCRYPTION, "EncryptedKey");
const ENCRYPTION_METHOD: Name = (ns::ENCRYPTION, "EncryptionMethod");
const CIPHER_DATA: Name = (ns::ENCRYPTION, "CipherData");
const CIPHER_VALUE: Name = (ns::ENCRYPTION, "CipherValue");
const KEY_INFO: Name = (ns::SIGNATURE, "KeyInfo");
const DIGEST_METHOD: Name = (ns::SIGNATURE, "DigestMethod");
const MGF: Name = (ns::ENCRYPTION_11, "MGF");

/// For RSA-OAEP, whose security does not depend on collisions, SHA-1 is what XML Encryption means if
/// nothing is said.
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const MGF1_SHA1: &str = "http://www.w3.org/2009/xmlenc11#mgf1sha1";

/// Each costs one use of each private key.
const MOST_KEYS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const PKCS8: &str = include_str!("../../../../fixtures/federation/saml/provider-key.pem");
    const PKCS1: &str = include_str!("../../../../fixtures/federation/saml/provider-key-pkcs1.pem");
    const P256: &str = include_str!("../../../../fixtures/federation/saml/idp-key-p256.pem");

    #[test]
    fn private_keys_are_read_in_both_of_their_forms() {
        for pem in [PKCS8, PKCS1, &PKCS8.replace('\n', "\r\n")] {
            let key = DecryptionKey::from_pem(pem).unwrap();
            assert_eq!(format!("{key:?}"), "DecryptionKey(..)");
        }
        let encrypted = PKCS8.replace("PRIVATE", "ENCRYPTED PRIVATE");
        let (cut, _) = PKCS8.split_at(PKCS8.len() / 2);
        for pem in ["", "key", cut, P256, &encrypted, &PKCS8.replace("MII", "MIJ")] {
            assert_eq!(DecryptionKey::from_pem(pem).err(), Some(InvalidDecryptionKey), "{pem}");
        }
    }

    #[test]
    fn what_was_not_sealed_is_not_opened() {
        let key = [7; 16];
        for cipher in ["xmlenc11#aes128-gcm", "xmlenc#aes128-cbc", "xmlenc#aes256-cbc"] {
            let year = if cipher.contains("11") { "2009/" } else { "2001/04/" };
            let uri = ["http://www.w3.org/", year, cipher].concat();
            for length in [0, 1, 12, 15, 16, 17, 28] {
                assert_eq!(decrypt(&uri, &key, &vec![0; length]), None, "{uri} {length}");
            }
        }
    }
}
