//! Who is denied sees AWS's words; who may see more decodes the message, and asks the server why.

use aws_sdk_iam::types::Tag;
use aws_sdk_sts::config::http::HttpResponse;
use aws_sdk_sts::error::SdkError;
use aws_smithy_types::DateTime;
use daypass::{Daypass, Explanations};
use daypass_tests::{ACCOUNT, Refused, Sent, Signing, World, allow, daypass, refusal, run, trust};
use serde_json::{Value, json};

#[tokio::test]
async fn a_denial_is_answered_decoded_and_explained() {
    let world = World::start().await;
    world.daypass.clock().freeze(DateTime::from_secs(1_800_000_000));
    let alice = world.user("alice").await;
    let [arn, id, _] = world.identity(&alice).await;
    let guard = json!({
        "Sid": "TaggedOnly",
        "Effect": "Deny",
        "Action": ["iam:Create*", "iam:Delete*"],
        "Resource": format!("arn:aws:iam::{ACCOUNT}:user/*"),
        "Condition": { "StringNotEquals": { "aws:RequestTag/team": ["red", "blue"] } },
    });
    let allow = json!({"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"});
    world.permit("alice", json!([allow, guard])).await;

    let carol = format!("arn:aws:iam::{ACCOUNT}:user/carol");
    let refused = world.iam(&alice).create_user().user_name("carol").send().await;
    let answer = refused.as_ref().unwrap_err();
    let (message, why) = (header(answer, MESSAGE), header(answer, "x-daypass-why"));
    let request = header(answer, "x-amzn-requestid");
    let said = format!(
        "User: {arn} is not authorized to perform: iam:CreateUser on resource: {carol} with an \
         explicit deny in an identity-based policy"
    );
    assert_eq!(refused.refused(), refusal(403, "AccessDenied", said.clone()));
    assert_eq!(why, format!("/_daypass/why/{request}"));

    let decode = world.sts(&world.root()).decode_authorization_message().encoded_message(&message);
    let decoded = decode.send().await.unwrap().decoded_message.unwrap();
    let mut decoded: Value = serde_json::from_str(&decoded).unwrap();
    let conditions = decoded["context"]["conditions"]["items"].as_array_mut().unwrap();
    let agent = conditions.iter().position(|item| item["key"] == "aws:UserAgent").unwrap();
    let agent = conditions.remove(agent)["values"]["items"][0]["value"].take();
    assert!(agent.as_str().unwrap().starts_with("aws-sdk-rust/"), "{agent}");
    let expected = json!({
        "allowed": false,
        "explicitDeny": true,
        "matchedStatements": {"items": [{
            "statementId": "TaggedOnly",
            "effect": "DENY",
            "principals": values(&[&id]),
            "principalGroups": values(&[]),
            "actions": values(&["iam:Create*", "iam:Delete*"]),
            "resources": values(&[&format!("arn:aws:iam::{ACCOUNT}:user/*")]),
            "conditions": {"items": [
                {"key": "aws:RequestTag/team", "values": values(&["red", "blue"])},
            ]},
        }]},
        "failures": {"items": []},
        "context": {
            "principal": {"id": id, "arn": arn},
            "action": "iam:CreateUser",
            "resource": carol,
            "conditions": {"items": [
                {"key": "aws:PrincipalArn", "values": values(&[&arn])},
                {"key": "aws:PrincipalAccount", "values": values(&[ACCOUNT])},
                {"key": "aws:PrincipalType", "values": values(&["User"])},
                {"key": "aws:userid", "values": values(&[&id])},
                {"key": "aws:username", "values": values(&["alice"])},
                {"key": "aws:PrincipalIsAWSService", "values": values(&["false"])},
                {"key": "aws:RequestedRegion", "values": values(&["us-east-1"])},
                {"key": "aws:CurrentTime", "values": values(&["2027-01-15T08:00:00Z"])},
                {"key": "aws:EpochTime", "values": values(&["1800000000"])},
                {"key": "aws:SourceIp", "values": values(&["127.0.0.1"])},
                {"key": "aws:SecureTransport", "values": values(&["false"])},
                {"key": "aws:ViaAWSService", "values": values(&["false"])},
                {"key": "aws:ResourceAccount", "values": values(&[ACCOUNT])},
            ]},
        },
    });
    assert_eq!(decoded, expected);

    let told = ask(&world, &request, "text").await;
    let expected = format!(
        "\
{said}

Denied: {arn} iam:CreateUser on {carol}
  explicit deny in an identity-based policy

Decided by statement 2 (TaggedOnly, at 1:74) of the identity-based policy \"permitted\" of user alice
  Action iam:Create*, iam:Delete*
  Resource arn:aws:iam::{ACCOUNT}:user/*
  StringNotEquals aws:RequestTag/team red, blue: the request does not have it, so it holds

The policies that were asked
  identity-based policy \"permitted\" of user alice: denies

To have it allowed
  ask with aws:RequestTag/team = red
"
    );
    assert_eq!(told, expected);
    let told: Value = serde_json::from_str(&ask(&world, &why, "json").await).unwrap();
    assert_eq!(told["requestId"], *request);
    assert_eq!(told["denial"], *said);
    assert_eq!(told["notes"], json!([]));
    let decision = &told["decisions"][0];
    assert_eq!(decision["decision"], "explicitDeny");
    let by = json!({"policyType": "identity", "policy": 0, "statement": 1});
    assert_eq!(decision["decidedBy"], by);
    assert_eq!(decision["policies"][0]["statements"][1]["sid"], "TaggedOnly");

    // What was foretold happens.
    let tag = Tag::builder().key("team").value("red").build().unwrap();
    world.iam(&alice).create_user().user_name("carol").tags(tag).send().await.unwrap();
}

#[tokio::test]
async fn on_demand_what_is_allowed_is_explained_too() {
    let world = World::of(Daypass::builder().explain(Explanations::All)).await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let role = world.role("deploy", trust(&format!("arn:aws:iam::{ACCOUNT}:root"))).await;
    let body = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s1&RoleArn={}",
        role.arn().replace(':', "%3A").replace('/', "%2F")
    );
    let answer = Signing::sts(&world).post(&alice, &body).to(&world).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let told = ask(&world, answer.header("x-daypass-why"), "text").await;
    let expected =
        format!("Allowed: arn:aws:iam::{ACCOUNT}:user/alice sts:AssumeRole on {}\n  a", role.arn());
    assert!(told.starts_with(&expected), "{told}");
    for policy in ["role trust policy of arn:", "\"permitted\" of user alice: allows"] {
        assert!(told.contains(policy), "{told}");
    }
}

#[tokio::test]
async fn who_may_not_decode_is_refused() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let refused = world.iam(&alice).list_users().send().await;
    let message = header(refused.as_ref().unwrap_err(), MESSAGE);
    let decode = |message: &str| {
        let sts = world.sts(&alice).decode_authorization_message();
        sts.encoded_message(message).send()
    };
    let may_not = format!(
        "User: arn:aws:iam::{ACCOUNT}:user/alice is not authorized to perform: \
         sts:DecodeAuthorizationMessage on resource: * because no identity-based policy allows \
         the sts:DecodeAuthorizationMessage action"
    );
    assert_eq!(decode(&message).await.refused(), refusal(403, "AccessDenied", may_not));

    let action = "sts:DecodeAuthorizationMessage";
    world.permit("alice", json!({"Effect": "Allow", "Action": action, "Resource": "*"})).await;
    decode(&message).await.unwrap();
    let wrong = refusal(400, "InvalidAuthorizationMessageException", "Message is not valid");
    assert_eq!(decode(&format!("{message}A")).await.refused(), wrong);
    // A message is for the account whose user was denied.
    let elsewhere = aws_credential_types::Credentials::from_keys("999999999999", "test", None);
    let sts = world.sts(&elsewhere).decode_authorization_message();
    assert_eq!(sts.encoded_message(&message).send().await.refused(), wrong);
}

/// What `daypass why` prints.
async fn ask(world: &World, request: &str, format: &str) -> String {
    let endpoint = world.daypass.endpoint();
    let output = run(daypass(["why", request, "--endpoint", endpoint, "--format", format])).await;
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn header<E>(error: &SdkError<E, HttpResponse>, name: &str) -> String {
    let answer = error.raw_response().expect("an answer");
    answer.headers().get(name).expect(name).to_owned()
}

fn values(texts: &[&str]) -> Value {
    json!({"items": texts.iter().map(|value| json!({"value": value})).collect::<Vec<_>>()})
}

const MESSAGE: &str = "x-daypass-authorization-message";

#[tokio::test]
async fn what_is_told_steers_no_terminal() {
    // ESC, BEL, CSI of C1, RLO, a line separator, a line feed.
    let hostile = "x\u{1b}[2J\u{7}\u{9b}1m\u{202e}\u{2028}\ny";
    let world = World::start().await;
    let alice = world.user("alice").await;
    let tag = Tag::builder().key("team").value("red\u{2028}blue").build().unwrap();
    world.iam(&world.root()).tag_user().user_name("alice").tags(tag).send().await.unwrap();
    let deny = json!({
        "Effect": "Deny",
        "Action": "*",
        "Resource": ["*", format!("arn:aws:iam::{ACCOUNT}:user/{hostile}")],
        "Condition": {
            "StringNotEquals": {format!("aws:RequestTag/{hostile}"): hostile},
            "StringLike": {"aws:PrincipalTag/team": [hostile, "*"]},
        },
    });
    let document = json!({"Version": "2012-10-17", "Statement": deny}).to_string();
    let escape = |character: char| match character {
        ' '..='~' => character.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    let document: String = document.chars().map(escape).collect();
    let iam = world.iam(&world.root());
    let put = iam.put_user_policy().user_name("alice").policy_name("p").policy_document(document);
    put.send().await.unwrap();

    let refused = world.iam(&alice).list_users().send().await;
    let id = header(refused.as_ref().unwrap_err(), "x-amzn-requestid");
    let shown = "x\\u001b[2J\\u0007\\u009b1m\\u202e\\u2028\\ny";
    let steers = |character: char| {
        (character.is_control() && character != '\n') || "\u{202e}\u{2028}".contains(character)
    };
    for accept in ["text/plain", "application/json"] {
        let request =
            Sent::bare("GET", &world.daypass.address().to_string(), &format!("/_daypass/why/{id}"));
        let told = request.with("accept", accept).to(&world).await;
        assert_eq!(told.status, 200, "{}", told.body);
        assert!(told.body.contains(shown) && told.body.contains("red\\u2028blue"), "{}", told.body);
        assert!(!told.body.contains(steers), "{:?}", told.body);
    }
    for format in ["text", "json"] {
        let command =
            daypass(["why", &id, "--endpoint", world.daypass.endpoint(), "--format", format]);
        let told = String::from_utf8(run(command).await.stdout).unwrap();
        assert!(told.contains(shown) && !told.contains(steers), "{told:?}");
    }
}
