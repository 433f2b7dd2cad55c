//! Roles that are assumed one through another: what the last of them knows of who was the first.

use aws_credential_types::Credentials;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;
use aws_sdk_sts::types::Tag;
use daypass_tests::{ACCOUNT, Refused, World, allow, policy, refusal, session_keys};
use serde_json::json;

const ROLES: [&str; 3] = ["gate", "yard", "vault"];

#[tokio::test]
async fn of_the_tags_that_begin_a_chain_the_transitive_ones_reach_its_end() {
    let world = chained().await;
    let first = hop(&world, &world.root(), "gate").tags(tag("team", "red")).tags(tag("job", "42"));
    let first = session_keys(first.transitive_tag_keys("team").send().await.unwrap().credentials);

    let message = "One of the specified transitive tag keys can't be set because it conflicts \
                   with a transitive tag key from the calling session.";
    for value in ["blue", "red"] {
        let other = hop(&world, &first, "yard").tags(tag("team", value)).send().await;
        assert_eq!(other.refused(), refusal(400, "InvalidParameterValue", message), "{value}");
    }
    // A tag that did not come along can be set anew, and then goes no further.
    let second = hop(&world, &first, "yard").tags(tag("job", "42")).send().await.unwrap();
    let second = session_keys(second.credentials);
    let third = session_keys(hop(&world, &second, "vault").send().await.unwrap().credentials);
    let arn = "arn:aws:sts::123456789012:assumed-role/vault/hop";
    assert_eq!(world.identity(&third).await[0], arn);

    world.iam(&third).list_users().send().await.unwrap();
    let message = format!(
        "User: {arn} is not authorized to perform: iam:ListRoles on resource: \
         arn:aws:iam::{ACCOUNT}:role/ because no identity-based policy allows the iam:ListRoles \
         action"
    );
    let denied = world.iam(&third).list_roles().send().await.refused();
    assert_eq!(denied, refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn a_chain_that_begins_without_tags_ends_without() {
    let world = chained().await;
    let mut keys = world.root();
    for role in ROLES {
        keys = session_keys(hop(&world, &keys, role).send().await.unwrap().credentials);
    }
    let denied = world.iam(&keys).list_users().send().await.refused();
    assert_eq!((denied.status, &*denied.code), (403, "AccessDenied"));
}

/// A world with three roles, each of which trusts the one before it. What the last may do depends on
/// tags.
async fn chained() -> World {
    let world = World::start().await;
    let mut trusted = format!("arn:aws:iam::{ACCOUNT}:root");
    for name in ROLES {
        let actions = ["sts:AssumeRole", "sts:TagSession"];
        let trust = json!({"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": actions});
        trusted = world.role(name, trust).await.arn;
    }
    let if_tagged = |action: &str, key: &str, value: &str| {
        let mut statement = allow(action, "*");
        statement["Condition"] =
            json!({"StringEquals": {format!("aws:PrincipalTag/{key}"): value}});
        statement
    };
    let statements =
        json!([if_tagged("iam:ListUsers", "team", "red"), if_tagged("iam:ListRoles", "job", "42")]);
    let iam = world.iam(&world.root());
    let put = iam.put_role_policy().role_name("vault").policy_name("tagged");
    put.policy_document(policy(statements)).send().await.unwrap();
    world
}

fn hop(world: &World, keys: &Credentials, role: &str) -> AssumeRoleFluentBuilder {
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
    world.sts(keys).assume_role().role_arn(arn).role_session_name("hop")
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}
