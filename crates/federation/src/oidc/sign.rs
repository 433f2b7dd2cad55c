//! The other side: keys that sign tokens, for `GetWebIdentityToken` and for a provider of one's own.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_ident::Secret;
use serde::Serialize;

use super::Algorithm;
use super::algorithm::Family;

#[cfg(test)]
mod tests;

/// A private key with its name, for one algorithm.
pub struct SigningKey {
    id: String,
    algorithm: Algorithm,
    pair: Pair,
}

impl SigningKey {
    /// A fresh key; an RSA key has 2048 bits, and takes a moment to find.
    ///
    /// The cryptographic library draws it from the system's randomness and takes no other.
    ///
    /// # Errors
    /// When the library cannot make one.
    pub fn generate(id: &str, algorithm: Algorithm) -> Result<Self, SignError> {
        let pair = match algorithm.family() {
            Family::Rsa(..) => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048)?),
            Family::Ecdsa(curve) => Pair::Ecdsa(EcdsaKeyPair::generate(curve.signing)?),
        };
        Ok(Self { id: id.to_owned(), algorithm, pair })
    }

    /// The key with this private part, as [`to_pkcs8`](Self::to_pkcs8) gave it.
    ///
    /// # Errors
    /// When it is not a key for this algorithm.
    pub fn from_pkcs8(
        id: &str,
        algorithm: Algorithm,
        der: &Secret<Vec<u8>>,
    ) -> Result<Self, SignError> {
        let der = der.expose();
        let pair = match algorithm.family() {
            Family::Rsa(..) => Pair::Rsa(RsaKeyPair::from_pkcs8(der)?),
            Family::Ecdsa(curve) => Pair::Ecdsa(EcdsaKeyPair::from_pkcs8(curve.signing, der)?),
        };
        Ok(Self { id: id.to_owned(), algorithm, pair })
    }

    /// The private part, to be kept (PKCS #8, DER).
    ///
    /// # Errors
    /// When the library cannot write it.
    pub fn to_pkcs8(&self) -> Result<Secret<Vec<u8>>, SignError> {
        let der = match &self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair)?.as_ref().to_vec(),
            Pair::Ecdsa(pair) => pair.to_pkcs8v1()?.as_ref().to_vec(),
        };
        Ok(Secret::new(der))
    }

    /// A token with these claims.
    ///
    /// # Errors
    /// When the claims are not JSON, or the library cannot sign.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SignError> {
        let header = Header { alg: self.algorithm.name(), kid: &self.id, typ: "JWT" };
        let header = serde_json::to_vec(&header).map_err(|_| SignError::Claims)?;
        let claims = serde_json::to_vec(claims).map_err(|_| SignError::Claims)?;
        self.sign_bytes(&header, &claims)
    }

    /// A token with exactly this header and these claims, whatever they are: what a verifier must
    /// withstand.
    ///
    /// # Errors
    /// When the library cannot sign.
    pub fn sign_bytes(&self, header: &[u8], claims: &[u8]) -> Result<String, SignError> {
        let mut token = URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.signature(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The public part (RFC 7517), as AWS publishes its own: an RSA key without `alg`, since it fits
    /// several, others with.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        let encode = |bytes: &[u8]| Some(URL_SAFE_NO_PAD.encode(bytes));
        let mut jwk = Jwk { kid: self.id.clone(), r#use: "sig", ..Jwk::default() };
        match (&self.pair, self.algorithm.family()) {
            (Pair::Rsa(pair), _) => {
                jwk.kty = "RSA";
                let (n, e) = rsa_integers(pair.public_key().as_ref()).unwrap_or_default();
                (jwk.n, jwk.e) = (encode(n), encode(e));
            }
            (Pair::Ecdsa(pair), Family::Ecdsa(curve)) => {
                jwk.kty = "EC";
                jwk.alg = Some(self.algorithm.name());
                jwk.crv = Some(curve.name);
                let point = pair.public_key().as_ref().split_at_checked(1 + curve.coordinate);
                let (x, y) = point.unwrap_or_default();
                (jwk.x, jwk.y) = (encode(x.get(1..).unwrap_or_default()), encode(y));
            }
            // INVARIANT: the pair was made for the algorithm.
            (Pair::Ecdsa(_), Family::Rsa(..)) => {}
        }
        jwk
    }

    /// The name, as in a token's `kid`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the key signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match (&self.pair, self.algorithm.family()) {
            (Pair::Rsa(pair), Family::Rsa(_, padding)) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
            (Pair::Ecdsa(pair), Family::Ecdsa(_)) => {
                Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec())
            }
            // INVARIANT: the pair was made for the algorithm.
            _ => Err(SignError::Key),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, algorithm, .. } = self;
        write!(f, "SigningKey({id}, {algorithm})")
    }
}

/// Some keys' public parts, as a provider publishes them: the document at its `jwks_uri`.
#[derive(Debug, Serialize)]
pub struct Jwks {
    /// The keys.
    pub keys: Vec<Jwk>,
}

impl<'a> FromIterator<&'a SigningKey> for Jwks {
    fn from_iter<I: IntoIterator<Item = &'a SigningKey>>(keys: I) -> Self {
        Self { keys: keys.into_iter().map(SigningKey::jwk).collect() }
    }
}

/// A public key as JSON (RFC 7517; its members: RFC 7518, section 6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of RFC 7517 and RFC 7518")]
pub struct Jwk {
    pub kty: &'static str,
    pub kid: String,
    pub r#use: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

/// Why there is no key or no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The bytes are no private key for the algorithm.
    #[error("this is not a private key for the algorithm")]
    Key,
    /// The claims cannot be written as JSON.
    #[error("the claims cannot be written as JSON")]
    Claims,
    /// The cryptographic library fails.
    #[error("the cryptographic library fails")]
    Library,
}

impl From<aws_lc_rs::error::KeyRejected> for SignError {
    fn from(_: aws_lc_rs::error::KeyRejected) -> Self {
        Self::Key
    }
}

impl From<aws_lc_rs::error::Unspecified> for SignError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Library
    }
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    kid: &'a str,
    typ: &'static str,
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017, appendix A.1.1) in DER, without leading
/// zeros.
fn rsa_integers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(der, SEQUENCE)?;
    let (n, rest) = element(sequence, INTEGER)?;
    let (e, _) = element(rest, INTEGER)?;
    Some((n.strip_prefix(&[0]).unwrap_or(n), e.strip_prefix(&[0]).unwrap_or(e)))
}

/// The content of the element at the start, if it has this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
        length = digits.iter().try_fold(0_usize, |length, digit| {
            Some(length.checked_mul(0x100)? | usize::from(*digit))
        })?;
        rest = after;
    }
    (found == tag).then(|| rest.split_at_checked(length))?
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
