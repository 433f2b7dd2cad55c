use serde_json::json;

use super::super::testing::{claims, expected, key_set};
use super::super::{Jwt, verify};
use super::*;

#[test]
fn what_is_signed_is_verified_with_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate("k", algorithm).unwrap();
        let kept = SigningKey::from_pkcs8("k", algorithm, &key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(kept.jwk(), key.jwk(), "{algorithm}");
        let token = kept.sign(&claims(&json!({}))).unwrap();
        let expected = expected("idp.example/realm", &["client"]);
        let identity = verify(&Jwt::parse(&token).unwrap(), &expected, &key_set([&key])).unwrap();
        assert_eq!(identity.subject, "ana", "{algorithm}");
        assert_eq!(format!("{key:?}"), format!("SigningKey(k, {algorithm})"));
    }
}

#[test]
fn published_keys_look_like_those_of_aws() {
    let published = |id, algorithm| {
        serde_json::to_value(SigningKey::generate(id, algorithm).unwrap().jwk()).unwrap()
    };
    let rsa = published("RSA_0", Algorithm::Rs256);
    let n = URL_SAFE_NO_PAD.decode(rsa["n"].as_str().unwrap()).unwrap();
    assert_eq!((n.len(), n[0] & 0x80), (256, 0x80));
    let expected =
        json!({"kty": "RSA", "kid": "RSA_0", "use": "sig", "e": "AQAB", "n": rsa["n"].clone()});
    assert_eq!(rsa, expected);

    let ec = published("EC384_0", Algorithm::Es384);
    for coordinate in ["x", "y"] {
        let bytes = URL_SAFE_NO_PAD.decode(ec[coordinate].as_str().unwrap()).unwrap();
        assert_eq!(bytes.len(), 48, "{coordinate}");
    }
    let expected = json!({
        "kty": "EC", "kid": "EC384_0", "use": "sig", "alg": "ES384", "crv": "P-384",
        "x": ec["x"].clone(), "y": ec["y"].clone(),
    });
    assert_eq!(ec, expected);
}

#[test]
fn a_key_is_for_one_type_of_algorithm() {
    let rsa = SigningKey::generate("k", Algorithm::Rs256).unwrap().to_pkcs8().unwrap();
    let ec = SigningKey::generate("k", Algorithm::Es256).unwrap().to_pkcs8().unwrap();
    let nothing = Secret::new(Vec::new());
    let cases = [
        (&rsa, Algorithm::Rs512, None),
        (&rsa, Algorithm::Es256, Some(SignError::Key)),
        (&ec, Algorithm::Rs256, Some(SignError::Key)),
        (&ec, Algorithm::Es384, Some(SignError::Key)),
        (&nothing, Algorithm::Rs256, Some(SignError::Key)),
    ];
    for (der, algorithm, error) in cases {
        let key = SigningKey::from_pkcs8("k", algorithm, der);
        assert_eq!(key.err(), error, "{algorithm}");
    }
}

#[test]
fn claims_are_json() {
    let key = SigningKey::generate("k", Algorithm::Es256).unwrap();
    let not_json = std::collections::BTreeMap::from([(vec![1], 2)]);
    assert_eq!(key.sign(&not_json), Err(SignError::Claims));
}

#[test]
fn der_that_is_cut_short_is_no_key() {
    let der = [0x30, 0x08, 0x02, 0x02, 0x00, 0xc5, 0x02, 0x02, 0x01, 0x01];
    assert_eq!(rsa_integers(&der), Some((&[0xc5][..], &[0x01, 0x01][..])));
    for length in 0..der.len() {
        assert_eq!(rsa_integers(&der[..length]), None, "{length}");
    }
    assert_eq!(element(&[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], SEQUENCE), None);
}
