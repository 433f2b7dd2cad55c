use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::{
    ISSUED, ISSUER, P256, PROVIDER, claims, expected, key_set, now, outcome,
};
use super::super::{KeyProblem, Malformed};
use super::*;

/// Tokens that other libraries made, with what is to be answered (`fixtures/federation/oidc`).
#[test]
fn tokens_of_other_libraries() {
    let files =
        [("pyjwt.json", 67), ("authlib.json", 30), ("jose.json", 26), ("hostile.json", 160)];
    let mut wrong = Vec::new();
    for (file, at_least) in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = path.join("../../fixtures/federation/oidc").join(file);
        let fixture: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let keys = KeySet::parse(fixture["jwks"].to_string().as_bytes()).unwrap();
        let tokens = fixture["tokens"].as_array().unwrap();
        assert!(tokens.len() >= at_least, "{file}: {} tokens", tokens.len());
        for token in tokens {
            let text = token["token"].as_str().unwrap();
            let outcome = Jwt::parse(text)
                .and_then(|jwt| verify(&jwt, &expected(PROVIDER, &["client"]), &keys));
            let answer = answer(&outcome);
            if answer != token["answer"] {
                wrong.push(format!("{file}: {}: {answer}, not {}", token["name"], token["answer"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fixtures' name of an outcome.
fn answer(outcome: &Result<WebIdentity, OidcError>) -> String {
    let error = match outcome {
        Ok(identity) => {
            return match (&*identity.subject, &*identity.audience) {
                ("ana", "client") => "accepted".to_owned(),
                other => format!("accepted as {other:?}"),
            };
        }
        Err(error) => error,
    };
    match error {
        OidcError::Malformed(Malformed::Algorithm) => "algorithm".to_owned(),
        OidcError::Malformed(Malformed::Critical) => "critical".to_owned(),
        OidcError::Malformed(Malformed::KeyId) => "key-id".to_owned(),
        OidcError::Malformed(Malformed::Json) => "json".to_owned(),
        OidcError::Malformed(Malformed::Encoding) => "encoding".to_owned(),
        OidcError::Malformed(Malformed::Parts) => "parts".to_owned(),
        OidcError::Malformed(Malformed::TooLong) => "too-long".to_owned(),
        OidcError::Malformed(Malformed::Claim(name)) => format!("claim-{name}"),
        OidcError::MissingClaim(name) => format!("missing-{name}"),
        OidcError::Issuer(_) => "issuer".to_owned(),
        OidcError::Audience(_) => "audience".to_owned(),
        OidcError::Key(KeyProblem::UnknownKeyId) => "unknown-key".to_owned(),
        OidcError::Key(KeyProblem::Algorithm) => "key-algorithm".to_owned(),
        OidcError::Signature => "signature".to_owned(),
        OidcError::Expired { .. } => "expired".to_owned(),
        OidcError::NotYetValid { .. } => "not-yet-valid".to_owned(),
        OidcError::RejectedClaim { .. } => "rejected-claim".to_owned(),
        other => panic!("{other}"),
    }
}

#[test]
fn issuers_are_the_registered_provider() {
    let cases = [
        (ISSUER, PROVIDER, true),
        ("https://tenant.auth0.example/", "tenant.auth0.example/", true),
        ("https://accounts.google.com", "accounts.google.com", true),
        ("accounts.google.com", "accounts.google.com", true),
        ("https://tenant.auth0.example/", "tenant.auth0.example", false),
        ("https://idp.example/realm", "idp.example", false),
        ("https://idp.example", PROVIDER, false),
        ("https://IDP.example/realm", PROVIDER, false),
        ("idp.example/realm", PROVIDER, false),
        ("http://localhost:8080", "localhost:8080", false),
        ("", "", false),
    ];
    for (issuer, provider, same) in cases {
        let outcome = outcome(&json!({ "iss": issuer }), &expected(provider, &["client"]));
        let wrong = OidcError::Issuer(issuer.to_owned());
        assert_eq!(outcome.err(), (!same).then_some(wrong), "{issuer} for {provider}");
    }
    let rules = Rules { loopback_http: true };
    let local = Expectations { rules, ..expected("localhost:8080", &["client"]) };
    outcome(&json!({"iss": "http://localhost:8080"}), &local).unwrap();
}

#[test]
fn audiences_are_registered_clients() {
    let cases = [
        (json!({"aud": "b"}), Ok("b")),
        (json!({"aud": ["a"]}), Ok("a")),
        (json!({"aud": ["x", "y"], "azp": "a"}), Ok("a")),
        (json!({"aud": "x", "azp": "a"}), Ok("a")),
        (json!({"aud": null, "azp": "a"}), Ok("a")),
        (json!({"aud": "a", "azp": "x"}), Err(&["x"][..])),
        (json!({"aud": ["a", "b"]}), Err(&["a", "b"])),
        (json!({"aud": "x"}), Err(&["x"])),
        (json!({"aud": "a "}), Err(&["a "])),
        (json!({"aud": ""}), Err(&[""])),
    ];
    let of =
        |names: &[&str]| OidcError::Audience(names.iter().map(|name| (*name).to_owned()).collect());
    for (changes, audience) in cases {
        let outcome = outcome(&changes, &expected(PROVIDER, &["a", "b"]));
        let outcome = outcome.map(|identity| identity.audience);
        let expected = audience.map(str::to_owned).map_err(of);
        assert_eq!(outcome, expected, "{changes}");
    }
    let none = outcome(&json!({}), &expected(PROVIDER, &[]));
    assert!(matches!(none, Err(OidcError::Audience(_))));
}

#[test]
fn times_may_differ_by_five_minutes() {
    let now = self::now().secs();
    let expired =
        |expiry| OidcError::Expired { now: self::now(), expiry: DateTime::from_secs(expiry) };
    let early = |from| OidcError::NotYetValid { now: self::now(), from: DateTime::from_secs(from) };
    let cases = [
        (json!({"exp": now + 1}), None),
        (json!({"exp": now}), None),
        (json!({"exp": now - 299}), None),
        (json!({"exp": now - 300}), Some(expired(now - 300))),
        (json!({"exp": 1, "iat": 0}), Some(expired(1))),
        (json!({"nbf": now}), None),
        (json!({"nbf": now + 300}), None),
        (json!({"nbf": now + 301}), Some(early(now + 301))),
        (json!({"iat": now + 300}), None),
        (json!({"iat": now + 301}), Some(early(now + 301))),
        (json!({"iat": now + 301, "nbf": 0}), Some(early(now + 301))),
    ];
    for (changes, error) in cases {
        let outcome = outcome(&changes, &expected(PROVIDER, &["client"]));
        assert_eq!(outcome.err(), error, "{changes}");
    }
    for (issued, expiry) in [(ISSUED + 400, ISSUED + 400), (ISSUED + 500, ISSUED + 400)] {
        let outcome =
            outcome(&json!({"iat": issued, "exp": expiry}), &expected(PROVIDER, &["client"]));
        assert!(matches!(outcome, Err(OidcError::RejectedClaim { claim: "exp", .. })));
    }
}

/// Whoever cannot sign learns nothing but whether the provider is the right one.
#[test]
fn an_unsigned_token_is_judged_by_its_issuer_alone() {
    let wrong = json!({"sub": "", "aud": "x", "exp": 1, "iat": 0});
    let token = P256.sign(&claims(&wrong)).unwrap();
    let forged = format!("{}.AAAA", token.rsplit_once('.').unwrap().0);
    let outcome =
        |token: &str, provider| verify(&Jwt::parse(token)?, &expected(provider, &[]), &keys());
    assert_eq!(outcome(&forged, PROVIDER).err(), Some(OidcError::Signature));
    assert!(matches!(outcome(&forged, "other.example"), Err(OidcError::Issuer(_))));
    assert!(matches!(outcome(&token, PROVIDER), Err(OidcError::Expired { .. })));
}

#[test]
fn subjects_have_1_to_255_characters() {
    for (subject, accepted) in
        [(String::new(), false), ("é".repeat(255), true), ("x".repeat(256), false)]
    {
        let outcome = outcome(&json!({ "sub": subject }), &expected(PROVIDER, &["client"]));
        assert_eq!(outcome.is_ok(), accepted, "{subject}");
    }
}

fn keys() -> KeySet {
    key_set([&*P256])
}

proptest! {
    #[test]
    fn no_other_text_passes_for_a_signed_token(at: prop::sample::Index, replacement: u8) {
        let token = P256.sign(&claims(&json!({}))).unwrap();
        let mut changed = token.clone().into_bytes();
        let at = at.index(changed.len());
        changed[at] = replacement;
        prop_assume!(changed != token.as_bytes());
        if let Ok(changed) = std::str::from_utf8(&changed) {
            let outcome = Jwt::parse(changed)
                .and_then(|jwt| verify(&jwt, &expected(PROVIDER, &["client"]), &keys()));
            prop_assert!(outcome.is_err(), "{changed}");
        }
    }
}
