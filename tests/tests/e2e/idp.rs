//! Federation with nothing but daypass: its identity provider vouches, its STS believes what verifies.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityOutput;
use daypass::{Daypass, IdpSettings};
use daypass_tests::{Answer, Refused, Sent, World, daypass, policy, run, session_keys};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const SETTINGS: &str = r#"
listen = "127.0.0.1:0"
[[users]]
name = "alice"
password = "wonderland"
claims = { email = "alice@example.com" }
tags = { team = "red" }
transitive_tag_keys = ["team"]
source_identity = "alice-1"
roles = ["arn:aws:iam::123456789012:role/dev,arn:aws:iam::123456789012:saml-provider/Idp"]
[[clients]]
id = "my-app"
secret = "s3cret"
redirect_uris = ["http://localhost:8080/callback"]
"#;

#[tokio::test]
async fn a_password_opens_a_session_with_the_tags_of_its_user() {
    let world = start().await;
    let form = "grant_type=password&username=alice&password=wonderland&client_id=my-app\
                &client_secret=s3cret";
    let tokens: Value = serde_json::from_str(&ask(&world, "/token", form).await.body).unwrap();
    let token = tokens["id_token"].as_str().unwrap();
    let given = assume(&world, token).await.unwrap();
    assert_eq!(given.subject_from_web_identity_token(), Some("alice"));
    assert_eq!(given.audience(), Some("my-app"));
    assert_eq!(given.source_identity(), Some("alice-1"));
    let arn = given.assumed_role_user().unwrap().arn().to_owned();
    assert_eq!(arn, "arn:aws:sts::123456789012:assumed-role/dev/session");
    let keys = session_keys(given.credentials);
    assert_eq!(world.identity(&keys).await[0], arn);
    // Only who has the tag may do this.
    world.iam(&keys).list_users().send().await.unwrap();
    let refused = world.iam(&keys).list_roles().send().await.refused();
    assert_eq!(refused.code, "AccessDenied");
}

#[tokio::test]
async fn a_browsers_code_opens_a_session_once() {
    let world = start().await;
    let request = "response_type=code&client_id=my-app&state=s\
                   &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback";
    let page = get(&world, &format!("/authorize?{request}")).await;
    assert!(page.body.contains("<option>alice</option>"), "{}", page.body);
    let form = format!("{request}&user=alice&password=wonderland");
    let sent = ask(&world, "/authorize", &form).await;
    let (_, answer) = sent.header("location").split_once("/callback?code=").unwrap();
    let (code, _) = answer.split_once("&state=s").unwrap();
    let form = format!(
        "grant_type=authorization_code&code={code}&client_id=my-app&client_secret=s3cret\
         &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback"
    );
    let tokens: Value = serde_json::from_str(&ask(&world, "/token", &form).await.body).unwrap();
    assume(&world, tokens["id_token"].as_str().unwrap()).await.unwrap();
    let again = ask(&world, "/token", &form).await;
    assert_eq!(again.status, 400);
    assert!(again.body.contains("invalid_grant"), "{}", again.body);
}

#[tokio::test]
async fn a_browser_carries_a_response_that_opens_a_session() {
    let world = start().await;
    let iam = world.iam(&world.root());
    let metadata = get(&world, "/saml/metadata").await.body;
    let create = iam.create_saml_provider().name("Idp").saml_metadata_document(metadata);
    let provider = create.send().await.unwrap().saml_provider_arn.unwrap();
    let actions = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"];
    let trust = json!({"Effect": "Allow", "Principal": {"Federated": provider}, "Action": actions});
    let update = iam.update_assume_role_policy().role_name("dev");
    update.policy_document(policy(trust)).send().await.unwrap();

    assert!(get(&world, "/saml/sso").await.body.contains("<option>alice</option>"));
    let page = ask(&world, "/saml/sso", "user=alice&password=wonderland").await.body;
    let own = format!("http://{}/saml", world.daypass.address());
    assert!(page.contains(&format!("action=\"{own}\"")), "{page}");
    let (_, response) = page.split_once("name=\"SAMLResponse\" value=\"").unwrap();
    let (response, _) = response.split_once('"').unwrap();
    // What the browser then posts there.
    let form = utf8_percent_encode(response, NON_ALPHANUMERIC);
    let form = Sent::form("localhost", &format!("SAMLResponse={form}"));
    let signed_in = Sent { target: "/saml".to_owned(), ..form }.to(&world).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
    let arn = "<dd>arn:aws:sts::123456789012:assumed-role/dev/alice</dd>";
    assert!(signed_in.body.contains(arn), "{}", signed_in.body);
    // What a program does with it.
    let call = world.sts(&world.root()).assume_role_with_saml().saml_assertion(response);
    let call = call.role_arn("arn:aws:iam::123456789012:role/dev").principal_arn(&provider);
    let given = call.send().await.unwrap();
    assert_eq!((given.subject(), given.subject_type()), (Some("alice"), Some("persistent")));
    assert_eq!(given.source_identity(), Some("alice-1"));
    let keys = session_keys(given.credentials);
    let arn = "arn:aws:sts::123456789012:assumed-role/dev/alice";
    assert_eq!(world.identity(&keys).await[0], arn);
    world.iam(&keys).list_users().send().await.unwrap();
}

#[tokio::test]
async fn the_provider_goes_by_the_service_clock_and_says_what_it_is_told() {
    let world = start().await;
    let idp = world.daypass.idp().unwrap();
    let token = |more: Value| idp.id_token("alice", None, more.as_object().unwrap()).unwrap();
    let earlier = token(json!({}));
    world.pass(Duration::from_secs(100_000));
    assert_eq!(assume(&world, earlier.expose()).await.refused().code, "ExpiredTokenException");
    assert!(assume(&world, token(json!({})).expose()).await.is_ok());
    for wrong in [json!({"aud": "other"}), json!({"iss": "http://127.0.0.1:1"}), json!({"exp": 1})]
    {
        assert!(assume(&world, token(wrong.clone()).expose()).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn the_command_mints_what_a_server_with_the_same_file_accepts() {
    let (config, key_file) = (scratch("idp.toml"), scratch("idp-key.pem"));
    let _ = fs::remove_file(&key_file);
    let text = format!("[idp]\nkey_file = \"idp-key.pem\"\n{SETTINGS}").replace("[[", "[[idp.");
    fs::write(&config, text).unwrap();
    let mint = async |issuer: &str, arguments: &[&'static str]| {
        let common = ["--config", path(&config), "--issuer", issuer];
        let arguments = ["idp"].into_iter().chain(arguments.iter().copied()).chain(common);
        let output = run(daypass(arguments)).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    // Whoever comes first makes the key.
    assert!(!key_file.exists());
    let elsewhere = mint("https://idp.example", &["token", "--user", "alice"]).await;
    let mut settings: IdpSettings = toml::from_str(SETTINGS).unwrap();
    settings.key_file = Some(key_file);
    let world = World::of(Daypass::builder().idp(settings)).await;
    trust(&world).await;
    assert!(assume(&world, &elsewhere).await.is_err());

    let issuer = world.daypass.idp().unwrap().issuer().to_owned();
    let token = mint(&issuer, &["token", "--user", "alice"]).await;
    assume(&world, &token).await.unwrap();
    let late = mint(&issuer, &["token", "--user", "alice", "--claim", "exp=1"]).await;
    assert!(assume(&world, &late).await.is_err());
    let served = get(&world, "/saml/metadata").await.body;
    assert_eq!(mint(&issuer, &["metadata"]).await, served);
    let made = world.iam(&world.root()).create_saml_provider().name("Idp");
    made.saml_metadata_document(&served).send().await.unwrap();
    assert!(!mint(&issuer, &["assertion", "--user", "alice"]).await.is_empty());
}

#[tokio::test]
async fn the_command_says_what_it_lacks() {
    for (arguments, why) in [
        (&["idp", "token", "--user", "alice"][..], "--key-file"),
        (&["idp", "token"], "--user"),
        (&["idp", "--listen", "0.0.0.0:0"], "beyond_loopback"),
        (&["idp", "token", "--user", "alice", "--claim", "x"], "NAME=VALUE"),
        (&["idp", "--config", "no-such-file.toml"], "no-such-file.toml"),
    ] {
        let output = run(daypass(arguments.iter().copied())).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(why), "{arguments:?}: {said}");
    }
    let key_file = scratch("idp-other-key.pem");
    let eve = ["idp", "token", "--user", "eve", "--key-file", path(&key_file)];
    let said = String::from_utf8(run(daypass(eve)).await.stderr).unwrap();
    assert!(said.contains("no user \"eve\"; the settings know alice"), "{said}");
    let help = String::from_utf8(run(daypass(["idp", "--help"])).await.stdout).unwrap();
    for word in ["create-open-id-connect-provider", "assume-role-with-web-identity", "metadata"] {
        assert!(help.contains(word), "{word} in {help}");
    }
}

/// A world with a provider, which the role `dev` trusts.
async fn start() -> World {
    let world = World::of(Daypass::builder().idp(toml::from_str(SETTINGS).unwrap())).await;
    trust(&world).await;
    world
}

async fn trust(world: &World) {
    let iam = world.iam(&world.root());
    let issuer = world.daypass.idp().unwrap().issuer();
    let create = iam.create_open_id_connect_provider().url(issuer).client_id_list("my-app");
    let provider = create.send().await.unwrap().open_id_connect_provider_arn.unwrap();
    let actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"];
    let trust = json!({"Effect": "Allow", "Principal": {"Federated": provider}, "Action": actions});
    world.role("dev", trust).await;
    let allowed = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}},
    }});
    let put = iam.put_role_policy().role_name("dev").policy_name("tagged");
    put.policy_document(allowed.to_string()).send().await.unwrap();
}

async fn assume(
    world: &World,
    token: &str,
) -> Result<
    AssumeRoleWithWebIdentityOutput,
    aws_sdk_sts::error::SdkError<
        aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
    >,
> {
    let call = world.sts(&world.root()).assume_role_with_web_identity();
    let call = call.role_arn("arn:aws:iam::123456789012:role/dev").role_session_name("session");
    call.web_identity_token(token).send().await
}

async fn get(world: &World, target: &str) -> Answer {
    let address = address(world);
    Sent::bare("GET", &address, target).to_address(&*address).await
}

async fn ask(world: &World, target: &str, form: &str) -> Answer {
    let address = address(world);
    let sent = Sent { target: target.to_owned(), ..Sent::form(&address, form) };
    sent.to_address(&*address).await
}

fn address(world: &World) -> String {
    let issuer = world.daypass.idp().unwrap().issuer();
    issuer.strip_prefix("http://").unwrap().to_owned()
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
