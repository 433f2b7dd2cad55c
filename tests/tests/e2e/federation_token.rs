//! A user hands somebody without an account of their own a session that is named, tagged and cut.

use std::time::Duration;

use daypass_tests::{ACCOUNT, Refused, World, allow, invalid_token, policy, refusal, session_keys};
use serde_json::json;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_broker_names_whom_it_hands_a_session() {
    let world = World::start().await;
    let broker = world.user("broker").await;
    let both = json!([allow("sts:GetFederationToken", "*"), allow("iam:ListUsers", "*")]);
    world.permit("broker", both).await;
    let sts = world.sts(&broker);
    let answer = sts
        .get_federation_token()
        .name("guest")
        .policy(policy(allow("iam:ListUsers", "*")))
        .duration_seconds(1800)
        .send()
        .await
        .unwrap();
    let guest = answer.federated_user().unwrap();
    let arn = format!("arn:aws:sts::{ACCOUNT}:federated-user/guest");
    assert_eq!(guest.arn(), arn);
    assert_eq!(guest.federated_user_id(), format!("{ACCOUNT}:guest"));
    let session = session_keys(answer.credentials);
    assert!(session.access_key_id().starts_with("ASIA"));
    assert_eq!(
        world.identity(&session).await,
        [arn, format!("{ACCOUNT}:guest"), ACCOUNT.to_owned()]
    );
    // IAM is not for such sessions, whatever their policies say.
    let answer = world.iam(&session).list_users().send().await;
    assert_eq!(answer.refused(), invalid_token());
    let again = world.sts(&session).get_federation_token().name("guest").send().await;
    let message = "Cannot call GetFederationToken with session credentials";
    assert_eq!(again.refused(), refusal(403, "AccessDenied", message));

    world.pass(HOUR);
    let answer = world.sts(&session).get_caller_identity().send().await;
    let message = "The security token included in the request is expired";
    assert_eq!(answer.refused(), refusal(403, "ExpiredToken", message));
}

#[tokio::test]
async fn who_may_hand_out_which_name_and_which_tags_is_a_matter_of_policy() {
    let world = World::start().await;
    let broker = world.user("broker").await;
    let names = format!("arn:aws:sts::{ACCOUNT}:federated-user/guest-*");
    world
        .permit(
            "broker",
            json!([
                allow("sts:GetFederationToken", &names),
                {
                    "Effect": "Allow",
                    "Action": "sts:TagSession",
                    "Resource": names,
                    "Condition": { "StringEquals": { "aws:RequestTag/team": "red" } },
                },
            ]),
        )
        .await;
    let get = |name: &str, team: Option<&str>| {
        let tag = |value| aws_sdk_sts::types::Tag::builder().key("team").value(value).build();
        let request = world.sts(&broker).get_federation_token().name(name);
        match team {
            Some(team) => request.tags(tag(team).unwrap()).send(),
            None => request.send(),
        }
    };
    let denied = |action: &str, name: &str| {
        let message = format!(
            "User: arn:aws:iam::{ACCOUNT}:user/broker is not authorized to perform: {action} on \
             resource: arn:aws:sts::{ACCOUNT}:federated-user/{name} because no identity-based \
             policy allows the {action} action"
        );
        refusal(403, "AccessDenied", message)
    };
    get("guest-1", None).await.unwrap();
    get("guest-1", Some("red")).await.unwrap();
    assert_eq!(get("boss", None).await.refused(), denied("sts:GetFederationToken", "boss"));
    let blue = get("guest-1", Some("blue")).await;
    assert_eq!(blue.refused(), denied("sts:TagSession", "guest-1"));
}

#[tokio::test]
async fn a_session_ends_with_the_user_who_asked_for_it() {
    let world = World::start().await;
    let broker = world.user("broker").await;
    world.permit("broker", allow("sts:*", "*")).await;
    let answer = world.sts(&broker).get_federation_token().name("guest").send().await.unwrap();
    let of_broker = session_keys(answer.credentials);
    let answer = world.sts(&world.root()).get_federation_token().name("guest").send().await;
    let of_root = session_keys(answer.unwrap().credentials);
    world.identity(&of_broker).await;

    let iam = world.iam(&world.root());
    let key = iam.delete_access_key().user_name("broker").access_key_id(broker.access_key_id());
    key.send().await.unwrap();
    world.identity(&of_broker).await;
    for name in iam.list_user_policies().user_name("broker").send().await.unwrap().policy_names() {
        let policy = iam.delete_user_policy().user_name("broker").policy_name(name);
        policy.send().await.unwrap();
    }
    iam.delete_user().user_name("broker").send().await.unwrap();
    world.user("broker").await;
    let answer = world.sts(&of_broker).get_caller_identity().send().await;
    assert_eq!(answer.refused(), invalid_token(), "a namesake is somebody else");

    // A root user cannot be deleted, and hands out an hour at most.
    world.identity(&of_root).await;
    world.pass(HOUR);
    let answer = world.sts(&of_root).get_caller_identity().send().await;
    let message = "The security token included in the request is expired";
    assert_eq!(answer.refused(), refusal(403, "ExpiredToken", message));
}
