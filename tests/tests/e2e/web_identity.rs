//! Roles for whoever shows the token of an OpenID Connect provider: workloads in Kubernetes or in a
//! pipeline, users of an application. The provider runs beside the test and is asked for its keys.

use std::fs;
use std::path::{Path, PathBuf};

use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sdk_sts::config::retry::RetryConfig;
use daypass::{Daypass, OidcKeys};
use daypass_federation::oidc::Algorithm;
use daypass_federation::oidc::sign::{Jwks, SigningKey};
use daypass_tests::{Issuer, Refusal, Refused, Sent, World, allow, refusal, session_keys};
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn a_token_opens_a_session_without_any_credentials() {
    let (world, issuer) = start(json!({}), &[]).await;
    let given = assume(&world, &issuer.token(json!({}))).await.unwrap();
    let provider = format!("arn:aws:iam::123456789012:oidc-provider/{}", issuer.host());
    assert_eq!(given.provider(), Some(&*provider));
    assert_eq!(given.audience(), Some("app"));
    assert_eq!(given.subject_from_web_identity_token(), Some("user-1"));
    let user = given.assumed_role_user().unwrap();
    assert_eq!(user.arn(), "arn:aws:sts::123456789012:assumed-role/ci/build");

    let keys = session_keys(given.credentials.clone());
    let [arn, id, _] = world.identity(&keys).await;
    assert_eq!((&*arn, &*id), (user.arn(), user.assumed_role_id()));
    assert_eq!(issuer.asked(), ["/.well-known/openid-configuration", "/keys"]);
    // The keys are kept.
    assume(&world, &issuer.token(json!({}))).await.unwrap();
    assert_eq!(issuer.asked().len(), 2);
}

#[tokio::test]
async fn credentials_that_come_along_play_no_part() {
    let (world, issuer) = start(json!({}), &[]).await;
    let body = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A\
         123456789012%3Arole%2Fci&RoleSessionName=build&WebIdentityToken={}",
        issuer.token(json!({}))
    );
    let host = world.daypass.address().to_string();
    let credential = "AWS4-HMAC-SHA256 Credential=AKIANOBODY/20260101/us-east-1/sts/aws4_request, \
                      SignedHeaders=host, Signature=00";
    for sent in [
        Sent::form(&host, &body),
        Sent::form(&host, &body).with("authorization", credential),
        Sent::form(&host, &body).with("authorization", "Basic dXNlcjpwYXNz"),
    ] {
        let answer = sent.to(&world).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

#[tokio::test]
async fn the_trust_policy_asks_what_the_provider_says() {
    let (world, issuer) = start(json!({}), &[]).await;
    let host = issuer.host();
    let denied =
        refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    let cases = [
        (json!({ "StringEquals": { format!("{host}:sub"): "user-1" } }), true),
        (json!({ "StringLike": { format!("{host}:sub"): "user-*" } }), true),
        (json!({ "StringEquals": { format!("{host}:sub"): "user-2" } }), false),
        (json!({ "ForAnyValue:StringEquals": { format!("{host}:amr"): "mfa" } }), true),
        (json!({ "ForAnyValue:StringEquals": { format!("{host}:amr"): "pin" } }), false),
    ];
    for (condition, allowed) in cases {
        retrust(&world, trust(&issuer, condition.clone(), &[])).await;
        let answer = assume(&world, &issuer.token(json!({ "amr": ["mfa", "pwd"] }))).await;
        match allowed {
            true => assert!(answer.is_ok(), "{condition}: {answer:?}"),
            false => assert_eq!(answer.refused(), denied, "{condition}"),
        }
    }
    let missing = "arn:aws:iam::123456789012:role/missing";
    let call = anonymous(&world).assume_role_with_web_identity().role_arn(missing);
    let call = call.role_session_name("build").web_identity_token(issuer.token(json!({})));
    assert_eq!(call.send().await.refused(), denied);
}

#[tokio::test]
async fn a_session_keeps_who_it_was_and_what_the_provider_gave_it() {
    let (world, issuer) = start(json!({}), &["sts:TagSession", "sts:SetSourceIdentity"]).await;
    let host = issuer.host();
    let condition = json!({
        "StringEquals": {
            format!("{host}:sub"): "user-1",
            format!("{host}:aud"): "app",
            "aws:PrincipalTag/team": "red",
            "aws:SourceIdentity": "ana",
            "aws:FederatedProvider": format!("arn:aws:iam::123456789012:oidc-provider/{host}"),
        },
        "Null": { format!("{host}:email"): "true" },
    });
    let mut statement = allow("iam:ListUsers", "*");
    statement["Condition"] = condition;
    let iam = world.iam(&world.root());
    let call = iam.put_role_policy().role_name("ci").policy_name("federated");
    call.policy_document(daypass_tests::policy(statement)).send().await.unwrap();

    let claims = |team: &str| {
        json!({
            "email": "ana@example.com",
            "https://aws.amazon.com/tags": {
                "principal_tags": { "team": [team] }, "transitive_tag_keys": ["team"],
            },
            "https://aws.amazon.com/source_identity": "ana",
        })
    };
    let given = assume(&world, &issuer.token(claims("red"))).await.unwrap();
    assert_eq!(given.source_identity(), Some("ana"));
    let red = session_keys(given.credentials);
    world.iam(&red).list_users().send().await.unwrap();

    let blue = assume(&world, &issuer.token(claims("blue"))).await.unwrap();
    let blue = session_keys(blue.credentials);
    assert_eq!(world.iam(&blue).list_users().send().await.refused().code, "AccessDenied");
}

#[tokio::test]
async fn what_is_no_good_token_is_refused_in_aws_words() {
    let (world, issuer) = start(json!({}), &[]).await;
    let invalid = |message: &str| refusal(400, "InvalidIdentityToken", message);
    let no_jwt = invalid(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access \
         Token)",
    );
    let no_provider = |issuer: &str| {
        invalid(&format!("No OpenIDConnect provider found in your account for {issuer}"))
    };
    let key = issuer.key();
    let good = issuer.claims(json!({}));
    let bytes = good.to_string();
    let header = |header: Value| key.sign_bytes(header.to_string().as_bytes(), bytes.as_bytes());
    let strange = SigningKey::generate(key.id(), Algorithm::Rs256).unwrap();
    let past = good["iat"].as_i64().unwrap() - 301;
    let cases = [
        ("an access token", "AQoDYXdzEPTabcdef".to_owned(), no_jwt.clone()),
        ("no algorithm", header(json!({ "alg": "none" })).unwrap(), no_jwt.clone()),
        ("an HMAC", header(json!({ "alg": "HS256", "kid": key.id() })).unwrap(), no_jwt.clone()),
        (
            "a critical header",
            header(json!({ "alg": "RS256", "kid": key.id(), "crit": ["x"], "x": 1 })).unwrap(),
            no_jwt.clone(),
        ),
        (
            "a claim twice",
            key.sign_bytes(
                br#"{"alg":"RS256"}"#,
                bytes.replacen('{', r#"{"sub":"admin","#, 1).as_bytes(),
            )
            .unwrap(),
            no_jwt.clone(),
        ),
        ("another's key", strange.sign(&good).unwrap(), invalid("Token signature invalid")),
        (
            "another audience",
            issuer.token(json!({ "aud": "other" })),
            invalid("Incorrect token audience"),
        ),
        (
            "another party",
            issuer.token(json!({ "azp": "other" })),
            invalid("Incorrect token audience"),
        ),
        (
            "another issuer",
            issuer.token(json!({ "iss": "https://idp.example" })),
            no_provider("https://idp.example"),
        ),
        (
            "a path more",
            issuer.token(json!({ "iss": format!("{}/", issuer.url) })),
            no_provider(&format!("{}/", issuer.url)),
        ),
        ("no subject", issuer.token(json!({ "sub": null })), no_jwt),
    ];
    for (name, token, expected) in cases {
        assert_eq!(assume(&world, &token).await.refused(), expected, "{name}");
    }
    let expired = assume(&world, &issuer.token(json!({ "exp": past, "iat": past - 60 }))).await;
    let Refusal { code, message, .. } = expired.refused();
    assert_eq!(code, "ExpiredTokenException");
    let message = message.unwrap();
    assert!(message.starts_with("Token expired: current date/time 1"), "{message}");
    assert!(message.ends_with(&format!(" must be before the expiration date/time {past}")));
}

#[tokio::test]
async fn tokens_expire_by_the_service_clock() {
    let (world, issuer) = start(json!({}), &[]).await;
    let token = issuer.token(json!({}));
    assume(&world, &token).await.unwrap();
    world.daypass.clock().advance(600 + 300);
    assert_eq!(assume(&world, &token).await.refused().code, "ExpiredTokenException");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_has_no_keys() {
    let (world, issuer) = start(json!({}), &[]).await;
    issuer.fail();
    let message = "Couldn't retrieve verification key from your identity provider,  please \
                   reference AssumeRoleWithWebIdentity documentation for requirements";
    let answer = assume(&world, &issuer.token(json!({}))).await;
    assert_eq!(answer.refused(), refusal(400, "InvalidIdentityToken", message));
}

#[tokio::test]
async fn keys_that_are_given_need_no_network() {
    let key = SigningKey::generate("given", Algorithm::Es384).unwrap();
    let set = serde_json::to_vec(&[&key].into_iter().collect::<Jwks>()).unwrap();
    let url = "https://idp.invalid/tenant";
    let keys = OidcKeys::parse(url, &set).unwrap();
    // As AWS does in everything, so that the issuer must be `https`.
    let world = World::of(Daypass::builder().strict(true).oidc_keys(keys)).await;
    let issuer = Issuer::start().await;
    let message = "Invalid Open ID Connect Provider URL. The URL must begin with https://.";
    let iam = world.iam(&world.root());
    let refused = iam.create_open_id_connect_provider().url(&issuer.url).send().await.refused();
    assert_eq!(refused, refusal(400, "InvalidInput", message));

    let call = iam.create_open_id_connect_provider().url(url).client_id_list("app");
    let provider = call.send().await.unwrap().open_id_connect_provider_arn.unwrap();
    world.role("ci", trust_in(&provider, json!({}), &[])).await;
    let token = key.sign(&issuer.claims(json!({ "iss": url }))).unwrap();
    let given = assume(&world, &token).await.unwrap();
    assert_eq!(given.provider(), Some(&*provider));
}

/// As in a pod of EKS: nothing but three variables in the environment.
#[tokio::test]
async fn the_sdk_finds_its_token_file_by_the_environment() {
    let (world, issuer) = start(json!({}), &[]).await;
    let file = TokenFile::of(&issuer.token(json!({})), "environment");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["web_identity::inside_a_pod", "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/ci")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", file.path())
        .env("AWS_ROLE_SESSION_NAME", "pod")
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ENDPOINT_URL", world.daypass.endpoint())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let arn = "arn:aws:sts::123456789012:assumed-role/ci/pod";
    assert!(said.contains(&format!("identity: {arn}")), "{said}");
}

#[tokio::test]
#[ignore = "another test runs it, in an environment of its own"]
async fn inside_a_pod() {
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
    let provider = config.credentials_provider().unwrap();
    assert!(provider.provide_credentials().await.unwrap().session_token().is_some());
    let told = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    println!("identity: {}", told.arn().unwrap());
}

type Answer = Result<
    aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityOutput,
    aws_sdk_sts::error::SdkError<
        aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
        aws_sdk_sts::config::http::HttpResponse,
    >,
>;

/// A world with the role `ci`, which trusts a provider under this condition.
async fn start(condition: Value, more: &[&str]) -> (World, Issuer) {
    let (world, issuer) = (World::start().await, Issuer::start().await);
    issuer.register(&world).await;
    world.role("ci", trust(&issuer, condition, more)).await;
    (world, issuer)
}

async fn assume(world: &World, token: &str) -> Answer {
    let call = anonymous(world).assume_role_with_web_identity();
    let call = call.role_arn("arn:aws:iam::123456789012:role/ci").role_session_name("build");
    call.web_identity_token(token).send().await
}

/// STS for who has no credentials.
pub(crate) fn anonymous(world: &World) -> aws_sdk_sts::Client {
    let config = world.daypass.sdk_config("eu-central-1").into_builder();
    let mut config = config.http_client(world.http()).retry_config(RetryConfig::disabled());
    config.set_credentials_provider(None);
    aws_sdk_sts::Client::new(&config.build())
}

fn trust(issuer: &Issuer, condition: Value, more: &[&str]) -> Value {
    let provider = format!("arn:aws:iam::123456789012:oidc-provider/{}", issuer.host());
    trust_in(&provider, condition, more)
}

fn trust_in(provider: &str, condition: Value, more: &[&str]) -> Value {
    let mut actions = vec!["sts:AssumeRoleWithWebIdentity"];
    actions.extend(more);
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": provider },
        "Action": actions,
        "Condition": condition,
    })
}

async fn retrust(world: &World, statement: Value) {
    let iam = world.iam(&world.root());
    let call = iam.update_assume_role_policy().role_name("ci");
    call.policy_document(daypass_tests::policy(statement)).send().await.unwrap();
}

/// A file that is gone with its test.
pub(crate) struct TokenFile(PathBuf);

impl TokenFile {
    /// `test` tells it from those of other tests.
    pub(crate) fn of(token: &str, test: &str) -> Self {
        let name = format!("daypass-token-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, token).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
