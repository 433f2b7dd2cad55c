//! The account as an identity provider to others: tokens that say who their caller is, and what
//! somebody who knows nothing of daypass needs to verify them.

use aws_sdk_sts::operation::get_web_identity_token::GetWebIdentityTokenOutput;
use daypass::{Daypass, KeyFile, Seed};
use daypass_ident::{SystemClock, SystemIds};
use daypass_tests::{Answer, Refused, Sent, World, allow, refusal};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

#[tokio::test]
async fn who_is_shown_a_token_verifies_it_with_what_its_issuer_publishes() {
    let world = World::start().await;
    let issuer = enable(&world).await;
    assert!(issuer.starts_with(&format!("{}/_daypass/issuers/", world.daypass.endpoint())));
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:GetWebIdentityToken", "*")).await;

    let address = world.daypass.address().to_string();
    let path = |url: &str| url.strip_prefix(world.daypass.endpoint()).unwrap().to_owned();
    let discovery = path(&issuer) + "/.well-known/openid-configuration";
    let discovery = read(Sent::bare("GET", &address, &discovery).to(&world).await);
    assert_eq!(discovery["issuer"], *issuer);
    assert_eq!(discovery["id_token_signing_alg_values_supported"], json!(["RS256", "ES384"]));
    let keys = path(discovery["jwks_uri"].as_str().unwrap());
    let keys = read(Sent::bare("GET", &address, &keys).to(&world).await);
    let keys: JwkSet = serde_json::from_value(keys).unwrap();

    for (name, algorithm) in [("RS256", Algorithm::RS256), ("ES384", Algorithm::ES384)] {
        let call = world.sts(&alice).get_web_identity_token().audience("https://api.example.com");
        let output = call.signing_algorithm(name).send().await.unwrap();
        let claims = verify(&output, &keys, algorithm, &issuer);
        assert_eq!(claims["sub"], "arn:aws:iam::123456789012:user/alice");
        assert_eq!(claims["exp"], output.expiration().unwrap().secs());
        assert_eq!(claims["https://sts.amazonaws.com/"]["source_region"], "eu-central-1");
    }
}

#[tokio::test]
async fn a_strict_deployment_has_issuers_of_awss_form() {
    let world = World::of(Daypass::builder().strict(true)).await;
    let issuer = enable(&world).await;
    let host = issuer.strip_prefix("https://").unwrap();
    assert!(host.ends_with(".tokens.sts.global.api.aws"), "{host}");
    let told = Sent::bare("GET", host, "/.well-known/openid-configuration").to(&world).await;
    assert_eq!(read(told)["issuer"], *issuer);
    let keys = Sent::bare("GET", host, "/.well-known/jwks.json").to(&world).await;
    let keys: JwkSet = serde_json::from_value(read(keys)).unwrap();

    let call = world.sts(&world.root()).get_web_identity_token();
    let call = call.audience("https://api.example.com").audience("two").signing_algorithm("ES384");
    let claims = verify(&call.send().await.unwrap(), &keys, Algorithm::ES384, &issuer);
    assert_eq!(claims["aud"], json!(["https://api.example.com", "two"]));
}

#[tokio::test]
async fn disabling_ends_the_giving_of_tokens_and_not_their_verification() {
    let world = World::start().await;
    let issuer = enable(&world).await;
    let iam = world.iam(&world.root());
    let ask = async || {
        let call = world.sts(&world.root()).get_web_identity_token();
        call.audience("me").signing_algorithm("ES384").send().await
    };
    ask().await.unwrap();
    let again = iam.enable_outbound_web_identity_federation().send().await.refused();
    assert_eq!((again.status, &*again.code), (409, "FeatureEnabled"));

    iam.disable_outbound_web_identity_federation().send().await.unwrap();
    let message = "OutboundWebIdentityFederation is disabled.";
    let code = "OutboundWebIdentityFederationDisabledException";
    assert_eq!(ask().await.refused(), refusal(403, code, message));
    let info = iam.get_outbound_web_identity_federation_info().send().await.refused();
    assert_eq!((info.status, &*info.code), (404, "FeatureDisabled"));
    let path = issuer.strip_prefix(world.daypass.endpoint()).unwrap();
    let keys = format!("{path}/.well-known/jwks.json");
    let address = world.daypass.address().to_string();
    assert_eq!(Sent::bare("GET", &address, &keys).to(&world).await.status, 200);

    assert_eq!(enable(&world).await, issuer);
    ask().await.unwrap();
}

/// Somebody shown a token before a restart asks the server that is there after it, or another one behind
/// the same proxy.
#[tokio::test]
async fn with_a_key_file_a_token_is_verified_after_a_restart_and_at_every_server() {
    let name = format!("issuer-keys-{}", std::process::id());
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let seed = format!(
        "[[accounts]]\nid = \"123456789012\"\n\
         outbound_web_identity_federation = {{ issuer_id = \"{ISSUER_ID}\" }}\n"
    );
    let server = || {
        let seed = Seed::from_toml("seed.toml", &*seed).unwrap();
        let public = "https://aws.example.com".parse().unwrap();
        World::of(Daypass::builder().seed(seed).key_file(&path).public_url(public))
    };
    let issuer = format!("https://aws.example.com/_daypass/issuers/{ISSUER_ID}");
    let token = async |world: &World, algorithm| {
        let call = world.sts(&world.root()).get_web_identity_token();
        let call = call.audience("https://api.example.com").signing_algorithm(algorithm);
        call.send().await.unwrap()
    };

    let first = server().await;
    let (rsa, ec) = (token(&first, "RS256").await, token(&first, "ES384").await);
    let (published, told) = published(&first).await;
    assert_eq!(told["issuer"], *issuer);
    assert_eq!(told["jwks_uri"], format!("{issuer}/.well-known/jwks.json"));
    first.daypass.shutdown().await;

    let (second, third) = (server().await, server().await);
    for world in [&second, &third] {
        let keys = self::published(world).await.0;
        assert_eq!(keys, published);
        verify(&rsa, &keys, Algorithm::RS256, &issuer);
        verify(&ec, &keys, Algorithm::ES384, &issuer);
    }

    // After a rotation new keys sign, and tokens of before are still verified.
    let file = KeyFile::at(path.clone());
    file.rotate(None, &SystemIds, &SystemClock).unwrap();
    second.daypass.reload_keys().unwrap();
    let newer = token(&second, "RS256").await;
    let rotated = self::published(&second).await.0;
    let names: Vec<_> = rotated.keys.iter().map(|key| key.common.key_id.as_deref()).collect();
    assert_eq!(names, ["RSA_1", "EC384_1", "RSA_0", "EC384_0"].map(Some));
    verify(&newer, &rotated, Algorithm::RS256, &issuer);
    verify(&rsa, &rotated, Algorithm::RS256, &issuer);
    let kid = decode_header(newer.web_identity_token().unwrap()).unwrap().kid.unwrap();
    assert!(self::published(&third).await.0.find(&kid).is_none(), "it was not told");

    // After a leak the old ones are gone.
    file.rotate(Some(0), &SystemIds, &SystemClock).unwrap();
    third.daypass.reload_keys().unwrap();
    assert_eq!(self::published(&third).await.0.keys.len(), 2);
    std::fs::remove_file(path).unwrap();
}

/// The keys and the discovery document of the issuer in the seed, as its proxy reads them.
async fn published(world: &World) -> (JwkSet, Value) {
    let address = world.daypass.address().to_string();
    let folder = format!("/_daypass/issuers/{ISSUER_ID}/.well-known/");
    let ask = async |name: &str| {
        read(Sent::bare("GET", &address, &format!("{folder}{name}")).to(world).await)
    };
    let keys = serde_json::from_value(ask("jwks.json").await).unwrap();
    (keys, ask("openid-configuration").await)
}

const ISSUER_ID: &str = "d7a9c1e0-3b52-4f6a-9c7e-0123456789ab";

#[tokio::test]
async fn nothing_is_published_for_an_issuer_that_there_is_not() {
    let world = World::start().await;
    let address = world.daypass.address().to_string();
    let path = "/_daypass/issuers/d7a9/.well-known/jwks.json";
    let told = Sent::bare("GET", &address, path).to(&world).await;
    assert_eq!(
        (told.status.as_u16(), &*told.body),
        (404, "{\"message\": \"no account is this issuer\"}\n")
    );
}

/// Lets the account give tokens. Answers its issuer.
async fn enable(world: &World) -> String {
    let iam = world.iam(&world.root());
    let enabled = iam.enable_outbound_web_identity_federation().send().await.unwrap();
    let info = iam.get_outbound_web_identity_federation_info().send().await.unwrap();
    assert_eq!(
        (info.jwt_vending_enabled(), info.issuer_identifier()),
        (true, enabled.issuer_identifier())
    );
    enabled.issuer_identifier.unwrap()
}

/// The claims of a token, verified as its audience would.
fn verify(
    output: &GetWebIdentityTokenOutput,
    keys: &JwkSet,
    algorithm: Algorithm,
    issuer: &str,
) -> Value {
    let token = output.web_identity_token().unwrap();
    let key = keys.find(&decode_header(token).unwrap().kid.unwrap()).unwrap();
    let mut expected = Validation::new(algorithm);
    expected.set_issuer(&[issuer]);
    expected.set_audience(&["https://api.example.com"]);
    decode(token, &DecodingKey::from_jwk(key).unwrap(), &expected).unwrap().claims
}

fn read(answer: Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    serde_json::from_str(&answer.body).unwrap()
}
