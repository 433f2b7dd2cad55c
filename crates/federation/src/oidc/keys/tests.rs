use serde_json::{Value, json};

use super::super::testing::{P256, RSA, claims, key, key_set};
use super::*;

fn jwk(key: &super::super::sign::SigningKey, changes: Value) -> Value {
    let mut jwk = serde_json::to_value(key.jwk()).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(jwk.as_object_mut().unwrap().remove(name)),
            value => jwk[name] = value.clone(),
        }
    }
    jwk
}

fn parse(keys: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

/// What the set says of a token of this key.
fn outcome(
    set: &KeySet,
    key: &super::super::sign::SigningKey,
    header: &Value,
) -> Result<(), OidcError> {
    let claims = claims(&json!({})).to_string();
    let token = key.sign_bytes(header.to_string().as_bytes(), claims.as_bytes()).unwrap();
    set.verify(&Jwt::parse(&token).unwrap())
}

const UNKNOWN: Result<(), OidcError> = Err(OidcError::Key(KeyProblem::UnknownKeyId));
const ALGORITHM: Result<(), OidcError> = Err(OidcError::Key(KeyProblem::Algorithm));

#[test]
fn documents_that_are_no_key_set() {
    let many = json!({ "keys": vec![json!({}); MOST_KEYS + 1] }).to_string();
    let twice = r#"{"keys":[{"kty":"RSA","kid":"a","kid":"b"}]}"#;
    let cases = [
        ("", InvalidKeySet::Json),
        ("[]", InvalidKeySet::Json),
        ("<html>", InvalidKeySet::Json),
        (r#"{"keys":[],"keys":[]}"#, InvalidKeySet::Json),
        (twice, InvalidKeySet::Json),
        ("{}", InvalidKeySet::Keys),
        (r#"{"keys":{}}"#, InvalidKeySet::Keys),
        (&many, InvalidKeySet::TooMany),
    ];
    for (document, expected) in cases {
        assert_eq!(KeySet::parse(document.as_bytes()).err(), Some(expected), "{document}");
    }
    assert!(KeySet::parse(br#"{"keys":[]}"#).unwrap().is_empty());
}

#[test]
fn keys_that_are_left_out() {
    let short = URL_SAFE_NO_PAD.encode([0xc5; 255]);
    let small = [&[0x7f][..], &[0xff; 255]].concat();
    let long = URL_SAFE_NO_PAD.encode([0xc5; 1025]);
    let x = |length: usize| URL_SAFE_NO_PAD.encode(vec![1; length]);
    // The same bytes, with the border between the coordinates in the wrong place.
    let point = [P256.jwk().x, P256.jwk().y].map(|xy| URL_SAFE_NO_PAD.decode(xy.unwrap()).unwrap());
    let point = point.concat();
    let (x31, y33) = point.split_at(31);
    let longer = URL_SAFE_NO_PAD.encode([&[0], &point[..32]].concat());
    let shifted = json!({"x": URL_SAFE_NO_PAD.encode(x31), "y": URL_SAFE_NO_PAD.encode(y33)});
    let cases = [
        ("as it is", jwk(&RSA, json!({})), true),
        ("without use", jwk(&RSA, json!({"use": null})), true),
        ("without kid", jwk(&RSA, json!({"kid": null})), true),
        ("for RS512", jwk(&RSA, json!({"alg": "RS512"})), true),
        ("to verify", jwk(&RSA, json!({"key_ops": ["verify"]})), true),
        ("with a certificate", jwk(&RSA, json!({"x5c": ["?"], "x5t": 1})), true),
        ("for encryption", jwk(&RSA, json!({"use": "enc"})), false),
        ("to wrap keys", jwk(&RSA, json!({"key_ops": ["wrapKey"]})), false),
        ("for HMAC", jwk(&RSA, json!({"alg": "HS256"})), false),
        ("for PSS", jwk(&RSA, json!({"alg": "PS256"})), false),
        ("for another type", jwk(&RSA, json!({"alg": "ES256"})), false),
        ("kid of no text", jwk(&RSA, json!({"kid": 1})), false),
        ("symmetric", json!({"kty": "oct", "k": "c2VjcmV0", "kid": "rsa"}), false),
        ("symmetric with an RSA key", jwk(&RSA, json!({"kty": "oct"})), false),
        ("of no type", jwk(&RSA, json!({"kty": null})), false),
        ("2040 bits", jwk(&RSA, json!({"n": short})), false),
        ("2047 bits", jwk(&RSA, json!({"n": URL_SAFE_NO_PAD.encode(small)})), false),
        ("8200 bits", jwk(&RSA, json!({"n": long})), false),
        ("no modulus", jwk(&RSA, json!({"n": ""})), false),
        ("not base64url", jwk(&RSA, json!({"n": "+++="})), false),
        ("no exponent", jwk(&RSA, json!({"e": null})), false),
        ("exponent zero", jwk(&RSA, json!({"e": "AA"})), false),
        ("exponent one", jwk(&RSA, json!({"e": "AAAB"})), false),
        ("exponent two", jwk(&RSA, json!({"e": "Ag"})), false),
        ("exponent three", jwk(&RSA, json!({"e": "Aw"})), true),
        ("P-256", jwk(&P256, json!({})), true),
        ("another curve", jwk(&P256, json!({"crv": "secp256k1"})), false),
        ("a curve of another length", jwk(&P256, json!({"crv": "P-384", "alg": null})), false),
        ("curve and algorithm differ", jwk(&P256, json!({"alg": "ES384"})), false),
        ("not on the curve", jwk(&P256, json!({"x": x(32)})), false),
        ("another, shorter coordinate", jwk(&P256, json!({"x": x(31)})), false),
        ("a zero too many", jwk(&P256, json!({"x": longer})), false),
        ("shifted coordinates", jwk(&P256, shifted), false),
        ("no y", jwk(&P256, json!({"y": null})), false),
        ("no object", json!("key"), false),
    ];
    for (what, jwk, read) in cases {
        assert_eq!(parse(&[jwk]).len(), usize::from(read), "{what}");
    }
}

#[test]
fn a_leading_zero_of_the_modulus_is_no_matter() {
    let n = URL_SAFE_NO_PAD.decode(RSA.jwk().n.unwrap()).unwrap();
    let n = URL_SAFE_NO_PAD.encode([&[0][..], &n].concat());
    let set = parse(&[jwk(&RSA, json!({ "n": n }))]);
    assert_eq!(outcome(&set, &RSA, &json!({"alg": "RS256", "kid": "rsa"})), Ok(()));
}

#[test]
fn the_key_that_is_named_is_taken_and_no_other() {
    let stranger = key("stranger", Algorithm::Es256);
    let set = key_set([&*RSA, &*P256]);
    let cases = [
        (&*P256, json!({"alg": "ES256", "kid": "p256"}), Ok(())),
        (&*P256, json!({"alg": "ES256"}), Ok(())),
        (&*RSA, json!({"alg": "RS256"}), Ok(())),
        (&*P256, json!({"alg": "ES256", "kid": "P256"}), UNKNOWN),
        (&*P256, json!({"alg": "ES256", "kid": ""}), UNKNOWN),
        (&*P256, json!({"alg": "ES256", "kid": "rsa"}), ALGORITHM),
        (&*P256, json!({"alg": "RS256", "kid": "p256"}), ALGORITHM),
        (&*P256, json!({"alg": "ES384", "kid": "p256"}), ALGORITHM),
        (&*P256, json!({"alg": "ES512"}), ALGORITHM),
        // The signature is made with SHA-256, whatever the header says.
        (&*RSA, json!({"alg": "RS384", "kid": "rsa"}), Err(OidcError::Signature)),
        (&stranger, json!({"alg": "ES256", "kid": "p256"}), Err(OidcError::Signature)),
        (&stranger, json!({"alg": "ES256"}), Err(OidcError::Signature)),
    ];
    for (key, header, expected) in cases {
        assert_eq!(outcome(&set, key, &header), expected, "{header}");
    }
    assert_eq!(outcome(&parse(&[]), &P256, &json!({"alg": "ES256"})), UNKNOWN);

    // Two keys of one name, as while a provider changes them, are both tried.
    let twins = parse(&[jwk(&stranger, json!({"kid": "p256"})), jwk(&P256, json!({}))]);
    assert_eq!(outcome(&twins, &P256, &json!({"alg": "ES256", "kid": "p256"})), Ok(()));
    // A key without a name is not one that a token names.
    let nameless = parse(&[jwk(&P256, json!({"kid": null}))]);
    assert_eq!(outcome(&nameless, &P256, &json!({"alg": "ES256", "kid": "p256"})), UNKNOWN);
    assert_eq!(outcome(&nameless, &P256, &json!({"alg": "ES256"})), Ok(()));
}

#[test]
fn a_token_without_a_key_id_is_not_tried_with_every_key() {
    let stranger = key("stranger", Algorithm::Es256);
    let among = |others: usize| {
        let mut keys = vec![jwk(&stranger, json!({})); others];
        keys.push(jwk(&P256, json!({})));
        outcome(&parse(&keys), &P256, &json!({"alg": "ES256"}))
    };
    assert_eq!(among(MOST_TRIED - 1), Ok(()));
    assert_eq!(among(MOST_TRIED), Err(OidcError::Signature));
}
