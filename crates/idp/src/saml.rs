//! SAML responses and metadata.

use daypass_federation::saml::sign::{NewResponse, metadata};
use daypass_ident::{IdGen, Secret, generate_uuid};

use crate::{MintError, Provider, User};

/// What a response is to say beside what the settings say of its user.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssertionWish<'a> {
    /// Where it is posted to. Default: the first of the settings' URLs.
    pub acs_url: Option<&'a str>,
    /// The request that it answers.
    pub in_response_to: Option<&'a str>,
    /// The roles to choose from, each `ROLE_ARN,PROVIDER_ARN`. Default: all of the user's.
    pub roles: &'a [String],
    /// Attributes beside the user's, or in their place.
    pub attributes: &'a [(String, Vec<String>)],
}

impl Provider {
    /// A response about a user, its assertion signed, in base64: the parameter `SAMLAssertion` of
    /// `AssumeRoleWithSAML`.
    ///
    /// # Errors
    /// When there is no such user, or responses are not posted to that URL.
    pub fn assertion(
        &self,
        user: &str,
        wish: &AssertionWish<'_>,
    ) -> Result<Secret<String>, MintError> {
        let user = self.known_user(user)?;
        let (id, assertion_id) = (element_id(&*self.ids), element_id(&*self.ids));
        let response = NewResponse {
            id: &id,
            assertion_id: &assertion_id,
            issuer: &self.entity_id(),
            recipient: self.acs_url(wish.acs_url)?,
            audience: &self.settings.saml.audience,
            in_response_to: wish.in_response_to,
            subject: &user.name,
            subject_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            attributes: &attributes(user, wish),
            issued: self.clock.now(),
            lifetime: i64::from(self.settings.lifetime),
            session_not_on_or_after: None,
        };
        let signed = response.sign(&self.keys.saml, Some(&self.keys.certificate));
        signed.map(Secret::new).map_err(|_| MintError::Sign)
    }

    /// The metadata document, for `CreateSAMLProvider`. It stays the same for as long as the key and
    /// the issuer do.
    #[must_use]
    pub fn metadata(&self) -> String {
        metadata(&self.entity_id(), &self.keys.certificate, &self.sign_on_url())
    }

    /// The URL that a response is posted to: the one that is wanted, if it is one of the settings'.
    pub(crate) fn acs_url(&self, wanted: Option<&str>) -> Result<&str, MintError> {
        let mut known = self.settings.saml.acs_urls();
        let found = match wanted {
            Some(wanted) => known.find(|url| *url == wanted),
            None => known.next(),
        };
        found.ok_or_else(|| MintError::AcsUrl(wanted.unwrap_or_default().to_owned()))
    }

    fn entity_id(&self) -> String {
        self.settings.saml.entity_id.clone().unwrap_or_else(|| self.metadata_url())
    }
}

/// What AWS reads (IAM User Guide, "Configure SAML assertions for the authentication response"), and
/// what else the user has.
fn attributes(user: &User, wish: &AssertionWish<'_>) -> Vec<(String, Vec<String>)> {
    let roles = if wish.roles.is_empty() { &user.roles } else { wish.roles };
    let aws = |name: &str| [AWS, name].concat();
    let mut attributes = vec![(aws("RoleSessionName"), vec![user.name.clone()])];
    if !roles.is_empty() {
        attributes.push((aws("Role"), roles.to_vec()));
    }
    for (key, value) in &user.tags {
        attributes.push((aws("PrincipalTag:") + key, vec![value.clone()]));
    }
    if !user.transitive_tag_keys.is_empty() {
        attributes.push((aws("TransitiveTagKeys"), user.transitive_tag_keys.clone()));
    }
    if let Some(identity) = &user.source_identity {
        attributes.push((aws("SourceIdentity"), vec![identity.clone()]));
    }
    let own = user.attributes.iter().map(|(name, values)| (name.clone(), values.clone()));
    for (name, values) in own.chain(wish.attributes.iter().cloned()) {
        attributes.retain(|(other, _)| *other != name);
        attributes.push((name, values));
    }
    attributes
}

/// An XML name, which does not begin with a digit.
fn element_id(ids: &dyn IdGen) -> String {
    format!("_{}", generate_uuid(ids))
}

const AWS: &str = "https://aws.amazon.com/SAML/Attributes/";

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;
    use daypass_federation::saml::{Assertion, Expectations, Metadata, Offer, SamlError, verify};

    use super::*;
    use crate::testing::{NOW, provider};

    const ROLE: &str = "arn:aws:iam::123456789012:role/Developer";
    const TRUSTED: &str = "arn:aws:iam::123456789012:saml-provider/Test";

    fn verified(provider: &Provider, response: &str, at: i64) -> Result<Assertion, SamlError> {
        let expected = Expectations {
            loopback_page: false,
            decryption_keys: &[],
            encrypted: false,
            now: DateTime::from_secs(at),
        };
        let offer = Offer { role: ROLE.parse().unwrap(), provider: TRUSTED.parse().unwrap() };
        verify(response, &Metadata::parse(&provider.metadata()).unwrap(), &offer, &expected)
    }

    #[test]
    fn a_response_verifies_with_the_metadata() {
        let provider = provider();
        let response = provider.assertion("ana", &AssertionWish::default()).unwrap();
        let assertion = verified(&provider, response.expose(), NOW + 1).unwrap();
        assert_eq!((&*assertion.subject, &*assertion.subject_type), ("ana", "persistent"));
        assert_eq!(assertion.issuer, "http://127.0.0.1:4580/saml/metadata");
        assert_eq!(assertion.tags, [("team".to_owned(), "red".to_owned())]);
        assert!(verified(&provider, response.expose(), NOW + 3600 * 2).is_err());
    }

    #[test]
    fn what_is_wished_comes_before_what_is_set() {
        let provider = provider();
        let roles = [format!("{ROLE},{TRUSTED}")];
        let name = ["https://aws.amazon.com/SAML/Attributes/PrincipalTag:team"].concat();
        let attributes = [(name, vec!["blue".to_owned()])];
        let wish =
            AssertionWish { roles: &roles, attributes: &attributes, ..AssertionWish::default() };
        assert!(
            verified(&provider, provider.assertion("bob", &wish).unwrap().expose(), NOW).is_ok()
        );
        let response = provider.assertion("ana", &wish).unwrap();
        let assertion = verified(&provider, response.expose(), NOW).unwrap();
        assert_eq!(assertion.tags, [("team".to_owned(), "blue".to_owned())]);
        let elsewhere = AssertionWish { acs_url: Some("https://evil.example"), ..wish };
        assert!(matches!(provider.assertion("ana", &elsewhere), Err(MintError::AcsUrl(_))));
    }
}
