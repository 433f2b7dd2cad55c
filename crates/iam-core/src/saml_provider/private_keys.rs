use daypass_federation::saml::DecryptionKey;
use daypass_ident::{IdGen, Secret};
use daypass_model::ServiceError;
use daypass_state::record::{SamlPrivateKeyRecord, SamlProviderRecord};

use super::provider;
use crate::errors::{InvalidInput, NoSuchEntity};
use crate::quotas;

/// Gives a provider one more key, in PEM, that opens encrypted assertions.
///
/// # Errors
/// `InvalidInput` for what is no such key, `LimitExceeded` when the provider has two.
pub(super) fn add(
    provider: &mut SamlProviderRecord,
    pem: &Secret<String>,
    now: i64,
    ids: &dyn IdGen,
) -> Result<(), ServiceError> {
    DecryptionKey::from_pem(pem.expose()).map_err(|_| InvalidInput::PrivateKey)?;
    quotas::PRIVATE_KEYS_PER_SAML_PROVIDER.admit_one(provider.private_keys.len())?;
    let id = provider::fresh_id("SAMLPK", ids);
    provider.private_keys.push(SamlPrivateKeyRecord { id, pem: pem.clone(), timestamp: now });
    Ok(())
}

/// Takes a key away from a provider.
///
/// # Errors
/// `NoSuchEntity` when the provider has none of this id.
pub(super) fn remove(provider: &mut SamlProviderRecord, id: &str) -> Result<(), ServiceError> {
    let place = provider.private_keys.iter().position(|key| key.id == id);
    provider.private_keys.remove(place.ok_or(NoSuchEntity::SamlPrivateKey(id))?);
    Ok(())
}
