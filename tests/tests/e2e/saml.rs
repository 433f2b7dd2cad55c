//! Roles for whoever brings a SAML response of their company's identity provider. Most responses
//! here are signed by another library (`fixtures/federation/saml/make.py`), and good at one time
//! only: the service clock stands there.

use std::fs;
use std::path::PathBuf;

use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role_with_saml::{
    AssumeRoleWithSAMLError, AssumeRoleWithSamlOutput,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_federation::saml::sign::{self, NewResponse, SigningKey};
use daypass_ident::{Clock, SystemClock};
use daypass_tests::{Refusal, Refused, World, allow, policy, refusal, session_keys};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/Developer";
pub(crate) const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Example";

#[tokio::test]
async fn a_response_opens_a_session_without_any_credentials() {
    let world = start(json!({}), &[]).await;
    let given = assume(&world, &fixture("signxml-assertion")).await.unwrap();
    assert_eq!(given.subject(), Some("ana@example.com"));
    assert_eq!(given.issuer(), Some("https://idp.example.com/metadata"));
    assert_eq!(given.audience(), Some("https://signin.aws.amazon.com/saml"));
    assert!(given.name_qualifier().is_some_and(|hash| hash.len() == 28));
    let user = given.assumed_role_user().unwrap();
    assert_eq!(user.arn(), "arn:aws:sts::123456789012:assumed-role/Developer/ana");

    let keys = session_keys(given.credentials.clone());
    let [arn, id, _] = world.identity(&keys).await;
    assert_eq!((&*arn, &*id), (user.arn(), user.assumed_role_id()));
}

#[tokio::test]
async fn every_response_of_the_collection_gets_its_answer() {
    let world = start(json!({}), &["sts:TagSession", "sts:SetSourceIdentity"]).await;
    let cases: Vec<Value> = serde_json::from_str(&file("cases.json")).unwrap();
    // Some cases are of other providers.
    let of_others = ["metadata", "encrypted", "decryption_keys"];
    let ours = cases.iter().filter(|case| of_others.iter().all(|name| case[*name].is_null()));
    // An `&` in a tag: signed well, and nothing that STS takes.
    let ours = ours.filter(|case| case["name"] != "attributes");
    let mut wrong = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for case in ours {
        let name = case["name"].as_str().unwrap();
        let now = case["now"].as_str().unwrap_or(NOW);
        world.daypass.clock().set(DateTime::from_str(now, Format::DateTime).unwrap());
        let good = case["expected"] == "accepted";
        match assume(&world, &fixture(name)).await {
            Ok(_) if good => accepted += 1,
            Err(_) if !good => refused += 1,
            answer => wrong.push(format!("{name}: {answer:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 10 && refused > 50, "{accepted} accepted, {refused} refused");
}

#[tokio::test]
async fn the_trust_policy_asks_what_the_provider_says() {
    let world = start(json!({ "StringEquals": { "SAML:aud": "https://x.example" } }), &[]).await;
    let denied = refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML");
    let response = fixture("signxml-assertion");
    assert_eq!(assume(&world, &response).await.refused(), denied);
    let iam = world.iam(&world.root());
    let trust = trust(json!({ "StringEquals": { "SAML:sub": "ana@example.com" } }), &[]);
    let call = iam.update_assume_role_policy().role_name("Developer");
    call.policy_document(policy(trust)).send().await.unwrap();
    assume(&world, &response).await.unwrap();
}

#[tokio::test]
async fn a_response_is_good_for_five_minutes() {
    let world = start(json!({}), &[]).await;
    let response = fixture("signxml-assertion");
    assume(&world, &response).await.unwrap();
    world.daypass.clock().advance(600);
    let message = "Token must be redeemed within 5 minutes of issuance";
    let late = assume(&world, &response).await.refused();
    assert_eq!(late, refusal(400, "ExpiredTokenException", message));
    let invalid = |message| refusal(400, "InvalidIdentityToken", message);
    let answer = assume(&world, "not base64").await.refused();
    assert_eq!(answer, invalid("Invalid base64 SAMLResponse"));
    let call = anonymous(&world).assume_role_with_saml().role_arn(ROLE);
    let call = call.principal_arn(PROVIDER.replace("Example", "Other")).saml_assertion(response);
    assert_eq!(call.send().await.refused(), invalid("Specified provider doesn't exist"));
}

/// With a provider of the test's own, that signs what it likes.
#[tokio::test]
async fn a_session_keeps_who_it_was_and_what_the_provider_gave_it() {
    let world = World::start().await;
    let now = SystemClock.now();
    let key = SigningKey::generate().unwrap();
    let certificate = key.certificate("idp", now).unwrap();
    let metadata = sign::metadata("https://corp.example", &certificate, "https://corp.example/sso");
    let iam = world.iam(&world.root());
    let call = iam.create_saml_provider().name("Example").saml_metadata_document(metadata);
    call.send().await.unwrap();
    world.role("Developer", trust(json!({}), &["sts:TagSession", "sts:SetSourceIdentity"])).await;
    let mut statement = allow("iam:ListUsers", "*");
    statement["Condition"] = json!({
        "StringEquals": {
            "SAML:sub": "ana",
            "SAML:sub_type": "transient",
            "aws:PrincipalTag/team": "red",
            "aws:SourceIdentity": "ana",
            "aws:FederatedProvider": PROVIDER,
        },
        "Null": { "SAML:iss": "true" },
    });
    let call = iam.put_role_policy().role_name("Developer").policy_name("federated");
    call.policy_document(policy(statement)).send().await.unwrap();

    let attribute = |name: &str, value: &str| {
        (format!("https://aws.amazon.com/SAML/Attributes/{name}"), vec![value.to_owned()])
    };
    let response = |team: &str| {
        let attributes = [
            attribute("Role", &format!("{PROVIDER},{ROLE}")),
            attribute("RoleSessionName", "ana"),
            attribute("SessionDuration", "1800"),
            attribute("PrincipalTag:team", team),
            attribute("TransitiveTagKeys", "team"),
            attribute("SourceIdentity", "ana"),
        ];
        let response = NewResponse {
            id: "_response",
            assertion_id: "_assertion",
            issuer: "https://corp.example",
            recipient: "https://eu-west-1.signin.aws.amazon.com/saml",
            audience: "urn:amazon:webservices",
            in_response_to: None,
            subject: "ana",
            subject_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
            attributes: &attributes,
            issued: now,
            lifetime: 300,
            session_not_on_or_after: None,
        };
        response.sign(&key, Some(&certificate)).unwrap()
    };
    let red = assume(&world, &response("red")).await.unwrap();
    assert_eq!(red.source_identity(), Some("ana"));
    let left = red.credentials().unwrap().expiration().secs() - now.secs();
    assert!((1_800..1_830).contains(&left), "{left}");
    let red = session_keys(red.credentials);
    world.iam(&red).list_users().send().await.unwrap();

    let blue = assume(&world, &response("blue")).await.unwrap();
    let Refusal { code, .. } =
        world.iam(&session_keys(blue.credentials)).list_users().send().await.refused();
    assert_eq!(code, "AccessDenied");
}

type Answer = Result<AssumeRoleWithSamlOutput, SdkError<AssumeRoleWithSAMLError, HttpResponse>>;

/// When the responses of the collection are good.
pub(crate) const NOW: &str = "2026-01-15T12:01:00Z";

/// A world at that time, with the provider of the collection and the role that it speaks of.
pub(crate) async fn start(condition: Value, more: &[&str]) -> World {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let call = iam.create_saml_provider().name("Example");
    let call = call.saml_metadata_document(file("metadata.xml"));
    call.add_private_key(file("provider-key.pem")).send().await.unwrap();
    world.role("Developer", trust(condition, more)).await;
    let call = iam.update_role().role_name("Developer").max_session_duration(43_200);
    call.send().await.unwrap();
    world.daypass.clock().freeze(DateTime::from_str(NOW, Format::DateTime).unwrap());
    world
}

fn trust(condition: Value, more: &[&str]) -> Value {
    let mut actions = vec!["sts:AssumeRoleWithSAML"];
    actions.extend(more);
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": PROVIDER },
        "Action": actions,
        "Condition": condition,
    })
}

async fn assume(world: &World, response: &str) -> Answer {
    let call = anonymous(world).assume_role_with_saml().role_arn(ROLE).principal_arn(PROVIDER);
    call.saml_assertion(response).send().await
}

/// STS for who has no credentials.
fn anonymous(world: &World) -> aws_sdk_sts::Client {
    let config = world.daypass.sdk_config("eu-central-1").into_builder();
    let mut config = config.http_client(world.http()).retry_config(RetryConfig::disabled());
    config.set_credentials_provider(None);
    aws_sdk_sts::Client::new(&config.build())
}

/// A response of the collection, as a browser would post it.
pub(crate) fn fixture(case: &str) -> String {
    STANDARD.encode(file(&format!("cases/{case}.xml")))
}

pub(crate) fn file(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/federation/saml");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
