//! Policies that are passed when a session is opened: they take away and never give.

use aws_sdk_sts::types::PolicyDescriptorType;
use daypass_tests::{ACCOUNT, Refused, World, allow, deny, policy, refusal, session_keys, trust};
use serde_json::json;

const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/admin/session";

#[tokio::test]
async fn an_inline_policy_limits_the_session() {
    let world = World::start().await;
    let role = world.admin_role("admin").await;
    let call = world.sts(&world.root()).assume_role().role_arn(role.arn());
    let call = call
        .role_session_name("session")
        .policy(policy(json!([allow("iam:*User", "*"), deny("iam:DeleteUser", "*"),])));
    let assumed = call.send().await.unwrap();
    #[expect(deprecated, reason = "what takes its place is not documented yet")]
    let packed = assumed.packed_policy_size();
    assert!(packed.is_some_and(|percent| (1..=100).contains(&percent)));
    let iam = world.iam(&session_keys(assumed.credentials));

    iam.create_user().user_name("alice").send().await.unwrap();
    let message = format!(
        "User: {SESSION} is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::123456789012:user/ because no session policy allows the iam:ListUsers action"
    );
    let refused = iam.list_users().send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
    let message = format!(
        "User: {SESSION} is not authorized to perform: iam:DeleteUser on resource: user \
         alice with an explicit deny in a session policy"
    );
    let refused = iam.delete_user().user_name("alice").send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn managed_policies_limit_the_session() {
    let world = World::start().await;
    let role = world.admin_role("admin").await;
    let read_only = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
    let call = world.sts(&world.root()).assume_role().role_arn(role.arn());
    let call = call.role_session_name("session");
    let call = call.policy_arns(PolicyDescriptorType::builder().arn(read_only).build());
    let iam = world.iam(&session_keys(call.send().await.unwrap().credentials));

    assert_eq!(iam.list_users().send().await.unwrap().users(), []);
    let message = format!(
        "User: {SESSION} is not authorized to perform: iam:CreateUser on resource: \
         arn:aws:iam::123456789012:user/bob because no session policy allows the iam:CreateUser \
         action"
    );
    let refused = iam.create_user().user_name("bob").send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn a_session_policy_gives_nothing_that_the_role_does_not_have() {
    let world = World::start().await;
    let role = world.role("worker", trust(ACCOUNT)).await;
    let call = world.sts(&world.root()).assume_role().role_arn(role.arn());
    let call = call.role_session_name("session").policy(policy(allow("*", "*")));
    let iam = world.iam(&session_keys(call.send().await.unwrap().credentials));
    let message = "User: arn:aws:sts::123456789012:assumed-role/worker/session is not authorized \
                   to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because \
                   no identity-based policy allows the iam:ListUsers action";
    let refused = iam.list_users().send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn a_policy_that_is_none_or_too_big_opens_no_session() {
    let world = World::start().await;
    let role = world.admin_role("admin").await;
    let assume = |policy: String| {
        let call = world.sts(&world.root()).assume_role().role_arn(role.arn());
        call.role_session_name("session").policy(policy).send()
    };
    let refused = assume("{}".to_owned()).await.refused();
    assert_eq!((refused.status, &*refused.code), (400, "MalformedPolicyDocument"));
    let resources: Vec<String> =
        (0..100).map(|user| format!("arn:aws:iam::123456789012:user/{user:04}")).collect();
    let statement = json!({"Effect": "Allow", "Action": "iam:GetUser", "Resource": resources});
    let refused = assume(policy(statement)).await.refused();
    assert_eq!((refused.status, &*refused.code), (400, "PackedPolicyTooLarge"));
}
