use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use daypass_federation::oidc::{InvalidKeySet, KeySet, Rules};

/// The keys of an OpenID Connect provider, known beforehand: it is never asked for them, so that
/// its tokens can be verified without a network.
#[derive(Debug, Clone)]
pub struct OidcKeys {
    pub(crate) provider: String,
    pub(crate) keys: Arc<KeySet>,
}

impl OidcKeys {
    /// The keys of the provider with this issuer, such as
    /// `https://token.actions.githubusercontent.com`. The key set is what the provider publishes at
    /// its `jwks_uri` (RFC 7517).
    ///
    /// # Errors
    /// When the issuer is no URL that a provider can have, or the key set holds no key that
    /// verifies tokens.
    pub fn parse(issuer: &str, key_set: &[u8]) -> Result<Self, OidcKeysError> {
        // Whether an issuer may be plain `http` is for the server to judge when a token says so.
        let provider = Rules { loopback_http: true }.provider_of(issuer);
        let provider = provider.ok_or_else(|| OidcKeysError::Issuer(issuer.to_owned()))?;
        let keys = KeySet::parse(key_set).map_err(|source| OidcKeysError::KeySet(source.into()))?;
        if keys.is_empty() {
            return Err(OidcKeysError::NoKeys);
        }
        Ok(Self { provider: provider.to_owned(), keys: Arc::new(keys) })
    }

    /// The same, with the key set in a file.
    ///
    /// # Errors
    /// Also when the file cannot be read.
    pub fn read(issuer: &str, path: &Path) -> Result<Self, OidcKeysError> {
        let read = fs::read(path);
        let key_set = read.map_err(|source| OidcKeysError::File(path.to_owned(), source))?;
        Self::parse(issuer, &key_set)
    }
}

/// Why keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OidcKeysError {
    /// The issuer is no URL of a provider.
    #[error("{0:?} is no issuer: write its URL, as in https://token.actions.githubusercontent.com")]
    Issuer(String),
    /// The file cannot be read.
    #[error("the keys {} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The text is no key set.
    #[error("the keys are no JSON Web Key Set, as a provider publishes it at its jwks_uri")]
    KeySet(#[source] Box<InvalidKeySet>),
    /// It is a key set, but of other keys.
    #[error("the key set holds no RSA key of 2048 bits or more, nor one of P-256, P-384 or P-521")]
    NoKeys,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_for_an_issuer_and_can_verify() {
        let key = r#"{"kty":"EC","crv":"P-256",
            "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;
        let set = format!(r#"{{"keys":[{key}]}}"#);
        let parse = |issuer: &str, set: &str| {
            let parsed = OidcKeys::parse(issuer, set.as_bytes());
            parsed.map(|keys| keys.provider).map_err(|error| error.to_string())
        };
        assert_eq!(parse("https://idp.example/a", &set), Ok("idp.example/a".to_owned()));
        assert_eq!(parse("http://localhost:8080", &set), Ok("localhost:8080".to_owned()));
        let refused = [
            ("idp.example", set.as_str(), "is no issuer"),
            ("http://idp.example", &set, "is no issuer"),
            ("https://idp.example", key, "no JSON Web Key Set"),
            ("https://idp.example", r#"{"keys":[]}"#, "holds no RSA key"),
            ("https://idp.example", r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, "holds no RSA key"),
        ];
        for (issuer, set, why) in refused {
            let error = parse(issuer, set).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        let missing = OidcKeys::read("https://idp.example", Path::new("/nowhere/keys.json"));
        assert_eq!(missing.unwrap_err().to_string(), "the keys /nowhere/keys.json cannot be read");
    }
}
