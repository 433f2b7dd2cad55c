//! Trusted identity propagation: an application acts on behalf of a user of IAM Identity Center, and
//! its sessions and the audit know whom.

use aws_credential_types::Credentials;
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role::{AssumeRoleError, AssumeRoleOutput};
use aws_sdk_sts::types::ProvidedContext;
use daypass::{ContextKind, ContextRequest, ContextRequestError, Daypass};
use daypass_tests::{
    ACCOUNT, Answer, Refused, Running, Sent, Signing, World, allow, daypass, kill, policy, refusal,
    run, session_keys, trust,
};
use serde_json::{Value, json};

#[tokio::test]
async fn an_application_acts_on_behalf_of_the_user_that_the_role_is_for() {
    let world = World::start().await;
    let condition = json!({"sts:RequestContext/identitystore:UserId": USER});
    let app = application(&world, json!({"StringEquals": condition})).await;
    let asserted = post(&world, &json!({"userId": USER})).await;
    assert_eq!(asserted["providerArn"], PROVIDER);
    assert_eq!(asserted["identityStoreArn"], STORE);
    let assertion = text(&asserted["contextAssertion"]);
    assert!(assertion.starts_with("AQoJb3JpZ2luX2Vj"), "as AWS's: {assertion}");

    let session = session_keys(assume(&world, &app, assertion).await.unwrap().credentials);
    let arn = "arn:aws:sts::123456789012:assumed-role/reader/app";
    assert_eq!(world.identity(&session).await[0], arn);
    // What is not on AWS's list for such sessions they may not do, whatever their role may.
    let refused = world.iam(&session).list_users().send().await.refused();
    let message = format!(
        "User: {arn} is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::123456789012:user/ with an explicit deny in a session policy: \
         arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext"
    );
    assert_eq!(refused, refusal(403, "AccessDenied", message));

    let other = world.daypass.context_assertion(&ContextRequest::about(OTHER_USER)).unwrap();
    let refused = assume(&world, &app, other.assertion.expose()).await.refused();
    assert_eq!(refused, denied("sts:SetContext"));
}

#[tokio::test]
async fn policies_see_the_user_in_later_requests() {
    let world = World::start().await;
    let app = application(&world, json!({})).await;
    let mut for_user = allow("iam:ListUsers", "*");
    for_user["Condition"] = json!({"StringEquals": {
        "identitystore:UserId": USER, "identitystore:IdentityStoreArn": STORE,
    }});
    let iam = world.iam(&world.root());
    let put = iam.put_role_policy().role_name("reader").policy_name("permitted");
    put.policy_document(policy(for_user)).send().await.unwrap();

    for (user, allowed) in [(USER, true), (OTHER_USER, false)] {
        let asserted = post(&world, &json!({"userId": user, "kind": "audit"})).await;
        let output = assume(&world, &app, text(&asserted["contextAssertion"])).await.unwrap();
        let listed = world.iam(&session_keys(output.credentials)).list_users().send().await;
        assert_eq!(listed.is_ok(), allowed, "{user}: {listed:?}");
    }
}

#[tokio::test]
async fn a_role_must_trust_its_callers_with_contexts() {
    let world = World::start().await;
    let app = world.user("app").await;
    world.permit("app", allow("sts:*", "*")).await;
    world.role("reader", trust(ACCOUNT)).await;
    let asserted = world.daypass.context_assertion(&ContextRequest::about(USER)).unwrap();
    let refused = assume(&world, &app, asserted.assertion.expose()).await.refused();
    assert_eq!(refused, denied("sts:SetContext"));
}

#[tokio::test]
async fn an_assertion_is_good_for_an_hour_where_it_was_made_and_as_it_was_made() {
    let world = World::start().await;
    let app = application(&world, json!({})).await;
    let wish = ContextRequest { kind: ContextKind::Audit, ..ContextRequest::about(USER) };
    let made = world.daypass.context_assertion(&wish).unwrap().assertion.expose().clone();
    let elsewhere = World::start().await.daypass.context_assertion(&wish).unwrap();
    let mut changed = made.clone().into_bytes();
    changed[100] = if changed[100] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let plain = session_keys(assume(&world, &app, &made).await.unwrap().credentials);
    let invalid = refusal(400, "ValidationError", "The context assertion is invalid.");
    for bad in [&changed, elsewhere.assertion.expose(), plain.session_token().unwrap(), "sealed"] {
        assert_eq!(assume(&world, &app, bad).await.refused(), invalid, "{bad}");
    }
    world.daypass.clock().advance(3_600);
    let expired = refusal(400, "ExpiredTokenException", "The context assertion is expired.");
    assert_eq!(assume(&world, &app, &made).await.refused(), expired);
}

#[tokio::test]
async fn assertions_are_handed_out_to_who_sits_at_the_machine() {
    let world = World::start().await;
    let elsewhere = "https://example.org";
    for (sent, status, says) in [
        (ask(&world, r#"{"userId": "alice"}"#), 400, "UUID"),
        (ask(&world, r#"{"userId": 1}"#), 400, "\"userId\""),
        (ask(&world, r#"{"userId": "x", "admin": true}"#), 400, "admin"),
        (ask(&world, ""), 400, "JSON"),
        (Sent { method: "GET", ..ask(&world, "") }, 405, "POST"),
        (ask(&world, "{}").with("origin", elsewhere), 403, "another origin"),
    ] {
        let answer = sent.to(&world).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (status, "no-store"));
        assert_eq!(answer.headers.contains_key("allow"), status == 405);
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(text(&told["message"]).contains(says), "{told}");
    }
    let strict = Daypass::builder().strict(true);
    let own_keys = Daypass::builder().well_known_keys(false);
    for builder in [strict, own_keys] {
        let world = World::of(builder).await;
        let answer = ask(&world, &json!({"userId": USER}).to_string()).to(&world).await;
        assert_eq!(answer.status, 403, "{}", answer.body);
    }
    let strict = World::of(Daypass::builder().strict(true)).await;
    let refused = strict.daypass.context_assertion(&ContextRequest::about(USER));
    assert_eq!(refused.unwrap_err(), ContextRequestError::Strict);
}

#[tokio::test]
async fn the_command_prints_an_assertion_and_the_log_names_the_user() {
    let running =
        Running::start(["--account", ACCOUNT, "--log", "info,daypass::audit=debug"]).await;
    let endpoint = format!("http://{}", running.address());
    let print = async |user: &str, format: &str| {
        run(daypass([
            "idp",
            "context",
            "--user-id",
            user,
            "--endpoint",
            &endpoint,
            "--format",
            format,
        ]))
        .await
    };
    let printed = String::from_utf8(print(USER, "text").await.stdout).unwrap();
    let told: Value = serde_json::from_slice(&print(USER, "json").await.stdout).unwrap();
    assert_eq!((&told["kind"], &told["userId"]), (&json!("identity"), &json!(USER)));
    let refused = print("alice", "text").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("UUID"));

    let root = Credentials::from_keys("test", "test", None);
    let send = async |service, keys: &Credentials, form: &[(&str, &str)]| -> Answer {
        let signing =
            Signing { service, region: "us-east-1", ..Signing::sts_at(running.address()) };
        let escape =
            |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
        let pairs: Vec<_> =
            form.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        signing.post(keys, &pairs.join("&")).to_address(running.address()).await
    };
    let document = policy(trusted(json!({})));
    let role = [
        ("Action", "CreateRole"),
        ("Version", "2010-05-08"),
        ("RoleName", "reader"),
        ("AssumeRolePolicyDocument", &document),
    ];
    assert_eq!(send("iam", &root, &role).await.status, 200);
    let assume = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "app"),
        ("ProvidedContexts.member.1.ProviderArn", PROVIDER),
        ("ProvidedContexts.member.1.ContextAssertion", printed.trim_end()),
    ];
    let answer = send("sts", &root, &assume).await;
    let of = |name| answer.element(name).unwrap_or_else(|| panic!("{answer:?}"));
    let session =
        Credentials::from_keys(of("AccessKeyId"), of("SecretAccessKey"), Some(of("SessionToken")));
    let who = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];
    assert_eq!(send("sts", &session, &who).await.status, 200);

    kill("TERM", running.id()).await;
    let (_, log) = running.end().await;
    assert!(log.contains(r#""onBehalfOf":{"userId":""#) && log.contains(STORE), "{log}");
    assert!(!log.contains(printed.trim_end()), "an assertion is a secret while it is good");
}

/// An application's user, and the role `reader` that it may assume with a context under a condition.
/// The role may do nothing by itself.
async fn application(world: &World, condition: Value) -> Credentials {
    let app = world.user("app").await;
    world.permit("app", allow("sts:*", "*")).await;
    world.role("reader", trusted(condition)).await;
    app
}

fn trusted(condition: Value) -> Value {
    let mut set_context = trust(ACCOUNT);
    set_context["Action"] = json!("sts:SetContext");
    set_context["Condition"] = condition;
    json!([trust(ACCOUNT), set_context])
}

async fn assume(
    world: &World,
    keys: &Credentials,
    assertion: &str,
) -> Result<AssumeRoleOutput, SdkError<AssumeRoleError>> {
    let context = ProvidedContext::builder().provider_arn(PROVIDER).context_assertion(assertion);
    let call = world.sts(keys).assume_role().role_arn(ROLE).role_session_name("app");
    call.provided_contexts(context.build()).send().await
}

/// Asks for an assertion over HTTP.
async fn post(world: &World, wish: &Value) -> Value {
    let answer = ask(world, &wish.to_string()).to(world).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn ask(world: &World, body: &str) -> Sent {
    let host = world.daypass.address().to_string();
    Sent { body: body.to_owned(), ..Sent::bare("POST", &host, "/_daypass/context-assertions") }
}

fn denied(action: &str) -> daypass_tests::Refusal {
    let app = "arn:aws:iam::123456789012:user/app";
    let message = format!("User: {app} is not authorized to perform: {action} on resource: {ROLE}");
    refusal(403, "AccessDenied", message)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";
const PROVIDER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";
const STORE: &str = "arn:aws:identitystore::123456789012:identitystore/d-1234567890";
const USER: &str = "544894e8-80c1-707f-60e3-3ba6510dfac1";
const OTHER_USER: &str = "93445892-f001-7078-8c38-7f2b978f686f";
