//! The deployment as an identity provider of its own: it signs who its principals are, for others
//! to verify (IAM User Guide, "Federating AWS identities to external services").
//!
//! Each account is an issuer by an id of its own; all sign with the same keys, as on AWS. Unless it is
//! given [`IssuerKeys`], which are kept somewhere, an issuer makes keys that live as long as it and
//! nowhere else: its tokens are not verified by what another process publishes.

mod keys;

use std::sync::{Arc, OnceLock};
use std::thread;

use arc_swap::ArcSwap;
use daypass_ident::Secret;
use serde::Serialize;
use serde_json::json;

use crate::oidc::Algorithm;
use crate::oidc::sign::{Jwks, SignError};

pub use keys::{IssuerKeys, ParseIssuerKeysError};

/// What signs web identities, and where others find how to verify them.
#[derive(Debug, Default)]
pub struct Issuer {
    form: UrlForm,
    keys: ArcSwap<Slot>,
}

/// Filled when keys are first needed, unless they were given.
type Slot = OnceLock<Result<IssuerKeys, SignError>>;

/// The form of an issuer's URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum UrlForm {
    /// `https://{id}.tokens.sts.global.api.aws`, which only AWS's own name servers lead to.
    #[default]
    Aws,
    /// `{base}/{id}`, somewhere below this deployment's own address.
    Below(String),
}

impl Issuer {
    /// An issuer whose URLs have this form.
    #[must_use]
    pub fn new(form: UrlForm) -> Self {
        Self { form, keys: ArcSwap::default() }
    }

    /// Signs with the newest of these keys from now on, and publishes all of them.
    pub fn swap_keys(&self, keys: IssuerKeys) {
        self.keys.store(Arc::new(OnceLock::from(Ok(keys))));
    }

    /// The URL of the issuer with this id: the `iss` of its tokens.
    #[must_use]
    pub fn url(&self, id: &str) -> String {
        match &self.form {
            UrlForm::Aws => format!("https://{id}{AWS_DOMAIN}"),
            UrlForm::Below(base) => format!("{base}/{id}"),
        }
    }

    /// Begins to make the keys, beside everything else: an RSA key takes a good part of a second
    /// to find.
    pub fn prepare(self: &Arc<Self>) {
        let slot = self.keys.load_full();
        if slot.get().is_some() {
            return;
        }
        let spawned = thread::Builder::new().name("issuer keys".to_owned()).spawn(move || {
            // Whoever asks for them sees what went wrong.
            let _ = keys_in(&slot);
        });
        // Without a thread to make them, whoever needs them first waits for them.
        drop(spawned);
    }

    /// A token with these claims.
    ///
    /// # Errors
    /// When there are no keys, or none for this algorithm.
    pub fn sign(
        &self,
        algorithm: TokenAlgorithm,
        claims: &impl Serialize,
    ) -> Result<Secret<String>, SignError> {
        let slot = self.keys.load();
        keys_in(&slot)?.newest(algorithm).sign(claims).map(Secret::new)
    }

    /// The keys that verify the tokens, as JSON: the document at an issuer's `jwks_uri`. Making
    /// them may take a good part of a second, once.
    ///
    /// # Errors
    /// When there are no keys.
    pub fn key_set(&self) -> Result<String, SignError> {
        let slot = self.keys.load_full();
        let published: Jwks = keys_in(&slot)?.all().collect();
        serde_json::to_string(&published).map_err(|_| SignError::Library)
    }

    /// The discovery document of the issuer with this id, as JSON (OpenID Connect Discovery 1.0,
    /// section 3), with the members that AWS's has.
    #[must_use]
    pub fn discovery(&self, id: &str) -> String {
        let issuer = self.url(id);
        json!({
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "jti", CLAIMS_OF_AWS],
            "id_token_signing_alg_values_supported":
                TokenAlgorithm::ALL.map(TokenAlgorithm::name),
            "jwks_uri": format!("{issuer}{KEY_SET_PATH}"),
            "issuer": issuer,
            "subject_types_supported": ["public"],
        })
        .to_string()
    }
}

/// The algorithms that `GetWebIdentityToken` offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

impl TokenAlgorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Es384];

    /// The algorithm with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The name, as in a token's `alg`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Algorithm::from(self).name()
    }
}

impl From<TokenAlgorithm> for Algorithm {
    fn from(algorithm: TokenAlgorithm) -> Self {
        match algorithm {
            TokenAlgorithm::Rs256 => Self::Rs256,
            TokenAlgorithm::Es384 => Self::Es384,
        }
    }
}

fn keys_in(slot: &Slot) -> Result<&IssuerKeys, SignError> {
    // Nobody is told since when they sign: they are gone with the process.
    slot.get_or_init(|| IssuerKeys::generate(0)).as_ref().map_err(|error| *error)
}

/// What the URLs of AWS's issuers end with.
pub const AWS_DOMAIN: &str = ".tokens.sts.global.api.aws";

/// Where an issuer's discovery document is, below its URL.
pub const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

/// Where an issuer's keys are, below its URL.
pub const KEY_SET_PATH: &str = "/.well-known/jwks.json";

/// The claim under which AWS's own are.
pub const CLAIMS_OF_AWS: &str = "https://sts.amazonaws.com/";

#[cfg(test)]
mod tests;
