use daypass_ident::Arn;

use super::attributes::Attributes;
use super::verify::{ASSERTION, decode};
use super::xml::{self, Element};
use super::{Malformed, SamlError};

/// The SAML providers that a response names in its attribute `Role`, each once: whose keys to verify it
/// with. Nobody need have signed that, and so nothing else is made of it. Of an encrypted assertion there are
/// none.
///
/// # Errors
/// When it is no XML in base64, or an attribute has no name.
pub fn claimed_providers(response: &str) -> Result<Vec<Arn>, SamlError> {
    let response = decode(response)?;
    let document = xml::parse(&response).ok_or(Malformed::Xml)?;
    let root = Element::root(&document).ok_or(Malformed::Xml)?;
    let mut providers = Vec::new();
    for assertion in root.descendants().filter(|it| it.is(ASSERTION)) {
        for offer in Attributes::read(assertion)?.offers() {
            if !providers.contains(&offer.provider) {
                providers.push(offer.provider);
            }
        }
    }
    Ok(providers)
}
