//! Temporary credentials are good with their own token, in their own time, and while whose they
//! are is there.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_types::date_time::Format;
use daypass_ident::Clock;
use daypass_tests::{
    ACCOUNT, Refused, Signing, World, allow, deny, invalid_token, policy, refusal, trust,
};
use serde_json::json;

const HOUR: Duration = Duration::from_secs(3600);

fn with_token(keys: &Credentials, token: Option<&str>) -> Credentials {
    let token = token.map(str::to_owned);
    Credentials::from_keys(keys.access_key_id(), keys.secret_access_key(), token)
}

#[tokio::test]
async fn a_session_needs_its_own_token() {
    let world = World::start().await;
    let role = world.admin_role("admin").await;
    let session = world.assume(&world.root(), &role).await;
    let other = world.assume(&world.root(), &role).await;
    world.sts(&session).get_caller_identity().send().await.unwrap();

    let token = session.session_token().unwrap();
    let (head, tail) = token.split_at(token.len() / 2);
    let swapped = if tail.starts_with('A') { "B" } else { "A" };
    let tampered = [head, swapped, tail.get(1..).unwrap()].concat();
    let wrong = [
        None,
        other.session_token(),
        Some(&*tampered),
        Some(head),
        Some("IQoJb3JpZ2luX2VjEXAMPLE"),
        Some("-"),
    ];
    for token in wrong {
        let keys = with_token(&session, token);
        let answer = world.sts(&keys).get_caller_identity().send().await;
        assert_eq!(answer.refused(), invalid_token(), "{token:?}");
        let answer = world.iam(&keys).list_users().send().await;
        assert_eq!(answer.refused(), invalid_token(), "{token:?}");
    }
}

#[tokio::test]
async fn a_token_has_no_business_with_a_long_term_key() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let session = world.session_of(&alice).await;
    let answer = world.sts(&with_token(&alice, session.session_token()));
    let answer = answer.get_caller_identity().send().await;
    assert_eq!(answer.refused(), invalid_token());
}

#[tokio::test]
async fn a_token_counts_though_it_was_not_signed() {
    let world = World::start().await;
    let session = world.assume(&world.root(), &world.admin_role("admin").await).await;
    let request = Signing::sts(&world)
        .post(&with_token(&session, None), "Action=GetCallerIdentity&Version=2011-06-15")
        .with("x-amz-security-token", session.session_token().unwrap());
    assert_eq!(request.to(&world).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_when_its_time_is_over() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let role = world.admin_role("admin").await;
    let of_role = world.assume(&world.root(), &role).await;
    let of_user = world.session_of(&alice).await;
    let expired = || {
        let message = "The security token included in the request is expired";
        refusal(403, "ExpiredToken", message)
    };

    world.pass(HOUR - Duration::from_secs(60));
    world.iam(&of_role).list_users().send().await.unwrap();
    world.pass(Duration::from_secs(120));
    assert_eq!(world.iam(&of_role).list_users().send().await.refused(), expired());
    // AWS looks at the token's time before it looks at the signature.
    let forged = Credentials::from_keys(
        of_role.access_key_id(),
        "guess",
        of_role.session_token().map(str::to_owned),
    );
    let answer = world.sts(&forged).get_caller_identity().send().await;
    assert_eq!(answer.refused(), expired());

    world.sts(&of_user).get_caller_identity().send().await.unwrap();
    world.pass(11 * HOUR);
    let answer = world.sts(&of_user).get_caller_identity().send().await;
    assert_eq!(answer.refused(), expired());
    world.sts(&alice).get_caller_identity().send().await.unwrap();
}

#[tokio::test]
async fn a_session_dies_with_its_role_and_a_namesake_does_not_revive_it() {
    let world = World::start().await;
    let role = world.role("worker", trust(ACCOUNT)).await;
    let session = world.assume(&world.root(), &role).await;
    let ask = || world.sts(&session).get_caller_identity().send();
    ask().await.unwrap();

    world.iam(&world.root()).delete_role().role_name("worker").send().await.unwrap();
    assert_eq!(ask().await.refused(), invalid_token());
    let namesake = world.role("worker", trust(ACCOUNT)).await;
    assert_eq!((namesake.arn(), namesake.role_id() == role.role_id()), (role.arn(), false));
    assert_eq!(ask().await.refused(), invalid_token());
    let session = world.assume(&world.root(), &namesake).await;
    world.sts(&session).get_caller_identity().send().await.unwrap();
}

#[tokio::test]
async fn sessions_from_before_a_moment_can_be_revoked() {
    let world = World::start().await;
    let role = world.admin_role("worker").await;
    let before = world.assume(&world.root(), &role).await;
    world.pass(Duration::from_secs(10));
    let now = world.daypass.clock().now().fmt(Format::DateTime).unwrap();
    let mut revoked = deny("*", "*");
    revoked["Condition"] = json!({"DateLessThan": {"aws:TokenIssueTime": now}});
    let put = world.iam(&world.root()).put_role_policy().role_name("worker");
    let put = put.policy_name("AWSRevokeOlderSessions").policy_document(policy(revoked));
    put.send().await.unwrap();
    world.pass(Duration::from_secs(10));
    let after = world.assume(&world.root(), &role).await;

    world.iam(&after).list_users().send().await.unwrap();
    let message = "User: arn:aws:sts::123456789012:assumed-role/worker/session is not authorized \
                   to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ with an \
                   explicit deny in an identity-based policy";
    let refused = world.iam(&before).list_users().send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn a_session_outlives_its_users_key_but_not_the_user() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let session = world.session_of(&alice).await;
    let ask = || world.sts(&session).get_caller_identity().send();
    let iam = world.iam(&world.root());

    let delete = iam.delete_access_key().user_name("alice").access_key_id(alice.access_key_id());
    delete.send().await.unwrap();
    ask().await.unwrap();
    iam.delete_user().user_name("alice").send().await.unwrap();
    assert_eq!(ask().await.refused(), invalid_token());
    iam.create_user().user_name("alice").send().await.unwrap();
    assert_eq!(ask().await.refused(), invalid_token());
}

#[tokio::test]
async fn a_users_session_may_not_call_what_needs_the_user() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("*", "*")).await;
    let session = world.session_of(&alice).await;

    world.iam(&alice).list_users().send().await.unwrap();
    // IAM wants a code of a device with it.
    assert_eq!(world.iam(&session).list_users().send().await.refused(), invalid_token());
    let again = world.sts(&session).get_session_token().send().await;
    let message = "Cannot call GetSessionToken with session credentials";
    assert_eq!(again.refused(), refusal(403, "AccessDenied", message));
    let role = world.role("worker", trust(ACCOUNT)).await;
    let worker = world.assume(&session, &role).await;
    assert_eq!(
        world.identity(&worker).await[0],
        "arn:aws:sts::123456789012:assumed-role/worker/session"
    );
}
