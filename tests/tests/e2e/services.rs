//! AWS's services as callers: a function's role is tried out with the trust policy that Lambda would
//! meet, and its session is used as a function would.

use aws_credential_types::Credentials;
use daypass::Daypass;
use daypass_tests::{
    ACCOUNT, Answer, Refused, Running, Sent, Signing, World, allow, daypass, kill, policy, refusal,
    run,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_function_gets_its_role_and_the_function_of_another_account_does_not() {
    let world = World::start().await;
    worker(&world).await;

    let answer = call(&world, &wish()).await;
    let given: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((answer.status.as_u16(), &given["Version"]), (200, &json!(1)), "{given}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let session = keys(&given);
    let arn = "arn:aws:sts::123456789012:assumed-role/worker/resize";
    assert_eq!(world.identity(&session).await[0], arn);
    world.iam(&session).list_users().send().await.unwrap();
    let refused = world.iam(&session).list_roles().send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));

    // What AWS says to a service is not on record: these words are daypass's.
    let denied = |service: &str| {
        let message = format!(
            "User: {service} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
        );
        json!({"code": "AccessDenied", "message": message, "requestId": null})
    };
    for (name, value, service) in [
        ("sourceAccount", json!("999999999999"), "lambda.amazonaws.com"),
        ("sourceAccount", Value::Null, "lambda.amazonaws.com"),
        ("service", json!("ec2.amazonaws.com"), "ec2.amazonaws.com"),
    ] {
        let mut wish = wish();
        wish[name] = value;
        let answer = call(&world, &wish).await;
        let mut told: Value = serde_json::from_str(&answer.body).unwrap();
        let id = told["requestId"].take();
        assert_eq!(answer.header("x-daypass-why"), format!("/_daypass/why/{}", text(&id)));
        assert_eq!((answer.status.as_u16(), told), (403, denied(service)), "{wish}");
        let why = Sent::bare("GET", &host(&world), answer.header("x-daypass-why"));
        let why = why.with("accept", "text/plain").to(&world).await;
        assert!(why.body.contains("trust policy") && why.body.contains(service), "{}", why.body);
    }
    // Nobody who signs is a service.
    let root = world.sts(&world.root()).assume_role().role_arn(ROLE).role_session_name("root");
    let message = format!(
        "User: arn:aws:iam::{ACCOUNT}:root is not authorized to perform: sts:AssumeRole on \
         resource: {ROLE}"
    );
    assert_eq!(root.send().await.refused(), refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn services_call_from_this_machine_and_in_their_form() {
    let world = World::start().await;
    worker(&world).await;
    let with = |name: &str, value: Value| {
        let mut wish = wish();
        wish[name] = value;
        ask(&world, &wish.to_string())
    };
    for (sent, status, says) in [
        (ask(&world, ""), 400, "JSON"),
        (with("admin", json!(true)), 400, "admin"),
        (with("service", json!("lambda")), 400, "service principal"),
        (with("sourceArn", json!("resize")), 400, "sourceArn"),
        (with("sourceArn", json!(format!("arn:aws:s3:::{}", "b".repeat(2048)))), 400, "sourceArn"),
        (with("sourceAccount", json!("me")), 400, "sourceAccount"),
        (with("roleArn", json!("worker, if you please")), 400, "worker"),
        (with("roleSessionName", json!("a b")), 400, "roleSessionName"),
        (with("durationSeconds", json!(1)), 400, "durationSeconds"),
        (Sent { method: "GET", ..ask(&world, "") }, 405, "POST"),
        (ask(&world, "{}").with("origin", "https://example.org"), 403, "another origin"),
    ] {
        let answer = sent.to(&world).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (status, "no-store"));
        assert_eq!(answer.headers.contains_key("allow"), status == 405);
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(text(&told["message"]).contains(says), "{told}");
    }
    let strict = Daypass::builder().strict(true);
    let own_keys = Daypass::builder().well_known_keys(false);
    for (builder, says) in [(strict, "--strict"), (own_keys, "signature")] {
        let world = World::of(builder).await;
        worker(&world).await;
        let answer = call(&world, &wish()).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert!(answer.body.contains(says), "{}", answer.body);
    }
}

#[tokio::test]
async fn the_command_is_a_credential_process_and_the_log_names_the_service() {
    let running =
        Running::start(["--account", ACCOUNT, "--log", "info,daypass::audit=debug"]).await;
    let endpoint = format!("http://{}", running.address());
    let root = Credentials::from_keys("test", "test", None);
    let document = policy(trusted());
    let role = [
        ("Action", "CreateRole"),
        ("Version", "2010-05-08"),
        ("RoleName", "worker"),
        ("AssumeRolePolicyDocument", &document),
    ];
    assert_eq!(send(&running, "iam", &root, &role).await.status, 200);
    let assume = async |account: &str| {
        let options = ["assume-role", "--service", "lambda.amazonaws.com", "--role-arn", ROLE];
        let more = ["--source-account", account, "--endpoint", &endpoint];
        run(daypass(options.into_iter().chain(more))).await
    };
    let printed = assume(ACCOUNT).await;
    let given: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let who = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    let answer = send(&running, "sts", &keys(&given), &who).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/worker/lambda";
    assert_eq!(answer.element("Arn").as_deref(), Some(arn));
    let refused = assume("999999999999").await;
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("AccessDenied: User: lambda.amazonaws.com is not"), "{said}");

    kill("TERM", running.id()).await;
    let (_, log) = running.end().await;
    let service = r#""userIdentity":{"type":"AWSService","invokedBy":"lambda.amazonaws.com"}"#;
    assert_eq!(log.matches(service).count(), 2, "{log}");
    assert!(!log.contains(text(&given["SecretAccessKey"])));
}

/// A role for the functions of the account alone, which may list users.
async fn worker(world: &World) {
    world.role("worker", trusted()).await;
    let iam = world.iam(&world.root());
    let put = iam.put_role_policy().role_name("worker").policy_name("permitted");
    put.policy_document(policy(allow("iam:ListUsers", "*"))).send().await.unwrap();
}

fn trusted() -> Value {
    json!({
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    })
}

fn wish() -> Value {
    json!({
        "service": "lambda.amazonaws.com",
        "roleArn": ROLE,
        "roleSessionName": "resize",
        "durationSeconds": 900,
        "sourceArn": "arn:aws:lambda:eu-west-1:123456789012:function:resize",
        "sourceAccount": ACCOUNT,
    })
}

async fn call(world: &World, wish: &Value) -> Answer {
    ask(world, &wish.to_string()).to(world).await
}

fn ask(world: &World, body: &str) -> Sent {
    Sent { body: body.to_owned(), ..Sent::bare("POST", &host(world), "/_daypass/service-calls") }
}

fn host(world: &World) -> String {
    world.daypass.address().to_string()
}

async fn send(
    running: &Running,
    service: &'static str,
    keys: &Credentials,
    form: &[(&str, &str)],
) -> Answer {
    let signing = Signing { service, region: "us-east-1", ..Signing::sts_at(running.address()) };
    let escape =
        |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    let pairs: Vec<_> =
        form.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    signing.post(keys, &pairs.join("&")).to_address(running.address()).await
}

fn keys(given: &Value) -> Credentials {
    let text = |name: &str| text(&given[name]).to_owned();
    Credentials::from_keys(text("AccessKeyId"), text("SecretAccessKey"), Some(text("SessionToken")))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

const ROLE: &str = "arn:aws:iam::123456789012:role/worker";
