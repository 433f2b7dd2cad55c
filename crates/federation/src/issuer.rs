//! The deployment as an identity provider of its own: it signs who its principals are, for others
//! to verify (IAM User Guide, "Federating AWS identities to external services").
//!
//! Each account is an issuer by an id of its own; all sign with the same keys, as on AWS. The keys
//! live as long as the process and nowhere else: a token is not verified by what another process
//! publishes.

use std::sync::{Arc, OnceLock};
use std::thread;

use daypass_ident::Secret;
use serde::Serialize;
use serde_json::json;

use crate::oidc::Algorithm;
use crate::oidc::sign::{Jwks, SignError, SigningKey};

/// What signs web identities, and where others find how to verify them.
#[derive(Debug, Default)]
pub struct Issuer {
    form: UrlForm,
    /// Made when first needed.
    keys: OnceLock<Result<Keys, SignError>>,
}

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
        Self { form, keys: OnceLock::new() }
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
        if self.keys.get().is_some() {
            return;
        }
        let issuer = Arc::clone(self);
        let spawned = thread::Builder::new().name("issuer keys".to_owned()).spawn(move || {
            // Whoever asks for them sees what went wrong.
            let _ = issuer.keys();
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
        let keys = self.keys()?;
        let key = match algorithm {
            TokenAlgorithm::Rs256 => &keys.rsa,
            TokenAlgorithm::Es384 => &keys.ec,
        };
        key.sign(claims).map(Secret::new)
    }

    /// The keys that verify the tokens, as JSON: the document at an issuer's `jwks_uri`. Making
    /// them may take a good part of a second, once.
    ///
    /// # Errors
    /// When there are no keys.
    pub fn key_set(&self) -> Result<&str, SignError> {
        self.keys().map(|keys| keys.published.as_str())
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

    fn keys(&self) -> Result<&Keys, SignError> {
        self.keys.get_or_init(Keys::generate).as_ref().map_err(|error| *error)
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

#[derive(Debug)]
struct Keys {
    rsa: SigningKey,
    ec: SigningKey,
    published: String,
}

impl Keys {
    fn generate() -> Result<Self, SignError> {
        let rsa = SigningKey::generate("RSA_0", Algorithm::Rs256)?;
        let ec = SigningKey::generate("EC384_0", Algorithm::Es384)?;
        let published: Jwks = [&rsa, &ec].into_iter().collect();
        let published = serde_json::to_string(&published).map_err(|_| SignError::Library)?;
        Ok(Self { rsa, ec, published })
    }
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
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;
    use crate::oidc::{Expectations, Jwt, KeySet, Rules, verify};

    #[test]
    fn what_is_signed_verifies_with_what_is_published() {
        let issuer = Arc::new(Issuer::default());
        issuer.prepare();
        let keys = KeySet::parse(issuer.key_set().unwrap().as_bytes()).unwrap();
        for algorithm in TokenAlgorithm::ALL {
            let claims = json!({
                "iss": issuer.url("1"), "aud": "here", "sub": "me", "iat": 100, "exp": 400,
            });
            let token = issuer.sign(algorithm, &claims).unwrap();
            let jwt = Jwt::parse(token.expose()).unwrap();
            let expected = Expectations {
                provider: "1.tokens.sts.global.api.aws",
                audiences: &["here"],
                now: DateTime::from_secs(200),
                rules: Rules::default(),
            };
            assert_eq!(verify(&jwt, &expected, &keys).unwrap().subject, "me");
        }
    }

    #[test]
    fn the_documents_are_as_aws_publishes_them() {
        let issuer = Issuer::default();
        let discovery: serde_json::Value =
            serde_json::from_str(&issuer.discovery("a1faa616")).unwrap();
        assert_eq!(
            discovery,
            json!({
                "claims_supported":
                    ["sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"],
                "id_token_signing_alg_values_supported": ["RS256", "ES384"],
                "issuer": "https://a1faa616.tokens.sts.global.api.aws",
                "jwks_uri": "https://a1faa616.tokens.sts.global.api.aws/.well-known/jwks.json",
                "subject_types_supported": ["public"],
            })
        );
        let keys: serde_json::Value = serde_json::from_str(issuer.key_set().unwrap()).unwrap();
        let members = |key: &serde_json::Value| {
            let names = key.as_object().unwrap().keys().cloned();
            (names.collect::<Vec<_>>().join(" "), key["kid"].as_str().unwrap().to_owned())
        };
        assert_eq!(members(&keys["keys"][0]), ("e kid kty n use".to_owned(), "RSA_0".to_owned()));
        let ec = ("alg crv kid kty use x y".to_owned(), "EC384_0".to_owned());
        assert_eq!(members(&keys["keys"][1]), ec);
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn an_issuer_may_be_below_an_address_of_ones_own() {
        let form = UrlForm::Below("http://127.0.0.1:4566/issuers".to_owned());
        let issuer = Issuer::new(form);
        assert_eq!(issuer.url("a1faa616"), "http://127.0.0.1:4566/issuers/a1faa616");
    }
}
