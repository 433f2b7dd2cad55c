//! Who may become a role: what its trust policy and the caller's own policies say together.

use daypass::Daypass;
use daypass_tests::{ACCOUNT, Refused, World, allow, deny, policy, refusal, trust};

const ALICE: &str = "arn:aws:iam::123456789012:user/alice";
const ROLE: &str = "arn:aws:iam::123456789012:role/deployer";

#[tokio::test]
async fn a_user_needs_a_policy_of_their_own_where_the_role_trusts_the_account() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let role = world.role("deployer", trust(ACCOUNT)).await;
    let assume = || {
        let sts = world.sts(&alice);
        sts.assume_role().role_arn(role.arn()).role_session_name("alice").send()
    };
    let denied = refusal(
        403,
        "AccessDenied",
        format!("User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"),
    );

    assert_eq!(assume().await.refused(), denied);
    world.permit("alice", allow("sts:AssumeRole", role.arn())).await;
    let assumed = assume().await.unwrap().assumed_role_user.unwrap();
    assert_eq!(assumed.arn(), "arn:aws:sts::123456789012:assumed-role/deployer/alice");
    world.permit("alice", deny("sts:AssumeRole", role.arn())).await;
    assert_eq!(assume().await.refused(), denied);
}

#[tokio::test]
async fn a_user_who_is_named_and_permitted_becomes_the_role_and_nobody_else_does() {
    let world = World::start().await;
    let (alice, mallory) = (world.user("alice").await, world.user("mallory").await);
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    world.permit("mallory", allow("sts:AssumeRole", "*")).await;
    let role = world.role("deployer", trust(&format!("arn:aws:iam::{ACCOUNT}:user/mallory"))).await;
    let assume = |keys| {
        world.sts(keys).assume_role().role_arn(role.arn()).role_session_name("session").send()
    };
    let denied = |name| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/{name} is not authorized to perform: \
             sts:AssumeRole on resource: {ROLE}"
        );
        refusal(403, "AccessDenied", message)
    };

    assert_eq!(assume(&alice).await.refused(), denied("alice"));
    assume(&mallory).await.unwrap();

    let iam = world.iam(&world.root());
    let update = iam.update_assume_role_policy().role_name("deployer");
    update.policy_document(policy(trust(ALICE))).send().await.unwrap();
    assume(&alice).await.unwrap();
    assert_eq!(assume(&mallory).await.refused(), denied("mallory"));
}

#[tokio::test]
async fn a_role_of_another_account_must_be_permitted_on_both_sides() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let other = aws_credential_types::Credentials::from_keys("210987654321", "test", None);
    let create = world.iam(&other).create_role().role_name("guest");
    let role = create.assume_role_policy_document(policy(trust(ALICE))).send().await.unwrap();
    let role = role.role.unwrap();
    assert_eq!(role.arn(), "arn:aws:iam::210987654321:role/guest");
    let assume = || {
        let sts = world.sts(&alice);
        sts.assume_role().role_arn(role.arn()).role_session_name("alice").send()
    };

    let message = format!(
        "User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: \
         arn:aws:iam::210987654321:role/guest"
    );
    assert_eq!(assume().await.refused(), refusal(403, "AccessDenied", message));
    world.permit("alice", allow("sts:AssumeRole", role.arn())).await;
    let assumed = assume().await.unwrap().assumed_role_user.unwrap();
    assert_eq!(assumed.arn(), "arn:aws:sts::210987654321:assumed-role/guest/alice");
}

#[tokio::test]
async fn a_role_that_is_not_there_is_one_that_trusts_nobody() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:*", "*")).await;
    let call = world.sts(&alice).assume_role().role_arn(ROLE).role_session_name("alice");
    let message =
        format!("User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {ROLE}");
    assert_eq!(call.send().await.refused(), refusal(403, "AccessDenied", message));
}

#[tokio::test]
async fn a_user_without_permissions_may_do_nothing_and_root_everything() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let message = format!(
        "User: {ALICE} is not authorized to perform: iam:CreateUser on resource: \
         arn:aws:iam::123456789012:user/bob because no identity-based policy allows the \
         iam:CreateUser action"
    );
    let create = |keys| world.iam(keys).create_user().user_name("bob").send();
    assert_eq!(create(&alice).await.refused(), refusal(403, "AccessDenied", message));
    create(&world.root()).await.unwrap();

    world.permit("alice", deny("iam:*", "*")).await;
    let message = format!(
        "User: {ALICE} is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::123456789012:user/ with an explicit deny in an identity-based policy"
    );
    let list = world.iam(&alice).list_users().send().await;
    assert_eq!(list.refused(), refusal(403, "AccessDenied", message));
    // Whoever signs may ask who they are, whatever their policies say.
    world.permit("alice", deny("*", "*")).await;
    assert_eq!(world.identity(&alice).await[0], ALICE);
}

#[tokio::test]
async fn root_becomes_a_role_only_where_daypass_is_not_strict() {
    for strict in [false, true] {
        let world = World::of(Daypass::builder().strict(strict)).await;
        let role = world.role("deployer", trust(ACCOUNT)).await;
        let sts = world.sts(&world.root());
        let assumed = sts.assume_role().role_arn(role.arn()).role_session_name("root").send().await;
        if strict {
            let message = "Roles may not be assumed by root accounts.";
            assert_eq!(assumed.refused(), refusal(403, "AccessDenied", message));
        } else {
            assumed.unwrap();
        }
    }
}
