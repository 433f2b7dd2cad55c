use serde::{Deserialize, Serialize};

use super::Tags;

/// An OpenID Connect provider: an issuer whose tokens roles of the account may trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcProviderRecord {
    /// The URL of the issuer as it was given, scheme included.
    pub url: String,
    /// The audiences that tokens may be meant for, in the order they were added.
    pub client_ids: Vec<String>,
    /// SHA-1 fingerprints of certificates, 40 characters each, in lower case. Where there is none,
    /// only certificates of known authorities count.
    pub thumbprints: Vec<String>,
    /// Unix seconds.
    pub create_date: i64,
    /// The provider's tags.
    #[serde(default)]
    pub tags: Tags,
}

impl OidcProviderRecord {
    /// What the provider is known by: the URL without its scheme. Case counts, and so does a slash
    /// at the end.
    #[must_use]
    pub fn name(&self) -> &str {
        Self::name_of(&self.url)
    }

    /// What a provider with this URL is known by.
    #[must_use]
    pub fn name_of(url: &str) -> &str {
        url.split_once("://").map_or(url, |(_, name)| name)
    }

    /// Adds an audience, unless it is there.
    pub fn add_client_id(&mut self, client_id: &str) {
        if !self.client_ids.iter().any(|known| known == client_id) {
            self.client_ids.push(client_id.to_owned());
        }
    }
}
