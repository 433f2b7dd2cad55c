//! Servers with the same key file and the same seed: what one issues, all accept.

use std::fs;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use aws_sdk_sts::types::ProvidedContext;
use daypass::{Builder, Daypass, Seed};
use daypass_tests::{Refused, Sent, World, invalid_token, refusal, session_keys};
use serde_json::{Value, json};

const SEED: &str = r#"
[[accounts]]
id = "123456789012"

[[accounts.users]]
name = "carol"
id = "AIDACKCEVSQ6C2EXAMPLE"
access_keys = [{ id = "AKIAEXAMPLECAROL0001", secret = "carol's secret" }]
inline_policies.everything = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}'

[[accounts.roles]]
name = "lasting"
id = "AROACKCEVSQ6C2EXAMPLE"
trust_policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012", "Service": "lambda.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:SetContext"]}}'
inline_policies.itself = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}'

[[accounts.roles]]
name = "passing"
trust_policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}}'
"#;

#[tokio::test]
async fn sessions_are_good_at_every_server_that_knows_their_role_or_user() {
    let (ours, others) = (KeyFile::new("ours"), KeyFile::new("others"));
    let first = server(&ours).await;
    let carol = Credentials::from_keys("AKIAEXAMPLECAROL0001", "carol's secret", None);
    let own = first.session_of(&carol).await;
    let lasting = assume(&first, "lasting").await;
    let passing = assume(&first, "passing").await;
    let identities = [first.identity(&own).await, first.identity(&lasting).await];
    assert_eq!(identities[1][1], "AROACKCEVSQ6C2EXAMPLE:session");

    let second = server(&ours).await;
    assert_eq!([second.identity(&own).await, second.identity(&lasting).await], identities);
    let call = second.sts(&passing).get_caller_identity().send().await;
    assert_eq!(call.refused(), invalid_token(), "its role is a namesake");

    let stranger = server(&others).await;
    for keys in [&own, &lasting] {
        let call = stranger.sts(keys).get_caller_identity().send().await;
        assert_eq!(call.refused(), invalid_token(), "another deployment's keys");
    }

    // After a restart, too: and what ended here has ended here.
    first.daypass.shutdown().await;
    let again = server(&ours).await;
    assert_eq!(again.identity(&lasting).await, identities[1]);
    let iam = again.iam(&again.root());
    let policy = iam.delete_role_policy().role_name("lasting").policy_name("itself");
    policy.send().await.unwrap();
    iam.delete_role().role_name("lasting").send().await.unwrap();
    let call = again.sts(&lasting).get_caller_identity().send().await;
    assert_eq!(call.refused(), invalid_token());
}

/// Whatever was issued while anybody could be root, also by way of a key that they made: a restart
/// without the well-known keys, with the same key file and seed, takes none of it.
#[tokio::test]
async fn no_session_outlives_the_well_known_keys() {
    let file = KeyFile::new("well-known");
    let open = server(&file).await;
    let root = open.root();
    let made = open.access_key("carol").await;
    let mut sessions = vec![
        ("GetSessionToken", open.session_of(&root).await),
        ("GetSessionToken with a key that was made", open.session_of(&made).await),
        ("AssumeRole", assume(&open, "lasting").await),
    ];
    let chained = open.sts(&sessions[2].1).assume_role().role_session_name("chained");
    let chained = chained.role_arn(LASTING).send().await.unwrap();
    sessions.push(("a chained role", session_keys(chained.credentials)));
    let federated = open.sts(&root).get_federation_token().name("guest").send().await.unwrap();
    sessions.push(("GetFederationToken", session_keys(federated.credentials)));
    let host = open.daypass.address().to_string();
    let wish = json!({
        "service": "lambda.amazonaws.com", "roleArn": LASTING, "roleSessionName": "resize",
    });
    let ask = |path: &str, wish: &Value| Sent {
        body: wish.to_string(),
        ..Sent::bare("POST", &host, path)
    };
    let given: Value =
        serde_json::from_str(&ask("/_daypass/service-calls", &wish).to(&open).await.body).unwrap();
    let member = |name: &str| given[name].as_str().unwrap_or_else(|| panic!("{given}")).to_owned();
    let keys = Credentials::from_keys(
        member("AccessKeyId"),
        member("SecretAccessKey"),
        Some(member("SessionToken")),
    );
    sessions.push(("a service's call", keys));
    for (name, session) in &sessions {
        assert!(open.sts(session).get_caller_identity().send().await.is_ok(), "{name}");
    }
    let wish = json!({"userId": "544894e8-80c1-707f-60e3-3ba6510dfac1"});
    let context: Value =
        serde_json::from_str(&ask("/_daypass/context-assertions", &wish).to(&open).await.body)
            .unwrap();
    let assertion = context["contextAssertion"].as_str().unwrap();
    open.daypass.shutdown().await;

    let own_keys = closed(&file).await;
    for (name, session) in &sessions {
        let call = own_keys.sts(session).get_caller_identity().send().await;
        assert_eq!(call.refused(), invalid_token(), "{name}");
    }
    // What is issued there goes on to be good.
    let carol = Credentials::from_keys("AKIAEXAMPLECAROL0001", "carol's secret", None);
    let session = own_keys.session_of(&carol).await;
    let role = assume_by(&own_keys, &session, "lasting").await;
    let again = closed(&file).await;
    for keys in [&session, &role] {
        assert_eq!(again.identity(keys).await, own_keys.identity(keys).await);
    }
    let provided = ProvidedContext::builder()
        .provider_arn("arn:aws:iam::aws:contextProvider/IdentityCenter")
        .context_assertion(assertion)
        .build();
    let call = own_keys.sts(&carol).assume_role().role_arn(LASTING).role_session_name("app");
    let refused = call.provided_contexts(provided).send().await.refused();
    let message = "The context assertion is invalid.";
    assert_eq!(refused, refusal(400, "ValidationError", message.to_owned()));
}

async fn server(keys: &KeyFile) -> World {
    World::of(builder(keys)).await
}

async fn closed(keys: &KeyFile) -> World {
    World::of(builder(keys).well_known_keys(false)).await
}

fn builder(keys: &KeyFile) -> Builder {
    let seed = Seed::from_toml("seed.toml", SEED).unwrap();
    Daypass::builder().seed(seed).key_file(&keys.0)
}

async fn assume(world: &World, role: &str) -> Credentials {
    assume_by(world, &world.root(), role).await
}

async fn assume_by(world: &World, keys: &Credentials, role: &str) -> Credentials {
    let call = world.sts(keys).assume_role().role_session_name("session");
    let call = call.role_arn(format!("arn:aws:iam::123456789012:role/{role}"));
    session_keys(call.send().await.unwrap().credentials)
}

const LASTING: &str = "arn:aws:iam::123456789012:role/lasting";

/// A file that is not there yet, and not any more after the test.
struct KeyFile(PathBuf);

impl KeyFile {
    fn new(name: &str) -> Self {
        let name = format!("several-servers-{name}-{}", std::process::id());
        Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
