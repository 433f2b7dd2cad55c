//! Whatever is given as an ID token, and whatever a provider publishes.

use std::sync::LazyLock;

use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_federation::oidc::{Algorithm, Discovery, Expectations, Jwt, KeySet, Rules, verify};

/// The first byte says what the rest is: a token, its two objects in plain text, a key set or a
/// provider's metadata.
pub(crate) fn run(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else { return };
    match kind {
        b't' => token(&String::from_utf8_lossy(rest)),
        b'o' => objects(rest),
        b'k' => drop(KeySet::parse(rest)),
        b'd' => drop(Discovery::parse(rest, "https://idp.example/realm", RULES)),
        _ => {}
    }
}

/// Nobody signs with these keys, so nothing may be accepted.
fn token(token: &str) {
    let outcome = Jwt::parse(token).and_then(|jwt| verify(&jwt, &EXPECTED, &PROVIDER.1));
    let error = outcome.expect_err("a forgery is accepted");
    assert!(!error.to_string().is_empty());
}

/// Header and claims with a line between them, signed by the provider: past the signature, too,
/// nothing may panic, and what is accepted is for the client.
fn objects(objects: &[u8]) {
    let at = objects.iter().position(|byte| *byte == b'\n').unwrap_or(objects.len());
    let (header, claims) = objects.split_at(at);
    let (key, keys) = &*PROVIDER;
    let token = key.sign_bytes(header, claims).expect("anything can be signed");
    let identity = Jwt::parse(&token).and_then(|jwt| verify(&jwt, &EXPECTED, keys));
    if let Ok(identity) = identity {
        assert_eq!(identity.audience, "client");
        assert_eq!(identity.provider, "idp.example/realm");
        assert!(identity.keys.iter().all(|key| !key.values.is_empty()));
    }
}

static PROVIDER: LazyLock<(SigningKey, KeySet)> = LazyLock::new(|| {
    let key = SigningKey::generate("p256", Algorithm::Es256).expect("a key");
    let jwks = serde_json::to_vec(&[&key].into_iter().collect::<Jwks>()).expect("JSON");
    (key, KeySet::parse(&jwks).expect("a key set"))
});

static EXPECTED: LazyLock<Expectations<'static>> = LazyLock::new(|| Expectations {
    provider: "idp.example/realm",
    audiences: &["client"],
    // 2026-01-01T00:10:00Z.
    now: aws_smithy_types::DateTime::from_secs(1_767_226_200),
    rules: RULES,
});

const RULES: Rules = Rules { loopback_http: true };
