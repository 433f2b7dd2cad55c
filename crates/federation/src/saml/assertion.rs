use aws_lc_rs::digest;
use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Arn;

use super::attributes::Attributes;
use super::metadata::time;
use super::verify::Expectations;
use super::xml::{Element, Name, ns};
use super::{Addressee, Choice, Malformed, Offer, SamlError, keys, pages};
use crate::oidc::ProviderKey;

/// Whom a provider vouches for: the claims of a verified response, as AWS uses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// The assertion's id, for the record.
    pub id: String,
    /// `NameID`: whom the provider vouches for.
    pub subject: String,
    /// The format of the `NameID`; those of SAML 2.0 by their names only (`persistent`, `transient`).
    pub subject_type: String,
    /// The provider's entity id.
    pub issuer: String,
    /// The `Recipient`, which AWS calls the audience.
    pub audience: String,
    /// What makes the subject unique: a hash of the issuer, the account and the provider's name.
    pub name_qualifier: String,
    /// The session's name.
    pub role_session_name: String,
    /// What conditions on `saml:` keys are compared with. Only `saml:namequalifier`, `saml:sub` and
    /// `saml:sub_type` persist.
    pub keys: Vec<ProviderKey>,
    /// Session tags that the provider asks for. Whether they are allowed, too many or contradictory is
    /// judged like that of any session tags.
    pub tags: Vec<(String, String)>,
    /// Which of them are passed on by role chaining.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity that the provider asks for.
    pub source_identity: Option<String>,
    /// How long a session shall last, in seconds, if the provider says so (`SessionDuration`).
    pub session_duration: Option<u32>,
    /// When a session has to end, if the provider says so (`SessionNotOnOrAfter`).
    pub session_not_on_or_after: Option<DateTime>,
}

impl Assertion {
    /// Judges the claims of an assertion whose signature has been verified.
    pub(super) fn read(
        assertion: Element<'_>,
        offer: &Offer,
        expected: &Expectations<'_>,
    ) -> Result<Self, SamlError> {
        let Meant { issuer, subject, audience, session_not_on_or_after, attributes } =
            Meant::check(assertion, expected)?;
        attributes.require(offer)?;
        let name_qualifier = name_qualifier(&issuer, &offer.provider);
        let mut read = Self {
            id: assertion.attribute("ID").ok_or(Malformed::Part("ID"))?.to_owned(),
            subject: text(subject, NAME_ID)?,
            subject_type: subject_type(only(subject, NAME_ID)?),
            issuer,
            audience,
            name_qualifier,
            role_session_name: attributes.role_session_name()?,
            keys: Vec::new(),
            tags: attributes.tags()?,
            transitive_tag_keys: attributes.transitive_tag_keys(),
            source_identity: attributes.source_identity()?,
            session_duration: attributes.session_duration()?,
            session_not_on_or_after,
        };
        read.keys = keys::of(&read, &attributes, &offer.provider);
        Ok(read)
    }
}

/// What an assertion offers whose signature has been verified.
pub(super) fn choice(
    assertion: Element<'_>,
    expected: &Expectations<'_>,
) -> Result<Choice, SamlError> {
    let Meant { attributes, .. } = Meant::check(assertion, expected)?;
    Ok(Choice { offers: attributes.offers(), session_duration: attributes.session_duration()? })
}

/// An assertion that is meant for AWS, and for now.
struct Meant<'d> {
    issuer: String,
    subject: Element<'d>,
    audience: String,
    session_not_on_or_after: Option<DateTime>,
    attributes: Attributes,
}

impl<'d> Meant<'d> {
    fn check(assertion: Element<'d>, expected: &Expectations<'_>) -> Result<Self, SamlError> {
        if assertion.attribute("Version") != Some("2.0") {
            return Err(Malformed::Part("Version").into());
        }
        let now = expected.now;
        let issuer = text(assertion, ISSUER)?;
        let subject = only(assertion, SUBJECT)?;
        let audience = recipient(subject, expected)?;
        let conditions = only(assertion, CONDITIONS)?;
        required_audience(conditions)?;
        not_before(conditions, "NotBefore", now)?;
        not_on_or_after(conditions, "NotOnOrAfter", now)?;
        redeemed_soon(assertion, now)?;
        let session_not_on_or_after = session_end(assertion, now)?;
        let attributes = Attributes::read(assertion)?;
        Ok(Self { issuer, subject, audience, session_not_on_or_after, attributes })
    }
}

/// The one `SubjectConfirmationData` says where, and until when, its bearer may show the assertion. A page on
/// loopback stands for AWS's, so that a trust policy need not tell them apart.
fn recipient(subject: Element<'_>, expected: &Expectations<'_>) -> Result<String, SamlError> {
    const PART: SamlError = SamlError::Malformed(Malformed::Part("SubjectConfirmationData"));
    let confirmation = subject.only(CONFIRMATION).ok_or(PART)?;
    if confirmation.attribute("Method") != Some(BEARER) {
        return Err(Malformed::Part("SubjectConfirmation").into());
    }
    let data = confirmation.only(CONFIRMATION_DATA).ok_or(PART)?;
    let recipient = data.attribute("Recipient").ok_or(PART)?;
    let until = data.attribute("NotOnOrAfter");
    if until.is_none() {
        return Err(PART);
    }
    let audience = match recipient {
        recipient if pages::is_of_aws(recipient) => recipient,
        recipient if expected.loopback_page && pages::is_on_loopback(recipient) => pages::GLOBAL,
        _ => return Err(SamlError::Audience(Addressee::Recipient)),
    };
    not_before(data, "NotBefore", expected.now)?;
    not_on_or_after(data, "NotOnOrAfter", expected.now)?;
    Ok(audience.to_owned())
}

/// Each restriction names somebody who AWS is.
fn required_audience(conditions: Element<'_>) -> Result<(), SamlError> {
    let known = [AUDIENCE_RESTRICTION, ONE_TIME_USE, PROXY_RESTRICTION];
    if !conditions.children().all(|it| known.iter().any(|name| it.is(*name))) {
        // A condition that is not understood is not met (SAML 2.0 core, section 2.5.1.1).
        return Err(Malformed::Part("Conditions").into());
    }
    let is_meant = |audience: Element<'_>| {
        audience.text().is_some_and(|it| it == AWS || pages::is_of_aws(&it))
    };
    let mut restrictions = conditions.all(AUDIENCE_RESTRICTION).peekable();
    let any = restrictions.peek().is_some();
    if any && restrictions.all(|it| it.all(AUDIENCE).any(is_meant)) {
        Ok(())
    } else {
        Err(SamlError::Audience(Addressee::Audience))
    }
}

fn redeemed_soon(assertion: Element<'_>, now: DateTime) -> Result<(), SamlError> {
    const ISSUE_INSTANT: &str = "IssueInstant";
    let issued = moment(assertion, ISSUE_INSTANT)?.ok_or(Malformed::Part(ISSUE_INSTANT))?;
    if later(issued, REDEEMABLE) < now {
        return Err(SamlError::Expired { what: ISSUE_INSTANT, now });
    }
    not_before(assertion, ISSUE_INSTANT, now)
}

/// The earliest end of the sessions that the provider speaks of.
fn session_end(assertion: Element<'_>, now: DateTime) -> Result<Option<DateTime>, SamlError> {
    const END: &str = "SessionNotOnOrAfter";
    let mut earliest: Option<DateTime> = None;
    for statement in assertion.all(AUTHN_STATEMENT) {
        not_on_or_after(statement, END, now)?;
        let end = moment(statement, END)?;
        earliest = [earliest, end].into_iter().flatten().min();
    }
    Ok(earliest)
}

fn not_before(element: Element<'_>, what: &'static str, now: DateTime) -> Result<(), SamlError> {
    match moment(element, what)? {
        Some(from) if from > later(now, CLOCK_SKEW) => Err(SamlError::NotYetValid { what, now }),
        _ => Ok(()),
    }
}

fn not_on_or_after(
    element: Element<'_>,
    what: &'static str,
    now: DateTime,
) -> Result<(), SamlError> {
    match moment(element, what)? {
        Some(until) if until <= now => Err(SamlError::Expired { what, now }),
        _ => Ok(()),
    }
}

fn moment(element: Element<'_>, name: &'static str) -> Result<Option<DateTime>, Malformed> {
    element.attribute(name).map(|text| time(text).ok_or(Malformed::Part(name))).transpose()
}

fn later(time: DateTime, seconds: i64) -> DateTime {
    DateTime::from_secs_and_nanos(time.secs().saturating_add(seconds), time.subsec_nanos())
}

fn only(element: Element<'_>, name: Name) -> Result<Element<'_>, Malformed> {
    element.only(name).ok_or(Malformed::Part(name.1))
}

fn text(element: Element<'_>, name: Name) -> Result<String, Malformed> {
    let text = only(element, name)?.text().ok_or(Malformed::Part(name.1))?;
    if text.is_empty() { Err(Malformed::Part(name.1)) } else { Ok(text.into_owned()) }
}

fn subject_type(name_id: Element<'_>) -> String {
    let format = name_id.attribute("Format").unwrap_or(UNSPECIFIED);
    format.strip_prefix(NAME_ID_FORMATS).unwrap_or(format).to_owned()
}

/// STS API Reference, `AssumeRoleWithSAML`: `NameQualifier`.
fn name_qualifier(issuer: &str, provider: &Arn) -> String {
    let (account, name) = keys::account_and_name(provider);
    let hashed = [issuer, account, "/", name].concat();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, hashed.as_bytes());
    STANDARD.encode(hash)
}

const ISSUER: Name = (ns::ASSERTION, "Issuer");
const SUBJECT: Name = (ns::ASSERTION, "Subject");
const NAME_ID: Name = (ns::ASSERTION, "NameID");
const CONFIRMATION: Name = (ns::ASSERTION, "SubjectConfirmation");
const CONFIRMATION_DATA: Name = (ns::ASSERTION, "SubjectConfirmationData");
const CONDITIONS: Name = (ns::ASSERTION, "Conditions");
const AUDIENCE_RESTRICTION: Name = (ns::ASSERTION, "AudienceRestriction");
const AUDIENCE: Name = (ns::ASSERTION, "Audience");
const ONE_TIME_USE: Name = (ns::ASSERTION, "OneTimeUse");
const PROXY_RESTRICTION: Name = (ns::ASSERTION, "ProxyRestriction");
const AUTHN_STATEMENT: Name = (ns::ASSERTION, "AuthnStatement");

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const NAME_ID_FORMATS: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
/// SAML 2.0 core, section 2.2.2: what no format means.
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
/// How AWS calls itself as a service provider, beside by its sign-in pages.
const AWS: &str = "urn:amazon:webservices";

/// How long after its issue AWS takes an assertion, in seconds.
const REDEEMABLE: i64 = 300;
/// How far a provider's clock may be ahead, in seconds. What has expired, has expired.
const CLOCK_SKEW: i64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_qualifier_is_a_hash_of_issuer_account_and_provider() {
        let provider = "arn:aws:iam::123456789012:saml-provider/MySAMLIdP".parse().unwrap();
        // printf %s https://example.com/saml123456789012/MySAMLIdP | openssl sha1 -binary | base64
        assert_eq!(
            name_qualifier("https://example.com/saml", &provider),
            "1uAJanUnBc2XeUkHURMht+xam2c="
        );
    }
}
