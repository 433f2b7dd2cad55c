//! Registered SAML providers: what their responses must fit, and which roles a response offers.

use std::sync::Arc;

use daypass_authz::Arrival;
use daypass_federation::saml::{self, Choice, Expectations, Metadata};
use daypass_model::ServiceError;
use daypass_state::record::AssertionEncryption;
use daypass_state::{SamlProvider, View};

use crate::errors::IdentityError;

/// What a SAML response lets its bearer choose from: each role once, in their order, that it offers with a
/// registered provider whose signature it bears. No role when it names no provider.
///
/// AWS's sign-in page lists them. `page` is the id of a provider (`SAMLProviderUUID`) for the page that is
/// its own, below `/saml/acs/`: only there it is known whose keys open an encrypted assertion.
///
/// # Errors
/// Those of `AssumeRoleWithSAML`, when no provider's signature is good or the response is not meant for
/// AWS, and for now.
pub fn offered_roles(
    response: &str,
    page: Option<&str>,
    arrival: &Arrival,
) -> Result<Choice, ServiceError> {
    let mut providers = match page {
        Some(id) => vec![by_id(&arrival.view, id).ok_or(IdentityError::UnknownProvider)?],
        None => claimed(response, &arrival.view)?,
    };
    let (mut choice, mut refused) = (Choice::default(), None);
    // Companies register one identity provider in many accounts: one signature, verified once.
    while let Some(first) = providers.first().map(Arc::clone) {
        let (alike, others): (Vec<_>, Vec<_>) =
            providers.into_iter().partition(|it| verify_alike(it, &first));
        let expectations = expectations(&first, arrival).map_err(ServiceError::from);
        let found = expectations.and_then(|(metadata, expected)| {
            saml::choice(response, metadata, &expected).map_err(IdentityError::of_response)
        });
        match found {
            Ok(found) => {
                choice.session_duration = found.session_duration;
                for offer in found.offers {
                    let is_theirs = alike.iter().any(|it| it.arn() == offer.provider);
                    if is_theirs && !choice.offers.contains(&offer) {
                        choice.offers.push(offer);
                    }
                }
            }
            Err(error) => refused = refused.or(Some(error)),
        }
        providers = others;
    }
    match refused {
        Some(error) if choice.offers.is_empty() => Err(error),
        _ => Ok(choice),
    }
}

/// What a provider's responses are verified with, and what they must fit.
pub(crate) fn expectations<'p>(
    provider: &'p SamlProvider,
    arrival: &Arrival,
) -> Result<(&'p Metadata, Expectations<'p>), IdentityError<'static>> {
    // Nothing is signed by who cannot be understood.
    let metadata = provider.metadata.as_ref().ok_or(IdentityError::ResponseSignature)?;
    let expected = Expectations {
        loopback_page: arrival.env.departures.loopback_sign_in,
        decryption_keys: &provider.decryption_keys,
        encrypted: provider.record.assertion_encryption == AssertionEncryption::Required,
        now: arrival.now,
    };
    Ok((metadata, expected))
}

/// Those that the response names and that are registered. An error when it names only others.
fn claimed(response: &str, view: &View) -> Result<Vec<Arc<SamlProvider>>, ServiceError> {
    let claimed = saml::claimed_providers(response).map_err(IdentityError::of_response)?;
    let registered = claimed.iter().filter_map(|arn| {
        let account = arn.parts().account_id()?;
        view.account(account).saml_provider_by_arn(arn.as_str()).map(Arc::clone)
    });
    let registered: Vec<_> = registered.collect();
    if registered.is_empty() && !claimed.is_empty() {
        return Err(IdentityError::UnknownProvider.into());
    }
    Ok(registered)
}

fn by_id(view: &View, id: &str) -> Option<Arc<SamlProvider>> {
    let mut all = view.accounts().flat_map(|account| view.account(account).saml_providers());
    all.find(|provider| provider.record.uuid == id).map(Arc::clone)
}

/// Whether what verifies with one verifies with the other.
fn verify_alike(one: &SamlProvider, other: &SamlProvider) -> bool {
    one.metadata == other.metadata
        && one.record.assertion_encryption == other.record.assertion_encryption
        && one.record.private_keys == other.record.private_keys
}
