//! Whatever is given as a SAML response, and whatever a provider publishes.

use std::sync::LazyLock;

use aws_smithy_types::DateTime;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daypass_federation::saml::sign::SigningKey;
use daypass_federation::saml::{
    Assertion, DecryptionKey, Expectations, Metadata, Offer, SamlError, choice, claimed_providers,
    verify,
};

/// The first byte says what the rest is: a response, one whose assertion is still to be signed, metadata,
/// or a private key.
pub(crate) fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else { return };
    match kind {
        b'r' => response(rest),
        b'a' => assertion(&String::from_utf8_lossy(rest)),
        b'm' => drop(Metadata::parse(&String::from_utf8_lossy(rest))),
        b'k' => drop(DecryptionKey::from_pem(&String::from_utf8_lossy(rest))),
        _ => {}
    }
}

/// Nobody signs for whoever calls himself mallory, so nothing may be accepted for him.
fn response(response: &[u8]) {
    match verified(response) {
        Ok(assertion) => assert!(!assertion.subject.contains("mallory")),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A response with an assertion `_assertion`, which the provider signs: past the signature, too, nothing
/// may panic, and what is accepted is what AWS wants.
fn assertion(response: &str) {
    let Ok(signed) = PROVIDER.0.envelop(response, "_assertion", None) else { return };
    if let Ok(assertion) = verified(signed.as_bytes()) {
        assert_eq!(assertion.issuer, "https://idp.example.com/metadata");
        assert!(!assertion.subject.is_empty());
        assert!((2..=64).contains(&assertion.role_session_name.len()));
        assert!(assertion.keys.iter().all(|key| !key.values.is_empty()));
    }
}

fn verified(response: &[u8]) -> Result<Assertion, SamlError> {
    let (_, metadata, keys, offer) = &*PROVIDER;
    let expected = Expectations {
        loopback_page: true,
        decryption_keys: keys,
        encrypted: false,
        // 2026-01-15T12:01:00Z.
        now: DateTime::from_secs(1_768_478_460),
    };
    let response = STANDARD.encode(response);
    let assertion = verify(&response, metadata, offer, &expected);
    if assertion.is_ok() {
        let choice = choice(&response, metadata, &expected);
        assert!(choice.is_ok_and(|choice| choice.offers.contains(offer)));
    }
    // Whatever is claimed, nothing panics.
    let _ = claimed_providers(&response);
    assertion
}

static PROVIDER: LazyLock<(SigningKey, Metadata, [DecryptionKey; 1], Offer)> =
    LazyLock::new(|| {
        let key = include_str!("../../../../fixtures/federation/saml/idp-key-p256.pem");
        let metadata = include_str!("../../../../fixtures/federation/saml/metadata.xml");
        let opens = include_str!("../../../../fixtures/federation/saml/provider-key-pkcs1.pem");
        (
            SigningKey::from_pem(key).expect("a key"),
            Metadata::parse(metadata).expect("metadata"),
            [DecryptionKey::from_pem(opens).expect("a key")],
            Offer {
                role: "arn:aws:iam::123456789012:role/Developer".parse().expect("an ARN"),
                provider: "arn:aws:iam::123456789012:saml-provider/Example"
                    .parse()
                    .expect("an ARN"),
            },
        )
    });
