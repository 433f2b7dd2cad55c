use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::algorithm::PublicKey;
use super::der;
use super::xml::{self, Element, Name, ns};

#[cfg(test)]
mod tests;

/// What an identity provider publishes about itself: the metadata document of `CreateSAMLProvider`
/// (SAML 2.0 metadata, section 2.3).
///
/// Keys are trusted because an administrator has uploaded them: whether their certificates have
/// expired, and who issued them, is of no interest, as with AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    providers: Vec<IdentityProvider>,
    valid_until: Option<DateTime>,
}

/// One entity, and what it signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct IdentityProvider {
    entity_id: String,
    keys: Vec<PublicKey>,
}

/// Why a text is no metadata of an identity provider. AWS says the same for all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMetadata {
    /// Longer than `CreateSAMLProvider` takes.
    #[error("it is too long")]
    TooLong,
    /// No well-formed XML, or too deep, or there is a DTD.
    #[error("it is not well-formed XML without a document type")]
    Xml,
    /// Not an `EntityDescriptor`, nor an `EntitiesDescriptor`.
    #[error("it describes no entity")]
    Root,
    /// `entityID` is missing or longer than 1024 characters.
    #[error("an entity has no usable entityID")]
    EntityId,
    /// No `IDPSSODescriptor`.
    #[error("it describes no identity provider")]
    NoProvider,
    /// More than ten identity providers.
    #[error("it describes more than ten identity providers")]
    TooManyProviders,
    /// No certificate for signing.
    #[error("an identity provider has no certificate to verify signatures with")]
    NoKey,
    /// More than ten certificates.
    #[error("an identity provider has more than ten certificates")]
    TooManyKeys,
    /// What stands as a certificate is none.
    #[error("a certificate cannot be read")]
    Certificate,
    /// `validUntil` is not a time.
    #[error("`validUntil` is not a time")]
    ValidUntil,
}

impl Metadata {
    /// Reads a metadata document. Roles other than `IDPSSODescriptor`, and keys that are for encryption
    /// only, are ignored.
    ///
    /// # Errors
    /// If it is not one, or not one that `CreateSAMLProvider` would take.
    pub fn parse(text: &str) -> Result<Self, InvalidMetadata> {
        if text.len() > LONGEST {
            return Err(InvalidMetadata::TooLong);
        }
        let document = xml::parse(text).ok_or(InvalidMetadata::Xml)?;
        let root = Element::root(&document).ok_or(InvalidMetadata::Xml)?;
        let mut found = Self { providers: Vec::new(), valid_until: None };
        found.add(root)?;
        if found.providers.is_empty() { Err(InvalidMetadata::NoProvider) } else { Ok(found) }
    }

    /// When the metadata ends, by the earliest `validUntil` in it. `cacheDuration` says only how soon
    /// it should be looked at again.
    #[must_use]
    pub fn valid_until(&self) -> Option<DateTime> {
        self.valid_until
    }

    /// Who is described: the entity ids.
    pub fn entity_ids(&self) -> impl Iterator<Item = &str> {
        self.providers.iter().map(|it| it.entity_id.as_str())
    }

    /// Every key that signs for somebody.
    pub(super) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.providers.iter().flat_map(|it| &it.keys)
    }

    /// Whether a key signs for an entity.
    pub(super) fn vouches(&self, entity_id: &str, key: &PublicKey) -> bool {
        self.providers.iter().any(|it| it.entity_id == entity_id && it.keys.contains(key))
    }

    fn add(&mut self, element: Element<'_>) -> Result<(), InvalidMetadata> {
        self.limit(element)?;
        if element.is(ENTITIES) {
            let mut entities = element.children().filter(|it| it.is(ENTITIES) || it.is(ENTITY));
            return entities.try_for_each(|it| self.add(it));
        }
        if !element.is(ENTITY) {
            return Err(InvalidMetadata::Root);
        }
        let entity_id = element.attribute("entityID").unwrap_or_default();
        if entity_id.is_empty() || entity_id.chars().count() > LONGEST_ENTITY_ID {
            return Err(InvalidMetadata::EntityId);
        }
        for role in element.all(IDP_ROLE) {
            self.limit(role)?;
            if self.providers.len() == MOST {
                return Err(InvalidMetadata::TooManyProviders);
            }
            let provider =
                IdentityProvider { entity_id: entity_id.to_owned(), keys: signing_keys(role)? };
            self.providers.push(provider);
        }
        Ok(())
    }

    fn limit(&mut self, element: Element<'_>) -> Result<(), InvalidMetadata> {
        let Some(until) = element.attribute("validUntil") else { return Ok(()) };
        let until = time(until).ok_or(InvalidMetadata::ValidUntil)?;
        self.valid_until = Some(self.valid_until.map_or(until, |earlier| earlier.min(until)));
        Ok(())
    }
}

/// A time as XML Schema writes it (`xs:dateTime`). SAML demands UTC; an offset is understood too, and
/// where neither is said, UTC is meant.
pub(super) fn time(text: &str) -> Option<DateTime> {
    let text = text.trim();
    DateTime::from_str(text, Format::DateTimeWithOffset)
        .or_else(|_| DateTime::from_str(&[text, "Z"].concat(), Format::DateTime))
        .ok()
}

fn signing_keys(role: Element<'_>) -> Result<Vec<PublicKey>, InvalidMetadata> {
    let signing = role.all(KEY).filter(|it| matches!(it.attribute("use"), None | Some("signing")));
    let certificates = signing
        .flat_map(|key| key.all(KEY_INFO))
        .flat_map(|info| info.all(X509_DATA))
        .flat_map(|data| data.all(X509_CERTIFICATE));
    let mut keys = Vec::new();
    for certificate in certificates {
        if keys.len() == MOST {
            return Err(InvalidMetadata::TooManyKeys);
        }
        let certificate = certificate.base64().ok_or(InvalidMetadata::Certificate)?;
        let key = der::public_key_info(&certificate).ok_or(InvalidMetadata::Certificate)?;
        keys.push(PublicKey::new(key));
    }
    if keys.is_empty() { Err(InvalidMetadata::NoKey) } else { Ok(keys) }
}

const ENTITIES: Name = (ns::METADATA, "EntitiesDescriptor");
const ENTITY: Name = (ns::METADATA, "EntityDescriptor");
const IDP_ROLE: Name = (ns::METADATA, "IDPSSODescriptor");
const KEY: Name = (ns::METADATA, "KeyDescriptor");
const KEY_INFO: Name = (ns::SIGNATURE, "KeyInfo");
const X509_DATA: Name = (ns::SIGNATURE, "X509Data");
const X509_CERTIFICATE: Name = (ns::SIGNATURE, "X509Certificate");

/// IAM User Guide, "IAM and AWS STS quotas": identity providers per SAML provider, keys per identity
/// provider.
const MOST: usize = 10;
/// In bytes: `SAMLMetadataDocument` has up to ten million characters.
const LONGEST: usize = 40_000_000;
/// SAML 2.0 metadata, section 2.2.1.
const LONGEST_ENTITY_ID: usize = 1024;
