//! Identity providers, by what they are known by.

use std::sync::Arc;

use daypass_federation::saml::{DecryptionKey, Metadata};
use daypass_ident::{AccountId, Arn, ArnParts};

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::{OidcProviderRecord, SamlProviderRecord};

/// An OpenID Connect provider.
#[derive(Debug)]
pub struct OidcProvider {
    /// What is stored.
    pub record: OidcProviderRecord,
    account: AccountId,
}

impl OidcProvider {
    /// The provider's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::oidc_provider(self.account, self.record.name())
    }
}

/// A SAML provider.
#[derive(Debug)]
pub struct SamlProvider {
    /// What is stored.
    pub record: SamlProviderRecord,
    /// The metadata; `None` when their text cannot be understood: then no assertion is believed.
    pub metadata: Option<Metadata>,
    /// The keys that open encrypted assertions, as far as they can be understood.
    pub decryption_keys: Vec<DecryptionKey>,
    account: AccountId,
}

impl SamlProvider {
    fn new(account: AccountId, record: SamlProviderRecord) -> Self {
        let keys = record.private_keys.iter();
        let keys = keys.filter_map(|key| DecryptionKey::from_pem(key.pem.expose()).ok());
        Self {
            metadata: Metadata::parse(&record.metadata).ok(),
            decryption_keys: keys.collect(),
            record,
            account,
        }
    }

    /// The provider's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::saml_provider(self.account, &self.record.name)
    }
}

/// One account's identity providers. Their names tell case apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Providers {
    oidc: imbl::OrdMap<Box<str>, Arc<OidcProvider>>,
    saml: imbl::OrdMap<Box<str>, Arc<SamlProvider>>,
}

impl Providers {
    pub(super) fn put_oidc(
        &mut self,
        account: AccountId,
        name: &str,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        let provider = OidcProvider { record: decode(value)?, account };
        self.oidc.insert(name.into(), Arc::new(provider));
        Ok(())
    }

    pub(super) fn put_saml(
        &mut self,
        account: AccountId,
        name: &str,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        let provider = SamlProvider::new(account, decode(value)?);
        self.saml.insert(name.into(), Arc::new(provider));
        Ok(())
    }

    pub(super) fn remove_oidc(&mut self, name: &str) {
        self.oidc.remove(name);
    }

    pub(super) fn remove_saml(&mut self, name: &str) {
        self.saml.remove(name);
    }
}

impl Account {
    /// The OpenID Connect provider of this issuer: its URL without the scheme.
    #[must_use]
    pub fn oidc_provider(&self, name: &str) -> Option<&Arc<OidcProvider>> {
        self.providers.oidc.get(name)
    }

    /// The account's OpenID Connect provider of this ARN.
    #[must_use]
    pub fn oidc_provider_by_arn(&self, arn: &str) -> Option<&Arc<OidcProvider>> {
        let name = ArnParts::parse(arn)?.resource.strip_prefix(OIDC)?;
        // The name alone leads to a provider, whatever the account.
        self.oidc_provider(name).filter(|provider| provider.arn().as_str() == arn)
    }

    /// All OpenID Connect providers, by name.
    pub fn oidc_providers(&self) -> impl Iterator<Item = &Arc<OidcProvider>> {
        self.providers.oidc.values()
    }

    /// How many OpenID Connect providers there are.
    #[must_use]
    pub fn oidc_provider_count(&self) -> usize {
        self.providers.oidc.len()
    }

    /// The SAML provider of this name.
    #[must_use]
    pub fn saml_provider(&self, name: &str) -> Option<&Arc<SamlProvider>> {
        self.providers.saml.get(name)
    }

    /// The account's SAML provider of this ARN.
    #[must_use]
    pub fn saml_provider_by_arn(&self, arn: &str) -> Option<&Arc<SamlProvider>> {
        let name = ArnParts::parse(arn)?.resource.strip_prefix(SAML)?;
        self.saml_provider(name).filter(|provider| provider.arn().as_str() == arn)
    }

    /// All SAML providers, by name.
    pub fn saml_providers(&self) -> impl Iterator<Item = &Arc<SamlProvider>> {
        self.providers.saml.values()
    }

    /// How many SAML providers there are.
    #[must_use]
    pub fn saml_provider_count(&self) -> usize {
        self.providers.saml.len()
    }
}

/// What the resources of the providers' ARNs begin with.
const OIDC: &str = "oidc-provider/";
const SAML: &str = "saml-provider/";
