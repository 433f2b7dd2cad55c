use std::fmt;

use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::algorithm::{Curve, Family};
use super::json::{Json, Object};
use super::{Algorithm, Jwt, KeyProblem, OidcError};

#[cfg(test)]
mod tests;

/// The public keys of a provider: a JWK Set (RFC 7517).
pub struct KeySet {
    keys: Vec<Key>,
}

impl KeySet {
    /// Reads a key set.
    ///
    /// Keys that sign nothing AWS would accept are left out, as RFC 7517 (section 5) asks of keys
    /// that are not understood: symmetric ones, those for encryption, other curves, RSA keys below
    /// 2048 bits or with an exponent that is none.
    ///
    /// # Errors
    /// When the document is no key set, or a larger one than AWS reads.
    pub fn parse(document: &[u8]) -> Result<Self, InvalidKeySet> {
        let document = Json::parse_object(document).ok_or(InvalidKeySet::Json)?;
        let Some(Json::List(keys)) = document.get("keys") else {
            return Err(InvalidKeySet::Keys);
        };
        if keys.len() > MOST_KEYS {
            return Err(InvalidKeySet::TooMany);
        }
        let keys = keys.iter().filter_map(|key| match key {
            Json::Object(key) => Key::read(key),
            _ => None,
        });
        Ok(Self { keys: keys.collect() })
    }

    /// How many keys can verify tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can verify tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Verifies a token's signature with the key it names, or, when it names none, with any that
    /// may use its algorithm.
    pub(super) fn verify(&self, jwt: &Jwt<'_>) -> Result<(), OidcError> {
        let named = self.keys.iter().filter(|key| key.may_be(jwt));
        let mut tried = 0;
        for key in named.filter_map(|key| key.verifier(jwt.algorithm)).take(MOST_TRIED) {
            if key.verify_sig(jwt.signed.as_bytes(), &jwt.signature).is_ok() {
                return Ok(());
            }
            tried += 1;
        }
        Err(match (tried, self.knows(jwt)) {
            (0, false) => OidcError::Key(KeyProblem::UnknownKeyId),
            (0, true) => OidcError::Key(KeyProblem::Algorithm),
            _ => OidcError::Signature,
        })
    }

    /// Whether there is a key that the token may mean. If not, the provider may have published it
    /// since.
    pub(super) fn knows(&self, jwt: &Jwt<'_>) -> bool {
        self.keys.iter().any(|key| key.may_be(jwt))
    }
}

/// Public keys are no secret, and long.
impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

/// Why a document is no key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKeySet {
    /// It is not a JSON object without duplicate members.
    #[error("the key set is not a JSON object without duplicate members")]
    Json,
    /// It has no list `keys`.
    #[error("the key set has no list of keys")]
    Keys,
    /// It has more keys than AWS reads.
    #[error("the key set has too many keys")]
    TooMany,
}

struct Key {
    id: Option<String>,
    /// One for each algorithm that the key may be used with: an algorithm that a token names finds
    /// either a key made for it or nothing.
    verifiers: Vec<(Algorithm, ParsedPublicKey)>,
}

impl Key {
    fn read(key: &Object) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Json::as_text);
        if !is_for_signatures(key) {
            return None;
        }
        let id = match key.get("kid") {
            None => None,
            Some(id) => Some(id.as_text()?.to_owned()),
        };
        let only = match key.get("alg") {
            None => None,
            Some(name) => Some(name.as_text().and_then(Algorithm::parse)?),
        };
        let algorithms = Algorithm::ALL
            .into_iter()
            .filter(|algorithm| only.is_none_or(|only| only == *algorithm));
        let verifiers = algorithms.filter_map(|algorithm| {
            let verifier = match (algorithm.family(), text("kty")?) {
                (Family::Rsa(parameters, _), "RSA") => {
                    let (n, e) = (unsigned(text("n")?)?, unsigned(text("e")?)?);
                    if !is_of_good_length(&n) || !is_exponent(&e) {
                        return None;
                    }
                    RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters).ok()?
                }
                (Family::Ecdsa(curve), "EC") if text("crv") == Some(curve.name) => {
                    let point = point(curve, text("x")?, text("y")?)?;
                    ParsedPublicKey::new(curve.verification, point).ok()?
                }
                _ => return None,
            };
            Some((algorithm, verifier))
        });
        let verifiers: Vec<_> = verifiers.collect();
        (!verifiers.is_empty()).then_some(Self { id, verifiers })
    }

    fn may_be(&self, jwt: &Jwt<'_>) -> bool {
        jwt.key_id.is_none() || jwt.key_id == self.id
    }

    fn verifier(&self, algorithm: Algorithm) -> Option<&ParsedPublicKey> {
        self.verifiers
            .iter()
            .find(|(for_algorithm, _)| *for_algorithm == algorithm)
            .map(|(_, key)| key)
    }
}

/// Whether the provider offers the key for verifying signatures (RFC 7517, sections 4.2 and 4.3).
fn is_for_signatures(key: &Object) -> bool {
    let used = key.get("use").is_none_or(|used| used.as_text() == Some("sig"));
    let operations = key.get("key_ops").is_none_or(|operations| {
        operations.as_texts().is_some_and(|operations| operations.contains(&"verify"))
    });
    used && operations
}

/// A Base64urlUInt (RFC 7518, section 2), without the leading zero that some providers write.
fn unsigned(text: &str) -> Option<Vec<u8>> {
    let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.drain(..zeros);
    (!bytes.is_empty()).then_some(bytes)
}

/// Whether a modulus has 2048 to 8192 bits: below, NIST SP 800-131A allows no signatures; above,
/// verifying takes too long.
fn is_of_good_length(modulus: &[u8]) -> bool {
    let top_bit = modulus.first().is_some_and(|byte| byte & 0x80 != 0);
    modulus.len() > SMALLEST_RSA && modulus.len() <= LARGEST_RSA
        || modulus.len() == SMALLEST_RSA && top_bit
}

/// Whether a public exponent is odd and no less than three (RFC 8017, section 3.1): with one, a message
/// is its own signature.
fn is_exponent(exponent: &[u8]) -> bool {
    exponent != [1] && exponent.last().is_some_and(|byte| byte & 1 == 1)
}

/// An uncompressed point (SEC 1, section 2.3.3). Some providers leave out the zeros that a coordinate
/// begins with, which RFC 7518 (section 6.2.1.2) wants written.
fn point(curve: &Curve, x: &str, y: &str) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for coordinate in [x, y] {
        let coordinate = URL_SAFE_NO_PAD.decode(coordinate).ok()?;
        let zeros = curve.coordinate.checked_sub(coordinate.len())?;
        point.resize(point.len() + zeros, 0);
        point.extend(coordinate);
    }
    Some(point)
}

/// A hundred RSA and a hundred EC keys: as many as AWS reads of a provider.
const MOST_KEYS: usize = 200;

/// A token without a key id costs at most so many verifications.
const MOST_TRIED: usize = 8;

/// Of a modulus, in bytes.
const SMALLEST_RSA: usize = 256;
const LARGEST_RSA: usize = 1024;
