use aws_smithy_types::DateTime;

use super::*;
use crate::oidc::{Expectations, Jwt, KeySet, Rules, verify};

#[test]
fn what_is_signed_verifies_with_what_is_published() {
    let issuer = Arc::new(Issuer::default());
    issuer.prepare();
    let keys = KeySet::parse(issuer.key_set().unwrap().as_bytes()).unwrap();
    for algorithm in TokenAlgorithm::ALL {
        let claims = json!({
            "iss": issuer.url("1"), "aud": "here", "sub": "me", "iat": 100, "exp": 400,
        });
        let token = issuer.sign(algorithm, &claims).unwrap();
        let jwt = Jwt::parse(token.expose()).unwrap();
        let expected = Expectations {
            provider: "1.tokens.sts.global.api.aws",
            audiences: &["here"],
            now: DateTime::from_secs(200),
            rules: Rules::default(),
        };
        assert_eq!(verify(&jwt, &expected, &keys).unwrap().subject, "me");
    }
}

#[test]
fn the_documents_are_as_aws_publishes_them() {
    let issuer = Issuer::default();
    let discovery: serde_json::Value = serde_json::from_str(&issuer.discovery("a1faa616")).unwrap();
    assert_eq!(
        discovery,
        json!({
            "claims_supported":
                ["sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"],
            "id_token_signing_alg_values_supported": ["RS256", "ES384"],
            "issuer": "https://a1faa616.tokens.sts.global.api.aws",
            "jwks_uri": "https://a1faa616.tokens.sts.global.api.aws/.well-known/jwks.json",
            "subject_types_supported": ["public"],
        })
    );
    let keys: serde_json::Value = serde_json::from_str(&issuer.key_set().unwrap()).unwrap();
    let members = |key: &serde_json::Value| {
        let names = key.as_object().unwrap().keys().cloned();
        (names.collect::<Vec<_>>().join(" "), key["kid"].as_str().unwrap().to_owned())
    };
    assert_eq!(members(&keys["keys"][0]), ("e kid kty n use".to_owned(), "RSA_0".to_owned()));
    let ec = ("alg crv kid kty use x y".to_owned(), "EC384_0".to_owned());
    assert_eq!(members(&keys["keys"][1]), ec);
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn an_issuer_may_be_below_an_address_of_ones_own() {
    let form = UrlForm::Below("http://127.0.0.1:4566/issuers".to_owned());
    let issuer = Issuer::new(form);
    assert_eq!(issuer.url("a1faa616"), "http://127.0.0.1:4566/issuers/a1faa616");
}

#[test]
fn keys_that_are_kept_sign_and_verify_over_a_rotation() {
    let kept = IssuerKeys::generate(100).unwrap();
    let read = |keys: &IssuerKeys| {
        let text = keys.to_text().unwrap();
        IssuerKeys::parse((1..).zip(text.expose().lines())).unwrap()
    };
    let (one, other) = (Issuer::default(), Issuer::default());
    one.swap_keys(read(&kept));
    other.swap_keys(read(&kept));
    assert_eq!(one.key_set(), other.key_set());
    let claims = json!({ "iss": "https://i", "aud": "me", "sub": "s", "iat": 100, "exp": 400 });
    let before = one.sign(TokenAlgorithm::Rs256, &claims).unwrap();
    assert_eq!(verified(before.expose(), &other), Ok(()));
    let stranger = Issuer::default();
    assert!(verified(before.expose(), &stranger).is_err(), "its RSA_0 is another key");

    let rotated = kept.rotated(1, 200).unwrap();
    other.swap_keys(read(&rotated));
    for algorithm in TokenAlgorithm::ALL {
        let after = other.sign(algorithm, &claims).unwrap();
        assert_eq!(verified(after.expose(), &other), Ok(()));
        assert!(verified(after.expose(), &one).is_err(), "it has the old keys only");
    }
    assert_eq!(verified(before.expose(), &other), Ok(()), "the old key is still published");
    other.swap_keys(read(&rotated.rotated(0, 300).unwrap()));
    assert!(verified(before.expose(), &other).is_err());
}

fn verified(token: &str, issuer: &Issuer) -> Result<(), crate::oidc::OidcError> {
    let keys = KeySet::parse(issuer.key_set().unwrap().as_bytes()).unwrap();
    let expected = Expectations {
        provider: "i",
        audiences: &["me"],
        now: DateTime::from_secs(200),
        rules: Rules::default(),
    };
    verify(&Jwt::parse(token).unwrap(), &expected, &keys).map(|_| ())
}
