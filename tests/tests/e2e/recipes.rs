//! `docs/recipes.md`, followed to the letter: its policies are saved by its commands, and what it
//! says to be allowed and refused is.

mod page;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_sts::types::Tag;
use daypass::{Daypass, OidcKeys};
use daypass_federation::oidc::Algorithm;
use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_ident::{Clock, SystemClock};
use daypass_tests::{ACCOUNT, Refusal, Refused, World, allow, refusal, session_keys};
use serde_json::{Value, json};
use tokio::process::Command;

use self::page::{document, issuer_in, pod_variables, root_of, set_up};
use crate::mfa::App;
use crate::web_identity::{TokenFile, anonymous};

#[tokio::test]
async fn github_actions() {
    let issuer = "https://token.actions.githubusercontent.com";
    assert_eq!(issuer_in("github.toml"), issuer);
    let (world, key) = world_with_keys_of(issuer).await;
    set_up(&world, "GitHub Actions").await;
    let token = |changes: Value| {
        let mut claims = json!({
            "sub": "repo:corp/app:ref:refs/heads/main",
            "aud": "sts.amazonaws.com",
            "repository": "corp/app",
            "ref": "refs/heads/main",
        });
        replace(&mut claims, changes);
        sign(&key, issuer, claims)
    };

    // `jq` ends the line, and the AWS CLI sends the file as it is.
    let session = vouched(&world, "deploy", &(token(json!({})) + "\n")).await.unwrap();
    assert_eq!(session, format!("arn:aws:sts::{ACCOUNT}:assumed-role/deploy/session"));
    for denied in [
        json!({ "sub": "repo:corp/app:pull_request", "ref": "refs/pull/1/merge" }),
        json!({ "sub": "repo:corp/app:ref:refs/heads/wip", "ref": "refs/heads/wip" }),
        json!({ "sub": "repo:mallory/app:ref:refs/heads/main", "repository": "mallory/app" }),
        json!({ "repository": "mallory/app" }),
    ] {
        let answer = vouched(&world, "deploy", &token(denied.clone())).await;
        assert_eq!(answer, Err(not_authorized()), "{denied}");
    }
    let other = token(json!({ "aud": "https://github.com/corp" }));
    let answer = vouched(&world, "deploy", &other).await;
    assert_eq!(answer, Err(invalid_token("Incorrect token audience")));
    let old = token(json!({}));
    world.pass(Duration::from_secs(600 + 300));
    let answer = vouched(&world, "deploy", &old).await;
    assert_eq!(answer.unwrap_err().code, "ExpiredTokenException");

    // What is said not to do is not even saved.
    let condition = &document("github-trust.json");
    let sub = "\"token.actions.githubusercontent.com:sub\": \"repo:corp/app:ref:refs/heads/main\"";
    let save = async |operator: &str, value: &str| {
        let claim = format!("\"token.actions.githubusercontent.com:{value}");
        let trust = condition.replace(sub, &claim).replace("StringEquals", operator);
        assert_ne!(&trust, condition);
        let call = world.iam(&world.root()).update_assume_role_policy().role_name("deploy");
        call.policy_document(trust).send().await
    };
    for (operator, value) in [
        ("StringEquals", "actor\": \"ana\""),
        ("StringLike", "sub\": \"*\""),
        ("StringLikeIfExists", "sub\": \"repo:corp/*\""),
        ("StringNotLike", "sub\": \"repo:corp/*\""),
    ] {
        let refused = save(operator, value).await.refused();
        assert_eq!(refused.code, "MalformedPolicyDocument", "{operator} {value}");
    }
    save("StringLike", "sub\": \"repo:*\"").await.unwrap();
    save("StringLike", "job_workflow_ref\": \"corp/ci/*\"").await.unwrap();
}

#[tokio::test]
async fn kubernetes_service_accounts() {
    let issuer = "https://kubernetes.default.svc.cluster.local";
    assert_eq!(issuer_in("cluster.toml"), issuer);
    let (world, key) = world_with_keys_of(issuer).await;
    set_up(&world, "Kubernetes service accounts").await;
    let checkout = "system:serviceaccount:shop:checkout";
    let token = |subject: &str, audience: &str| {
        sign(&key, issuer, json!({ "sub": subject, "aud": [audience] }))
    };
    let good = token(checkout, "sts.amazonaws.com");

    let file = TokenFile::of(&good, "pod");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["web_identity::inside_a_pod", "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .envs(pod_variables())
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", file.path())
        .env("AWS_ENDPOINT_URL", world.daypass.endpoint())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let expected = format!("identity: arn:aws:sts::{ACCOUNT}:assumed-role/checkout/");
    assert!(said.contains(&expected), "{said}");

    for subject in ["system:serviceaccount:shop:cart", "system:serviceaccount:test:checkout"] {
        let answer = vouched(&world, "checkout", &token(subject, "sts.amazonaws.com")).await;
        assert_eq!(answer, Err(not_authorized()), "{subject}");
    }
    let answer = vouched(&world, "checkout", &token(checkout, issuer)).await;
    assert_eq!(answer, Err(invalid_token("Incorrect token audience")));
    let namesake = SigningKey::generate(key.id(), Algorithm::Rs256).unwrap();
    let claims = json!({ "sub": checkout, "aud": ["sts.amazonaws.com"] });
    let answer = vouched(&world, "checkout", &sign(&namesake, issuer, claims)).await;
    assert_eq!(answer, Err(invalid_token("Token signature invalid")));
}

#[tokio::test]
async fn another_companys_account() {
    let world = World::start().await;
    set_up(&world, "Another company's account").await;
    let scanner = key_of(&world, "210987654321", "scanner").await;
    let assume = async |keys: &Credentials, external_id: Option<&str>| {
        let call = world.sts(keys).assume_role().role_arn(role("scanned-by-vendor"));
        let call = call.role_session_name("scan");
        call.set_external_id(external_id.map(str::to_owned)).send().await
    };

    let given = assume(&scanner, Some("customer-4711")).await.unwrap();
    world.iam(&session_keys(given.credentials)).list_users().send().await.unwrap();
    for wrong in [None, Some("customer-4712")] {
        let denied = assume(&scanner, wrong).await.refused();
        let arn = "arn:aws:iam::210987654321:user/scanner";
        assert_eq!(denied, may_not_assume(arn, "scanned-by-vendor"), "{wrong:?}");
    }
    let document = document("vendor-policy.json");
    for (account, user, policy) in
        [("210987654321", "intern", None), ("345678901234", "scanner", Some(document))]
    {
        let iam = world.iam(&root_of(account));
        iam.create_user().user_name(user).send().await.unwrap();
        if let Some(policy) = policy {
            let call = iam.put_user_policy().user_name(user).policy_name("scan");
            call.policy_document(policy).send().await.unwrap();
        }
        let keys = key_of(&world, account, user).await;
        let denied = assume(&keys, Some("customer-4711")).await.refused();
        let arn = format!("arn:aws:iam::{account}:user/{user}");
        assert_eq!(denied, may_not_assume(&arn, "scanned-by-vendor"));
    }
}

#[tokio::test]
async fn permissions_by_tag() {
    let world = World::start().await;
    set_up(&world, "Permissions by tag").await;
    let broker = world.access_key("broker").await;
    let assume = async |tags: &[(&str, &str)]| {
        let tags = tags.iter().map(|(key, value)| {
            let tag = Tag::builder().key(*key).value(*value);
            tag.build().unwrap()
        });
        let call = world.sts(&broker).assume_role().role_arn(role("team"));
        call.role_session_name("red").set_tags(Some(tags.collect())).send().await
    };

    let red = session_keys(assume(&[("team", "red")]).await.unwrap().credentials);
    let get = async |user: &str| world.iam(&red).get_user().user_name(user).send().await;
    get("rosa").await.unwrap();
    assert_eq!(get("bob").await.refused().code, "AccessDenied");
    let blue = session_keys(assume(&[("team", "blue")]).await.unwrap().credentials);
    world.iam(&blue).get_user().user_name("bob").send().await.unwrap();
    for tags in [&[][..], &[("team", "green")], &[("team", "red"), ("admin", "true")]] {
        let denied = assume(tags).await.refused();
        assert_eq!((denied.status, &*denied.code), (403, "AccessDenied"), "{tags:?}");
    }
}

#[tokio::test]
async fn break_glass_with_mfa() {
    let world = World::start().await;
    set_up(&world, "Break-glass with MFA").await;
    let alice = world.access_key("alice").await;
    let app = with_device(&world, "alice").await;
    let assume = |keys: &Credentials| {
        let call = world.sts(keys).assume_role().role_arn(role("break-glass"));
        call.role_session_name("fire")
    };
    let denied = || may_not_assume(&format!("arn:aws:iam::{ACCOUNT}:user/alice"), "break-glass");

    assert_eq!(assume(&alice).send().await.refused(), denied());
    let code = app.code(&world);
    let with_code = || assume(&alice).serial_number(&app.serial).token_code(&code);
    let session = session_keys(with_code().send().await.unwrap().credentials);
    world.iam(&session).create_user().user_name("fireman").send().await.unwrap();
    assert_eq!(with_code().send().await.refused().code, "AccessDenied");

    world.pass(Duration::from_secs(30));
    let call = world.sts(&alice).get_session_token().serial_number(&app.serial);
    let call = call.token_code(app.code(&world));
    let session = session_keys(call.send().await.unwrap().credentials);
    world.pass(Duration::from_secs(290));
    assume(&session).send().await.unwrap();
    world.pass(Duration::from_secs(30));
    assert_eq!(assume(&session).send().await.refused(), denied());

    let mallory = world.user("mallory").await;
    let app = with_device(&world, "mallory").await;
    world.permit("mallory", allow("sts:AssumeRole", "*")).await;
    let call = assume(&mallory).serial_number(&app.serial).token_code(app.code(&world));
    let mallory = format!("arn:aws:iam::{ACCOUNT}:user/mallory");
    assert_eq!(call.send().await.refused(), may_not_assume(&mallory, "break-glass"));
}

#[tokio::test]
async fn google_sign_in() {
    let issuer = "https://accounts.google.com";
    let (world, key) = world_with_keys_of(issuer).await;
    set_up(&world, "Google sign-in").await;
    let claims = |changes: Value| {
        let mut claims = json!({
            "sub": "110169484474386276334",
            "aud": "4711-server.apps.googleusercontent.com",
            "azp": "4711-phone.apps.googleusercontent.com",
        });
        replace(&mut claims, changes);
        claims
    };

    vouched(&world, "member", &sign(&key, issuer, claims(json!({})))).await.unwrap();
    for denied in [
        json!({ "azp": "4712-phone.apps.googleusercontent.com" }),
        json!({ "azp": null }),
        json!({ "aud": "4712-server.apps.googleusercontent.com" }),
        json!({ "sub": "110169484474386276335" }),
    ] {
        let token = sign(&key, issuer, claims(denied.clone()));
        let answer = vouched(&world, "member", &token).await;
        assert_eq!(answer, Err(not_authorized()), "{denied}");
    }
    let strange = SigningKey::generate(key.id(), Algorithm::Rs256).unwrap();
    let answer = vouched(&world, "member", &sign(&strange, issuer, claims(json!({})))).await;
    assert_eq!(answer, Err(invalid_token("Token signature invalid")));
}

/// A world that has the key of an issuer by configuration.
async fn world_with_keys_of(issuer: &str) -> (World, SigningKey) {
    let key = SigningKey::generate("key-1", Algorithm::Rs256).unwrap();
    let set = serde_json::to_vec(&[&key].into_iter().collect::<Jwks>()).unwrap();
    let keys = OidcKeys::parse(issuer, &set).unwrap();
    (World::of(Daypass::builder().oidc_keys(keys)).await, key)
}

/// A token of an issuer, good for ten minutes. A claim that is null is left out.
fn sign(key: &SigningKey, issuer: &str, claims: Value) -> String {
    let now = SystemClock.now().secs();
    let mut all = json!({ "iss": issuer, "iat": now, "exp": now + 600 });
    replace(&mut all, claims);
    all.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    key.sign(&all).unwrap()
}

fn replace(claims: &mut Value, changes: Value) {
    let Value::Object(changes) = changes else { panic!("claims are an object") };
    claims.as_object_mut().unwrap().extend(changes);
}

/// Shows a token, and gives the ARN that its session says it is.
async fn vouched(world: &World, name: &str, token: &str) -> Result<String, Refusal> {
    let call = anonymous(world).assume_role_with_web_identity().role_arn(role(name));
    match call.role_session_name("session").web_identity_token(token).send().await {
        Ok(given) => {
            let [arn, ..] = world.identity(&session_keys(given.credentials)).await;
            Ok(arn)
        }
        refused => Err(refused.refused()),
    }
}

/// An authenticator that is enabled for a user.
async fn with_device(world: &World, user: &str) -> App {
    let iam = world.iam(&world.root());
    let made = iam.create_virtual_mfa_device().virtual_mfa_device_name(user).send().await.unwrap();
    let app = App::of(&made.virtual_mfa_device.unwrap());
    let [one, two] = app.next_codes(world);
    let call = iam.enable_mfa_device().user_name(user).serial_number(&app.serial);
    call.authentication_code1(one).authentication_code2(two).send().await.unwrap();
    app
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

async fn key_of(world: &World, account: &str, user: &str) -> Credentials {
    let iam = world.iam(&root_of(account));
    let made = iam.create_access_key().user_name(user).send().await.unwrap();
    let key = made.access_key.unwrap();
    Credentials::from_keys(key.access_key_id, key.secret_access_key, None)
}

fn not_authorized() -> Refusal {
    refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
}

fn invalid_token(message: &str) -> Refusal {
    refusal(400, "InvalidIdentityToken", message)
}

fn may_not_assume(caller: &str, name: &str) -> Refusal {
    let role = role(name);
    let message =
        format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}");
    refusal(403, "AccessDenied", message)
}
