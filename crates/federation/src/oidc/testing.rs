//! A provider for tests: its keys, and tokens that it signs.

use std::sync::LazyLock;

use aws_smithy_types::DateTime;
use serde_json::{Map, Value, json};

use super::sign::{Jwks, SigningKey};
use super::{Algorithm, Expectations, Jwt, KeySet, OidcError, Rules, WebIdentity, verify};

/// The provider's keys.
pub(super) static RSA: LazyLock<SigningKey> = LazyLock::new(|| key("rsa", Algorithm::Rs256));
pub(super) static P256: LazyLock<SigningKey> = LazyLock::new(|| key("p256", Algorithm::Es256));

/// 2026-01-01T00:00:00Z, when the tokens are issued.
pub(super) const ISSUED: i64 = 1_767_225_600;

/// When they are looked at.
pub(super) fn now() -> DateTime {
    DateTime::from_secs(ISSUED + 600)
}

pub(super) const PROVIDER: &str = "idp.example/realm";
pub(super) const ISSUER: &str = "https://idp.example/realm";

pub(super) fn key(id: &str, algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(id, algorithm).unwrap()
}

pub(super) fn key_set<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> KeySet {
    KeySet::parse(&jwks(keys)).unwrap()
}

pub(super) fn jwks<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Vec<u8> {
    serde_json::to_vec(&keys.into_iter().collect::<Jwks>()).unwrap()
}

/// The usual claims, with others in their place; `null` takes one away.
pub(super) fn claims(changes: &Value) -> Value {
    let usual = json!({
        "iss": ISSUER, "sub": "ana", "aud": "client", "iat": ISSUED, "exp": ISSUED + 3600,
    });
    let mut claims: Map<_, _> = usual.as_object().unwrap().clone();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.remove(name),
            value => claims.insert(name.clone(), value.clone()),
        };
    }
    Value::Object(claims)
}

pub(super) fn expected<'a>(provider: &'a str, audiences: &'a [&'a str]) -> Expectations<'a> {
    Expectations { provider, audiences, now: now(), rules: Rules::default() }
}

/// What comes of a token by P-256 with the usual claims but for these.
pub(super) fn outcome(
    changes: &Value,
    expected: &Expectations<'_>,
) -> Result<WebIdentity, OidcError> {
    let token = P256.sign(&claims(changes)).unwrap();
    verify(&Jwt::parse(&token)?, expected, &key_set([&*P256]))
}
