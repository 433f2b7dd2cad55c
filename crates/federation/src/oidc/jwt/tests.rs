use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::super::testing::{ISSUED, claims};
use super::*;

const HEADER: &str = r#"{"alg":"RS256","kid":"k"}"#;

fn token(header: &str, claims: &str) -> String {
    [header, claims, "signature"].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

fn usual() -> String {
    claims(&json!({})).to_string()
}

fn malformed(token: &str) -> Malformed {
    match Jwt::parse(token) {
        Err(OidcError::Malformed(malformed)) => malformed,
        other => panic!("{token}: {other:?}"),
    }
}

#[test]
fn a_token_is_read() {
    let claims = claims(&json!({"aud": ["a", "b"], "azp": "c", "nbf": ISSUED - 1}));
    let token = token(HEADER, &claims.to_string());
    let jwt = Jwt::parse(&token).unwrap();
    assert_eq!(jwt.algorithm, Algorithm::Rs256);
    assert_eq!(jwt.key_id.as_deref(), Some("k"));
    assert_eq!(jwt.signed, token.rsplit_once('.').unwrap().0);
    assert_eq!(jwt.signature, b"signature");
    assert_eq!(jwt.provider(Rules::default()), Ok("idp.example/realm"));
    assert_eq!(jwt.issuer(), "https://idp.example/realm");
    assert_eq!(jwt.claims.subject, "ana");
    assert_eq!(jwt.claims.audiences, ["a", "b"]);
    assert_eq!(jwt.claims.authorized_party.as_deref(), Some("c"));
    assert_eq!((jwt.claims.issued, jwt.claims.expiry), (ISSUED, ISSUED + 3600));
    assert_eq!(jwt.claims.not_before, Some(ISSUED - 1));
}

#[test]
fn the_form_is_strict() {
    let good = token(HEADER, &usual());
    Jwt::parse(&good).unwrap();
    let parts: Vec<_> = good.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("three parts") };

    for token in ["", ".", header, &format!("{header}.{claims}"), &format!("{good}.{signature}")] {
        assert_eq!(malformed(token), Malformed::Parts, "{token}");
    }
    // An opaque access token has no points, or any number.
    assert_eq!(malformed("ya29.A0ARrdaM"), Malformed::Parts);

    let padded = URL_SAFE.encode(HEADER);
    assert!(padded.ends_with('='), "{padded}");
    let other_alphabet = STANDARD.encode([0xfb, 0xff, 0xfe]);
    Jwt::parse(&format!("{header}.{claims}.YQ")).unwrap();
    let cases = [
        format!("{padded}.{claims}.{signature}"),
        format!("{header}.{claims}=.{signature}"),
        format!("{header}.{claims}.{other_alphabet}"),
        format!(" {header}.{claims}.{signature}"),
        format!("{header}.{claims}.{signature}\n"),
        format!("{header}.{claims}.signaturé"),
        // The last character holds bits of no byte.
        format!("{header}.{claims}.YR"),
    ];
    for token in &cases {
        assert_eq!(malformed(token), Malformed::Encoding, "{token}");
    }
}

#[test]
fn a_token_has_at_most_20000_characters() {
    let of_length = |length: usize| {
        let token = token(HEADER, &usual());
        let (signed, _) = token.rsplit_once('.').unwrap();
        format!("{signed}.{}", "A".repeat(length - signed.len() - 1))
    };
    Jwt::parse(&of_length(LONGEST)).unwrap();
    assert_eq!(malformed(&of_length(LONGEST + 1)), Malformed::TooLong);
}

#[test]
fn headers_that_are_refused() {
    use Malformed::{Algorithm, Critical, Json, KeyId};
    let cases = [
        (r#"{"kid":"k"}"#, Algorithm),
        (r#"{"alg":null}"#, Algorithm),
        (r#"{"alg":["RS256"]}"#, Algorithm),
        (r#"{"alg":"none"}"#, Algorithm),
        (r#"{"alg":"NONE"}"#, Algorithm),
        (r#"{"alg":""}"#, Algorithm),
        (r#"{"alg":"HS256"}"#, Algorithm),
        (r#"{"alg":"HS384"}"#, Algorithm),
        (r#"{"alg":"HS512"}"#, Algorithm),
        (r#"{"alg":"PS256"}"#, Algorithm),
        (r#"{"alg":"EdDSA"}"#, Algorithm),
        (r#"{"alg":"ES256K"}"#, Algorithm),
        (r#"{"alg":"rs256"}"#, Algorithm),
        (r#"{"alg":" RS256"}"#, Algorithm),
        (r#"{"alg":"RS256","crit":["exp"]}"#, Critical),
        (r#"{"alg":"RS256","crit":[]}"#, Critical),
        (r#"{"alg":"RS256","crit":null}"#, Critical),
        (r#"{"alg":"RS256","kid":1}"#, KeyId),
        (r#"{"alg":"RS256","kid":null}"#, KeyId),
        (r#"{"alg":"RS256","alg":"RS256"}"#, Json),
        (r#"{"alg":"RS256","x":{"a":1,"a":1}}"#, Json),
        (r#"{"alg":"RS256"}{}"#, Json),
        (r#"["RS256"]"#, Json),
        ("", Json),
    ];
    for (header, expected) in cases {
        assert_eq!(malformed(&token(header, &usual())), expected, "{header}");
    }
}

#[test]
fn headers_that_are_not_looked_at() {
    let members =
        ["jwk", "jku", "x5u", "x5c", "x5t", "typ", "cty", "zip", "b64", "url", "nonce", "iss"];
    for member in members {
        for value in [r#""https://evil.example""#, "{}", "[]", "false", "null"] {
            let header = format!(r#"{{"alg":"RS256","{member}":{value}}}"#);
            Jwt::parse(&token(&header, &usual())).unwrap_or_else(|e| panic!("{header}: {e}"));
        }
    }
}

#[test]
fn claims_that_every_token_has() {
    // In the order in which they are missed.
    let order = ["iss", "sub", "aud", "exp", "iat"];
    for (at, missing) in order.into_iter().enumerate() {
        let mut changes = json!({});
        for later in &order[at..] {
            changes[later] = json!(null);
        }
        let token = token(HEADER, &claims(&changes).to_string());
        assert_eq!(Jwt::parse(&token).err(), Some(OidcError::MissingClaim(missing)));
    }
    let none = token(HEADER, &claims(&json!({"aud": []})).to_string());
    assert_eq!(Jwt::parse(&none).err(), Some(OidcError::MissingClaim("aud")));
    let party = token(HEADER, &claims(&json!({"aud": null, "azp": "client"})).to_string());
    Jwt::parse(&party).unwrap();
}

#[test]
fn claims_of_the_wrong_type() {
    let cases = [
        ("iss", json!(1)),
        ("iss", json!(["https://idp.example"])),
        ("sub", json!(7)),
        ("sub", json!({"a": "b"})),
        ("azp", json!(["client"])),
        ("aud", json!({"client": true})),
        ("aud", json!(["client", 1])),
        ("aud", json!([["client"]])),
        ("exp", json!("1767229200")),
        ("exp", json!(1767229200.5)),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(1_767_229_200_000_i64)),
        ("iat", json!(true)),
        ("iat", json!([ISSUED])),
        ("nbf", json!("now")),
        ("nbf", json!(END_OF_9999 + 1)),
    ];
    for (name, value) in cases {
        let token = token(HEADER, &claims(&json!({ name: value })).to_string());
        assert_eq!(malformed(&token), Malformed::Claim(name), "{name}: {value}");
    }
    // `null` is a value, not an absence.
    let null = usual().replacen(r#""sub":"ana""#, r#""sub":null"#, 1);
    assert_eq!(malformed(&token(HEADER, &null)), Malformed::Claim("sub"));
    let twice = usual().replacen('{', r#"{"sub":"root","#, 1);
    assert_eq!(malformed(&token(HEADER, &twice)), Malformed::Json);
}

#[test]
fn debug_shows_no_claims() {
    let token = token(HEADER, &usual());
    let shown = format!("{:?}", Jwt::parse(&token).unwrap());
    assert!(!shown.contains("ana") && !shown.contains("signature"), "{shown}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = Jwt::parse(&text);
    }

    #[test]
    fn any_parts_are_read_or_refused(header in ".{0,60}", claims in ".{0,100}") {
        let _ = Jwt::parse(&token(&header, &claims));
        let _ = Jwt::parse(&token(HEADER, &claims));
    }

    #[test]
    fn nothing_changed_in_the_claims_goes_unread(at in 0_usize..60, byte: u8) {
        let mut claims = usual().into_bytes();
        claims[at] = byte;
        let token = [HEADER.as_bytes(), &claims, b"s"].map(|part| URL_SAFE_NO_PAD.encode(part));
        let _ = Jwt::parse(&token.join("."));
    }
}
