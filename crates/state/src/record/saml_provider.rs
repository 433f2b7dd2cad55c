use daypass_ident::Secret;
use serde::{Deserialize, Serialize};

use super::Tags;

/// A SAML provider: an identity provider whose assertions roles of the account may trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlProviderRecord {
    /// The name in the case it was created with.
    pub name: String,
    /// What AWS calls the provider's UUID: 22 to 64 capital letters and digits.
    pub uuid: String,
    /// The metadata document as it was given.
    pub metadata: String,
    /// Unix seconds.
    pub create_date: i64,
    /// When the metadata expire; Unix seconds.
    pub valid_until: i64,
    /// Whether assertions must be encrypted.
    #[serde(default)]
    pub assertion_encryption: AssertionEncryption,
    /// The keys that open encrypted assertions, two at most, the oldest first.
    #[serde(default)]
    pub private_keys: Vec<SamlPrivateKeyRecord>,
    /// The provider's tags.
    #[serde(default)]
    pub tags: Tags,
}

/// What a provider's private keys ask of assertions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum AssertionEncryption {
    /// Nothing was said.
    #[default]
    Unset,
    /// They may be encrypted.
    Allowed,
    /// They must be.
    Required,
}

/// A key that opens encrypted assertions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlPrivateKeyRecord {
    /// 22 to 64 capital letters and digits.
    pub id: String,
    /// The key as it was given, in PEM.
    pub pem: Secret<String>,
    /// When it was given; Unix seconds.
    pub timestamp: i64,
}
