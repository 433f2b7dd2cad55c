use std::collections::HashSet;

use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::algorithm::PublicKey;
use super::assertion::{self, Assertion};
use super::decrypt::{self, DecryptionKey};
use super::metadata::Metadata;
use super::signature::{self, SIGNATURE, Signed};
use super::xml::{self, Element, Name, ns};
use super::{Choice, Malformed, Offer, SamlError, SignatureProblem};

#[cfg(test)]
mod tests;

/// What a response must fit, beside its signature.
#[derive(Debug, Clone, Copy)]
pub struct Expectations<'a> {
    /// Whether a response may be addressed to a sign-in page on loopback, as if to AWS's.
    pub loopback_page: bool,
    /// The provider's private keys, for assertions that are encrypted.
    pub decryption_keys: &'a [DecryptionKey],
    /// Whether assertions must be encrypted (`AssertionEncryptionMode` is `Required`).
    pub encrypted: bool,
    /// Now, by the clock that whatever expires keeps to.
    pub now: DateTime,
}

/// Verifies a response and reads whom it vouches for, for a role and with the SAML provider whose metadata
/// these are: signatures, issuer, recipient, audience, times, attributes, in this order, so that nothing is
/// judged of a response that the provider has not signed.
///
/// The response, the assertion, or both may be signed; every signature that is there must be valid.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    response: &str,
    metadata: &Metadata,
    offer: &Offer,
    expected: &Expectations<'_>,
) -> Result<Assertion, SamlError> {
    verified(response, metadata, expected, |assertion| Assertion::read(assertion, offer, expected))
}

/// Verifies a response as [`verify`] does and reads what it lets choose from. Some roles may be offered with
/// another provider, for which these metadata do not speak.
///
/// # Errors
/// The first thing that is wrong.
pub fn choice(
    response: &str,
    metadata: &Metadata,
    expected: &Expectations<'_>,
) -> Result<Choice, SamlError> {
    verified(response, metadata, expected, |assertion| assertion::choice(assertion, expected))
}

/// Hands on the assertion as its issuer has signed it. There is no other way to one.
fn verified<T>(
    response: &str,
    metadata: &Metadata,
    expected: &Expectations<'_>,
    read: impl FnOnce(Element<'_>) -> Result<T, SamlError>,
) -> Result<T, SamlError> {
    let text = decode(response)?;
    let document = xml::parse(&text).ok_or(Malformed::Xml)?;
    let response = Element::root(&document).ok_or(Malformed::Xml)?;
    let signed = signed_assertion(response, metadata, expected)?;
    let document = xml::parse(&signed.octets).ok_or(Malformed::Xml)?;
    let root = Element::root(&document).ok_or(Malformed::Xml)?;
    // A signed response holds the assertion; a signed assertion is one.
    let assertion = if root.is(RESPONSE) { root.only(ASSERTION) } else { Some(root) };
    let assertion = assertion.filter(|it| it.is(ASSERTION)).ok_or(Malformed::Assertions)?;
    trusted_issuer(response, assertion, metadata, signed.key, expected.now)?;
    read(assertion)
}

/// The text of a response. Its base64 may be in lines (RFC 2045, section 6.8), as the HTTP-POST binding
/// allows and clients hand on.
pub(super) fn decode(response: &str) -> Result<String, SamlError> {
    if response.len() > LONGEST {
        return Err(Malformed::TooLong.into());
    }
    let response = if response.contains(['\r', '\n']) {
        STANDARD.decode(response.replace(['\r', '\n'], ""))
    } else {
        STANDARD.decode(response)
    };
    let response = response.map_err(|_| SamlError::Base64)?;
    String::from_utf8(response).map_err(|_| Malformed::Xml.into())
}

/// The octets, signed by the provider, that hold the assertion.
fn signed_assertion<'m>(
    response: Element<'_>,
    metadata: &'m Metadata,
    expected: &Expectations<'_>,
) -> Result<Signed<'m>, SamlError> {
    unique_ids(response)?;
    let assertion = only_assertion(response)?;
    let outer = signature::verify(response, metadata)?;
    if assertion.is(ASSERTION) {
        if expected.encrypted {
            return Err(SignatureProblem::NotEncrypted.into());
        }
        let inner = signature::verify(assertion, metadata)?;
        return Ok(agreed(inner, outer)?.ok_or(SignatureProblem::Missing)?);
    }
    let opened = opened_assertion(assertion, outer, metadata, expected);
    Ok(opened.ok_or(SignatureProblem::Decryption)?)
}

/// An encrypted assertion is signed inside, or the response is signed around it: then its signature
/// covers the ciphertext, and so what it is opened to.
fn opened_assertion<'m>(
    encrypted: Element<'_>,
    outer: Option<Signed<'m>>,
    metadata: &'m Metadata,
    expected: &Expectations<'_>,
) -> Option<Signed<'m>> {
    let octets = match &outer {
        None => decrypt::open(encrypted, expected.decryption_keys)?,
        Some(outer) => {
            let document = xml::parse(&outer.octets)?;
            let encrypted = Element::root(&document)?.only(ENCRYPTED_ASSERTION)?;
            decrypt::open(encrypted, expected.decryption_keys)?
        }
    };
    let inner = {
        let document = xml::parse(&octets)?;
        let assertion = Element::root(&document).filter(|it| it.is(ASSERTION))?;
        unique_ids(assertion).ok()?;
        let signatures = assertion.descendants().filter(|it| it.is(SIGNATURE)).count();
        if signatures != assertion.all(SIGNATURE).count() {
            return None;
        }
        signature::verify(assertion, metadata).ok()?
    };
    let outer = outer.map(|outer| Signed { octets, key: outer.key });
    agreed(inner, outer).ok()?
}

/// Of two signatures the inner one says what is read; both are the same signer's.
fn agreed<'m>(
    inner: Option<Signed<'m>>,
    outer: Option<Signed<'m>>,
) -> Result<Option<Signed<'m>>, SignatureProblem> {
    match (inner, outer) {
        (Some(inner), Some(outer)) if inner.key != outer.key => Err(SignatureProblem::Key),
        (inner, outer) => Ok(inner.or(outer)),
    }
}

/// The one assertion of a response; none, and no signature, is anywhere that none belongs.
fn only_assertion(response: Element<'_>) -> Result<Element<'_>, SamlError> {
    if !response.is(RESPONSE) || response.attribute("Version") != Some("2.0") {
        return Err(Malformed::Response.into());
    }
    let status = response.only(STATUS).and_then(|status| status.only(STATUS_CODE));
    if status.and_then(|code| code.attribute("Value")) != Some(SUCCESS) {
        return Err(Malformed::Status.into());
    }
    let is_assertion = |it: &Element<'_>| it.is(ASSERTION) || it.is(ENCRYPTED_ASSERTION);
    let mut below = response.children().filter(is_assertion);
    let assertion = below.next().ok_or(Malformed::Assertions)?;
    if response.descendants().filter(is_assertion).count() > 1 {
        return Err(Malformed::Assertions.into());
    }
    let signatures = response.descendants().filter(|it| it.is(SIGNATURE)).count();
    if signatures != response.all(SIGNATURE).count() + assertion.all(SIGNATURE).count() {
        return Err(SignatureProblem::Place.into());
    }
    Ok(assertion)
}

/// Whoever has signed is who the assertion says that it is from, and whose metadata has not ended. The
/// response, if it says whom it is from, says no other, signed or not (SAML 2.0 profiles, section 4.1.4.2).
fn trusted_issuer(
    response: Element<'_>,
    assertion: Element<'_>,
    metadata: &Metadata,
    key: &PublicKey,
    now: DateTime,
) -> Result<(), SamlError> {
    let issuer = assertion.only(ISSUER).and_then(Element::text);
    let issuer = issuer.ok_or(Malformed::Part("Issuer"))?;
    let same = response.all(ISSUER).all(|it| it.text().as_deref() == Some(&*issuer));
    let ended = metadata.valid_until().is_some_and(|until| until <= now);
    if ended || !same || !metadata.vouches(&issuer, key) {
        return Err(SamlError::Issuer(issuer.into_owned()));
    }
    Ok(())
}

/// That a reference to an id means one element, whoever resolves it.
fn unique_ids(root: Element<'_>) -> Result<(), Malformed> {
    let mut seen = HashSet::new();
    let mut elements = root.descendants().chain([root]);
    let unique = elements.all(|it| it.ids().all(|id| seen.insert(id)));
    if unique { Ok(()) } else { Err(Malformed::DuplicateId) }
}

const RESPONSE: Name = (ns::PROTOCOL, "Response");
const STATUS: Name = (ns::PROTOCOL, "Status");
const STATUS_CODE: Name = (ns::PROTOCOL, "StatusCode");
pub(super) const ASSERTION: Name = (ns::ASSERTION, "Assertion");
const ENCRYPTED_ASSERTION: Name = (ns::ASSERTION, "EncryptedAssertion");
const ISSUER: Name = (ns::ASSERTION, "Issuer");
/// SAML 2.0 core, section 3.2.2.2.
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// `SAMLAssertion` of `AssumeRoleWithSAML`.
const LONGEST: usize = 100_000;
