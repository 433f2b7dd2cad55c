use daypass_authz::{Audience, Decided};
use daypass_model::sts::{AssumeRoleInput, GetAccessKeyInfoInput};
use daypass_token::KeyRing;
use serde_json::{Value, json};

use super::*;
use crate::generated::{AssumeRole, GetAccessKeyInfo};
use crate::testing::{Setup, World, allows, credentials, refusal, role_arn, trusts};

#[tokio::test]
async fn a_decoded_message_is_awss_whole() {
    let deny = json!([
        allows(&["sts:GetAccessKeyInfo", "sts:DecodeAuthorizationMessage"]),
        {
            "Sid": "OnlyFromHome",
            "Effect": "Deny",
            "Action": ["sts:Get*", "sts:Assume*"],
            "Resource": "*",
            "Condition": { "NotIpAddress": { "aws:SourceIp": ["192.0.2.0/24", "198.51.100.7"] } },
        },
        { "Sid": "Elsewhere", "Effect": "Deny", "Action": "iam:*", "Resource": "*" },
    ]);
    let world = Setup::default().user("alice", Some(deny)).build().await;
    let alice = world.user("alice");
    let id = alice.principal().user_id();
    let message = key_info(&world, &alice).seal().unwrap();

    let decoded = decode(&world, &alice, &message).await.unwrap();
    let expected = json!({
        "allowed": false,
        "explicitDeny": true,
        "matchedStatements": { "items": [{
            "statementId": "OnlyFromHome",
            "effect": "DENY",
            "principals": values(&[&id]),
            "principalGroups": values(&[]),
            "actions": values(&["sts:Get*", "sts:Assume*"]),
            "resources": values(&["*"]),
            "conditions": { "items": [
                { "key": "aws:SourceIp", "values": values(&["192.0.2.0/24", "198.51.100.7"]) },
            ] },
        }] },
        "failures": { "items": [] },
        "context": {
            "principal": { "id": id, "arn": "arn:aws:iam::123456789012:user/alice" },
            "action": "sts:GetAccessKeyInfo",
            "resource": "*",
            "conditions": keys(&[
                ("aws:PrincipalArn", "arn:aws:iam::123456789012:user/alice"),
                ("aws:PrincipalAccount", "123456789012"),
                ("aws:PrincipalType", "User"),
                ("aws:userid", &id),
                ("aws:username", "alice"),
                ("aws:PrincipalIsAWSService", "false"),
                ("aws:RequestedRegion", "eu-west-1"),
                ("aws:CurrentTime", "2027-01-15T08:00:00Z"),
                ("aws:EpochTime", "1800000000"),
                ("aws:SourceIp", "127.0.0.1"),
                ("aws:SecureTransport", "false"),
                ("aws:ViaAWSService", "false"),
                ("aws:ResourceAccount", "123456789012"),
            ]),
        },
    });
    assert_eq!(serde_json::from_str::<Value>(&decoded).unwrap(), expected);
    assert!(decoded.starts_with(r#"{"allowed":false,"explicitDeny":true,"matchedStatements":"#));
}

#[tokio::test]
async fn what_only_fails_to_allow_matches_no_statement() {
    let world = Setup::default().user("alice", None).build().await;
    let message = key_info(&world, &world.user("alice")).seal().unwrap();
    let decoded = told(&world, &message).await;
    assert_eq!(decoded["explicitDeny"], false);
    assert_eq!(decoded["matchedStatements"], json!({ "items": [] }));
}

#[tokio::test]
async fn the_complement_of_an_element_is_told_as_such() {
    let deny = json!({ "Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b" });
    let world = Setup::default().user("alice", Some(deny)).build().await;
    let message = key_info(&world, &world.user("alice")).seal().unwrap();
    let statement = &told(&world, &message).await["matchedStatements"]["items"][0];
    assert_eq!(statement["statementId"], "");
    for (element, complement, value) in
        [("actions", "notActions", "iam:*"), ("resources", "notResources", "arn:aws:s3:::b")]
    {
        assert_eq!(statement[element], values(&[]), "{statement}");
        assert_eq!(statement[complement], values(&[value]), "{statement}");
    }
}

#[tokio::test]
async fn what_the_operation_and_the_session_add_is_told() {
    let world = Setup::default()
        .user("alice", Some(allows(&["sts:AssumeRole"])))
        .role("first", trusts("123456789012"), None)
        .role("second", trusts("arn:aws:iam::123456789012:root"), None)
        .build()
        .await;
    let input = assume("first");
    let output = world.call::<AssumeRole>(&world.user("alice"), input).await.unwrap();
    let session = world.session(credentials(&output));
    let input = AssumeRoleInput { external_id: Some("xyz".to_owned()), ..assume("second") };
    let denied = world.denied::<AssumeRole>(&session, input);
    let context = &told(&world, &denied.seal().unwrap()).await["context"];
    assert_eq!(context["principal"]["id"], session.principal().user_id());
    assert_eq!(context["principal"]["arn"], "arn:aws:sts::123456789012:assumed-role/first/session");
    assert_eq!(context["resource"], role_arn("second"));
    let items = context["conditions"]["items"].as_array().unwrap();
    let value = |key: &str| {
        let item = items.iter().find(|item| item["key"] == key).expect(key);
        item["values"]["items"][0]["value"].as_str().unwrap()
    };
    assert_eq!(value("aws:PrincipalArn"), role_arn("first"));
    assert_eq!(value("aws:TokenIssueTime"), "2027-01-15T08:00:00Z");
    assert_eq!(value("sts:RoleSessionName"), "session");
    assert_eq!(value("sts:ExternalId"), "xyz");
}

/// What a role of another account says is that account's own business, and so is whether there is
/// such a role.
#[tokio::test]
async fn another_accounts_policies_are_left_out() {
    let trust = json!([
        trusts("123456789012"),
        { "Sid": "TheirSecret", "Effect": "Deny", "Principal": { "AWS": "*" },
          "Action": "sts:AssumeRole" },
    ]);
    let (own, foreign) = ("123456789012", "999999999999");
    let mut told_to_account = Vec::new();
    for (account, role, is_told) in
        [(own, "there", true), (foreign, "there", false), (foreign, "other", false)]
    {
        let world = Setup::default()
            .user("alice", Some(allows(&["sts:AssumeRole"])))
            .role_in(account.parse().unwrap(), role, trust.clone(), None)
            .build()
            .await;
        let role_arn = format!("arn:aws:iam::{account}:role/team/there");
        let input = AssumeRoleInput { role_arn, ..assume("there") };
        let denied = world.denied::<AssumeRole>(&world.user("alice"), input);

        let decoded = told(&world, &denied.seal().unwrap()).await;
        assert_eq!(decoded["explicitDeny"], is_told, "{decoded}");
        let kept = denied.keep();
        let account = kept.explain(Audience::CallersAccount);
        let message = decoded.to_string();
        for theirs in ["TheirSecret", "aws:ResourceTag/Name"] {
            assert_eq!(message.contains(theirs), is_told, "{message}");
        }
        assert_eq!(account.to_string().contains("TheirSecret"), is_told, "{account}");
        assert_eq!(account.notes.is_empty(), is_told, "{account}");
        let everyone = kept.explain(Audience::Everyone).to_string();
        let expected = if role == "there" { "TheirSecret" } else { "There is no role arn:" };
        assert!(everyone.contains(expected), "{everyone}");
        told_to_account.push(account);
    }
    let [_, there, not_there] = told_to_account.try_into().unwrap();
    let text = there.to_string();
    let note = format!(
        "This is how the policies of account {own} alone decide: those of other accounts are left \
         out, and what is known of their resources.\n\nAllowed: arn:aws:iam::{own}:user/alice "
    );
    assert!(text.starts_with(&note) && !text.contains("To have it"), "{text}");
    assert_eq!(text, not_there.to_string());
}

#[tokio::test]
async fn what_is_not_a_message_to_this_account_is_none() {
    let world = Setup::default().user("alice", None).build().await;
    let denied = key_info(&world, &world.user("alice"));
    let message = denied.seal().unwrap();
    let mut altered = message.clone();
    altered.replace_range(100..101, if message.get(100..101) == Some("A") { "B" } else { "A" });
    let elsewhere = KeyRing::generate(&*world.env.ids);
    let elsewhere = denied.message().unwrap().seal(denied.account(), &elsewhere, &*world.env.ids);
    let ring = world.env.directory.ring();
    let to_others =
        denied.message().unwrap().seal("999999999999".parse().unwrap(), &ring, &*world.env.ids);
    for message in ["x".to_owned(), altered, elsewhere.unwrap(), to_others.unwrap()] {
        let answer = decode(&world, &world.root(), &message).await;
        assert_eq!(
            refusal(answer),
            "400 InvalidAuthorizationMessageException Message is not valid",
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_message_that_would_be_too_long_says_less() {
    let long = |count: usize| (0..count).map(|n| format!("10.{}.{}.0/24", n / 256, n % 256));
    let deny = json!([{
        "Sid": "Long",
        "Effect": "Deny",
        "Action": "sts:*",
        "Resource": "*",
        "Condition": { "NotIpAddress": { "aws:SourceIp": long(1_000).collect::<Vec<_>>() } },
    }]);
    let world = Setup::default().user("alice", Some(deny)).build().await;
    let message = key_info(&world, &world.user("alice")).seal().unwrap();
    assert!(message.len() <= 10_240);
    let decoded = told(&world, &message).await;
    assert_eq!(decoded["explicitDeny"], true);
    assert_eq!(decoded["matchedStatements"], json!({ "items": [] }));
    assert_eq!(decoded["context"]["conditions"], json!({ "items": [] }));
    assert_eq!(decoded["context"]["action"], "sts:GetAccessKeyInfo");
}

fn key_info(world: &World, caller: &daypass_state::Caller) -> Decided {
    let input = GetAccessKeyInfoInput { access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned() };
    world.denied::<GetAccessKeyInfo>(caller, input)
}

fn assume(role: &str) -> AssumeRoleInput {
    AssumeRoleInput {
        role_arn: role_arn(role),
        role_session_name: "session".to_owned(),
        ..AssumeRoleInput::default()
    }
}

async fn told(world: &World, message: &str) -> Value {
    serde_json::from_str(&decode(world, &world.root(), message).await.unwrap()).unwrap()
}

async fn decode(
    world: &World,
    caller: &daypass_state::Caller,
    message: &str,
) -> Result<String, ServiceError> {
    let input = DecodeAuthorizationMessageInput { encoded_message: message.to_owned() };
    let output = world.call::<DecodeAuthorizationMessage>(caller, input).await?;
    Ok(output.decoded_message.unwrap())
}

fn values(texts: &[&str]) -> Value {
    json!({ "items": texts.iter().map(|value| json!({ "value": value })).collect::<Vec<_>>() })
}

fn keys(pairs: &[(&str, &str)]) -> Value {
    let item = |(key, value): &(&str, &str)| json!({ "key": key, "values": values(&[value]) });
    json!({ "items": pairs.iter().map(item).collect::<Vec<_>>() })
}
