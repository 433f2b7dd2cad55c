//! Tokens: claims of the protocol, then those of the client, of the user, and of whoever asks, the later
//! in place of the earlier.

use daypass_federation::oidc::sign::{Jwks, SignError};
use daypass_ident::{Secret, generate_uuid};
use serde_json::{Value, json};

use crate::{Claims, Client, Provider, User};

/// Why nothing is vouched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// Nobody has this name.
    #[error("there is no user {0:?}; the settings know {1}")]
    NoUser(String, String),
    /// Neither the request nor the settings name an audience.
    #[error("there is no audience: name one, or a client in the settings")]
    NoAudience,
    /// Responses are not posted there.
    #[error("{0:?} is not one of acs_urls")]
    AcsUrl(String),
    /// It cannot be signed.
    #[error("it cannot be signed")]
    Sign,
}

impl From<SignError> for MintError {
    fn from(_: SignError) -> Self {
        Self::Sign
    }
}

impl Provider {
    /// An ID token of a user for an audience, the first client's id by default; `more` are claims for
    /// this token alone.
    ///
    /// # Errors
    /// When there is no such user or no audience.
    pub fn id_token(
        &self,
        user: &str,
        audience: Option<&str>,
        more: &Claims,
    ) -> Result<Secret<String>, MintError> {
        let user = self.known_user(user)?;
        let first = self.settings.clients.first();
        let audience = audience.or(first.map(|client| &*client.id)).ok_or(MintError::NoAudience)?;
        let of_client = self.client(audience).map(|client| &client.claims);
        let token = Token { subject: &user.name, audience, of_client, user: Some(user) };
        Ok(self.sign(&token, more)?)
    }

    /// The document at `jwks_uri`.
    pub(crate) fn key_set(&self) -> Jwks {
        [&self.keys.oidc].into_iter().collect()
    }

    /// The tokens that a client gets, for a user or for itself.
    pub(crate) fn sign(
        &self,
        token: &Token<'_>,
        more: &Claims,
    ) -> Result<Secret<String>, SignError> {
        let now = self.clock.now().secs();
        let mut claims = Claims::new();
        let mut add = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        add("iss", json!(self.issuer));
        add("sub", json!(token.subject));
        add("aud", json!(token.audience));
        add("iat", json!(now));
        add("exp", json!(now.saturating_add(i64::from(self.settings.lifetime))));
        add("jti", json!(generate_uuid(&*self.ids)));
        if let Some(user) = token.user {
            add_aws(user, &mut add);
        }
        let of_user = token.user.map(|user| &user.claims);
        for added in token.of_client.into_iter().chain(of_user).chain([more]) {
            claims.extend(added.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        self.keys.oidc.sign(&claims).map(Secret::new)
    }

    pub(crate) fn known_user(&self, name: &str) -> Result<&User, MintError> {
        self.user(name).ok_or_else(|| {
            let names: Vec<_> = self.settings.users.iter().map(|user| &*user.name).collect();
            let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            MintError::NoUser(name.to_owned(), names)
        })
    }
}

/// A token that is to be.
#[derive(Debug)]
pub(crate) struct Token<'a> {
    pub(crate) subject: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) of_client: Option<&'a Claims>,
    pub(crate) user: Option<&'a User>,
}

impl<'a> Token<'a> {
    /// What a client gets for a user.
    pub(crate) fn of_user(user: &'a User, client: &'a Client, audience: &'a str) -> Self {
        let of_client = Some(&client.claims);
        Self { subject: &user.name, audience, of_client, user: Some(user) }
    }

    /// What a client gets for itself.
    pub(crate) fn of_client(client: &'a Client, audience: &'a str) -> Self {
        Self { subject: &client.id, audience, of_client: Some(&client.claims), user: None }
    }
}

/// What AWS reads beside the claims of the protocol (IAM User Guide, "Pass session tags in AWS STS",
/// "Monitor and control actions taken with assumed roles").
fn add_aws(user: &User, add: &mut impl FnMut(&str, Value)) {
    if !user.tags.is_empty() {
        let tags = user.tags.iter().map(|(key, value)| (key.clone(), json!([value])));
        let tags: Claims = tags.collect();
        let keys = &user.transitive_tag_keys;
        let tags = json!({"principal_tags": tags, "transitive_tag_keys": keys});
        add("https://aws.amazon.com/tags", tags);
    }
    if let Some(identity) = &user.source_identity {
        add("https://aws.amazon.com/source_identity", json!(identity));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, claims_of, provider};

    #[test]
    fn a_token_carries_claims_of_all_who_have_a_say() {
        let provider = provider();
        let more = json!({"nonce": "n", "email": "other@example.com"});
        let token = provider.id_token("ana", None, more.as_object().unwrap()).unwrap();
        let mut claims = claims_of(&provider, token.expose(), "app");
        assert_eq!(claims.remove("jti").unwrap().as_str().unwrap().len(), 36);
        let expected = json!({
            "iss": "http://127.0.0.1:4580", "sub": "ana", "aud": "app", "iat": NOW, "exp": NOW + 3600,
            "tier": "gold", "nonce": "n", "email": "other@example.com",
            "https://aws.amazon.com/tags":
                {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]},
            "https://aws.amazon.com/source_identity": "ana-1",
        });
        assert_eq!(Value::Object(claims), expected);
    }

    #[test]
    fn an_audience_needs_no_client() {
        let provider = provider();
        let token = provider.id_token("bob", Some("sts.amazonaws.com"), &Claims::new()).unwrap();
        let claims = claims_of(&provider, token.expose(), "sts.amazonaws.com");
        assert!(!claims.contains_key("https://aws.amazon.com/tags"));
    }

    #[test]
    fn who_is_not_known_is_not_vouched_for() {
        let refused = provider().id_token("eve", None, &Claims::new()).unwrap_err();
        assert_eq!(refused.to_string(), "there is no user \"eve\"; the settings know ana, bob");
    }
}
