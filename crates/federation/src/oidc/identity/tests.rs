use serde_json::{Value, json};

use super::super::testing::{expected, outcome};
use super::*;

/// The keys of a token with these claims, from the provider, for the client `client`.
fn keys(provider: &str, claims: Value) -> Vec<(String, Vec<String>, bool)> {
    let mut claims = claims;
    claims["iss"] = json!(format!("https://{provider}"));
    let identity = outcome(&claims, &expected(provider, &["client"])).unwrap();
    identity.keys.into_iter().map(|key| (key.key, key.values, key.persists)).collect()
}

fn key(key: &str, values: &[&str], persists: bool) -> (String, Vec<String>, bool) {
    (key.to_owned(), values.iter().map(|value| (*value).to_owned()).collect(), persists)
}

#[test]
fn every_provider_has_the_usual_keys() {
    let claims = json!({
        "aud": ["a", "b"], "azp": "client", "amr": ["mfa", "pwd"], "email": "ana@example.com",
        "name": "Ana", "groups": ["admin"],
    });
    let expected = [
        key("idp.example/realm:aud", &["client"], true),
        key("idp.example/realm:oaud", &["a", "b"], false),
        key("idp.example/realm:sub", &["ana"], true),
        key("idp.example/realm:amr", &["mfa", "pwd"], true),
        key("idp.example/realm:email", &["ana@example.com"], false),
    ];
    assert_eq!(keys("idp.example/Realm", claims), expected);

    let least = keys("oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE", json!({}));
    let expected = [
        key("oidc.eks.eu-central-1.amazonaws.com/id/example:aud", &["client"], true),
        key("oidc.eks.eu-central-1.amazonaws.com/id/example:oaud", &["client"], false),
        key("oidc.eks.eu-central-1.amazonaws.com/id/example:sub", &["ana"], true),
    ];
    assert_eq!(least, expected);
}

#[test]
fn some_providers_have_more() {
    // A claim, its value, and the values of the provider's key for it, if there is one.
    let cases = [
        (
            "accounts.google.com",
            "google",
            json!({"organization_number": 7}),
            "google/organization_number",
            &["7"][..],
        ),
        ("accounts.google.com", "hd", json!("example.com"), "hd", &[]),
        ("token.actions.githubusercontent.com", "repository", json!("o/r"), "repository", &["o/r"]),
        (
            "token.actions.githubusercontent.com",
            "repository_owner_id",
            json!("42"),
            "repository_owner_id",
            &["42"],
        ),
        ("token.actions.githubusercontent.com", "run_id", json!("1"), "run_id", &[]),
        (
            "token.actions.githubusercontent.com/acme",
            "job_workflow_ref",
            json!("o/r/w@x"),
            "job_workflow_ref",
            &["o/r/w@x"],
        ),
        ("github.com/enterprises/acme", "actor", json!("ana"), "actor", &["ana"]),
        ("token.actions.acme.ghe.com", "actor", json!("ana"), "actor", &["ana"]),
        ("token.actions.ghe.com", "actor", json!("ana"), "actor", &[]),
        ("agent.acme.buildkite.dev", "cluster_id", json!("c"), "cluster_id", &["c"]),
        ("github.com/other", "actor", json!("ana"), "actor", &[]),
        ("gitlab.com", "ref_protected", json!("true"), "ref_protected", &["true"]),
        ("gitlab.com", "ref_protected", json!(true), "ref_protected", &["true"]),
        ("gitlab.example", "project_id", json!("1"), "project_id", &[]),
        ("agent.buildkite.com", "pipeline_slug", json!("p"), "pipeline_slug", &["p"]),
        (
            "oidc.circleci.com/org/1",
            "oidc.circleci.com/project-id",
            json!("2"),
            "oidc.circleci.com/project-id",
            &["2"],
        ),
        ("idcs-1.identity.oraclecloud.com", "rpst_id", json!("3"), "rpst_id", &["3"]),
        ("identity.oraclecloud.com", "rpst_id", json!("3"), "rpst_id", &[]),
        ("idp.example", "repository", json!("o/r"), "repository", &[]),
        // What no condition can compare makes no key.
        ("gitlab.com", "user_id", json!({"a": 1}), "user_id", &[]),
        ("gitlab.com", "user_id", json!([]), "user_id", &[]),
        ("accounts.google.com", "google", json!("x"), "google/organization_number", &[]),
    ];
    for (provider, claim, value, name, expected) in cases {
        let keys = keys(provider, json!({ claim: value.clone() }));
        let name = format!("{provider}:{name}");
        let found = keys.iter().find(|(key, ..)| *key == name);
        let found = found.map(|(_, values, persists)| {
            assert!(!persists, "{name}");
            values.iter().map(String::as_str).collect::<Vec<_>>()
        });
        let expected = (!expected.is_empty()).then(|| expected.to_vec());
        assert_eq!(found, expected, "{name} of {value}");
    }
}

#[test]
fn google_says_azp_for_aud() {
    let keys = keys("accounts.google.com", json!({"aud": "web", "azp": "client"}));
    assert_eq!(keys[0], key("accounts.google.com:aud", &["client"], true));
    assert_eq!(keys[1], key("accounts.google.com:oaud", &["web"], false));
}

#[test]
fn cognito_has_the_identity_pool_the_identity_and_how_it_signed_in() {
    let provider = "cognito-identity.amazonaws.com";
    let amr = ["unauthenticated"];
    let keys = keys(provider, json!({"sub": "eu-central-1:1", "amr": amr}));
    let persisting: Vec<_> = keys.into_iter().filter(|(.., persists)| *persists).collect();
    let expected = [
        key("cognito-identity.amazonaws.com:aud", &["client"], true),
        key("cognito-identity.amazonaws.com:sub", &["eu-central-1:1"], true),
        key("cognito-identity.amazonaws.com:amr", &amr, true),
    ];
    assert_eq!(persisting, expected);
}

#[test]
fn opaque_tokens_have_an_application_and_a_user() {
    let keys = |identity: WebIdentity| {
        let keys = identity.keys.into_iter();
        keys.map(|key| (key.key, key.values, key.persists)).collect::<Vec<_>>()
    };
    let amazon = WebIdentity::login_with_amazon("app", "user");
    assert_eq!((&*amazon.subject, &*amazon.audience), ("user", "app"));
    let expected = [
        key("www.amazon.com:app_id", &["app"], false),
        key("www.amazon.com:user_id", &["user"], false),
    ];
    assert_eq!(keys(amazon), expected);
    let expected = [
        key("graph.facebook.com:app_id", &["app"], false),
        key("graph.facebook.com:id", &["user"], true),
    ];
    assert_eq!(keys(WebIdentity::facebook("app", "user")), expected);
}

#[test]
fn tags_and_source_identity_come_along() {
    let claims = json!({
        "https://aws.amazon.com/tags": {
            "principal_tags": {"Project": ["Automation"]}, "transitive_tag_keys": ["Project"],
        },
        "https://aws.amazon.com/source_identity": "Ana",
    });
    let identity = outcome(&claims, &expected("idp.example/realm", &["client"])).unwrap();
    assert_eq!(identity.tags, [("Project".to_owned(), "Automation".to_owned())]);
    assert_eq!(identity.transitive_tag_keys, ["Project"]);
    assert_eq!(identity.source_identity.as_deref(), Some("Ana"));
}
