//! What each kind of policy gives and takes, one after the other, and in which words.

use std::future::Future;

use aws_credential_types::Credentials;
use aws_sdk_sts::types::Tag;
use daypass_tests::{ACCOUNT, Refused, World, allow, deny, policy, refusal, session_keys, trust};
use serde_json::{Value, json};

const ALICE: &str = "arn:aws:iam::123456789012:user/alice";
const BOB: &str = "arn:aws:iam::123456789012:user/bob";

/// The refusal of `iam:CreateUser` on bob.
fn may_not_create_bob(caller: &str, why: &str) -> daypass_tests::Refusal {
    let message = format!(
        "User: {caller} is not authorized to perform: iam:CreateUser on resource: {BOB} {why}"
    );
    refusal(403, "AccessDenied", message)
}

const NO_IDENTITY_POLICY: &str =
    "because no identity-based policy allows the iam:CreateUser action";

/// Whether these keys make the user bob, who is gone again afterwards.
async fn create_bob(world: &World, keys: &Credentials) -> Result<(), daypass_tests::Refusal> {
    let outcome = world.iam(keys).create_user().user_name("bob").send().await;
    if outcome.is_err() {
        return Err(outcome.refused());
    }
    world.iam(&world.root()).delete_user().user_name("bob").send().await.unwrap();
    Ok(())
}

/// A managed policy of one statement, by its ARN.
async fn managed(world: &World, name: &str, statement: Value) -> String {
    let iam = world.iam(&world.root());
    let create = iam.create_policy().policy_name(name).policy_document(policy(statement));
    create.send().await.unwrap().policy.unwrap().arn.unwrap()
}

/// Denied; then something is given: allowed; then it is taken away: denied again.
async fn turns<G, T>(world: &World, alice: &Credentials, give: G, take: T)
where
    G: Future<Output = ()>,
    T: Future<Output = ()>,
{
    let denied = may_not_create_bob(ALICE, NO_IDENTITY_POLICY);
    assert_eq!(create_bob(world, alice).await, Err(denied.clone()));
    give.await;
    assert_eq!(create_bob(world, alice).await, Ok(()));
    take.await;
    assert_eq!(create_bob(world, alice).await, Err(denied));
}

#[tokio::test]
async fn a_user_is_allowed_by_each_kind_of_identity_policy_in_turn() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let create = || allow("iam:CreateUser", "arn:aws:iam::*:user/b*");
    let arn = managed(&world, "create", create()).await;

    let give = async {
        let put = iam.put_user_policy().user_name("alice").policy_name("p");
        put.policy_document(policy(create())).send().await.unwrap();
    };
    let take = async {
        iam.delete_user_policy().user_name("alice").policy_name("p").send().await.unwrap();
    };
    turns(&world, &alice, give, take).await;

    let give = async {
        iam.attach_user_policy().user_name("alice").policy_arn(&arn).send().await.unwrap();
    };
    let take = async {
        iam.detach_user_policy().user_name("alice").policy_arn(&arn).send().await.unwrap();
    };
    turns(&world, &alice, give, take).await;

    iam.create_group().group_name("makers").send().await.unwrap();
    iam.add_user_to_group().group_name("makers").user_name("alice").send().await.unwrap();
    let give = async {
        let put = iam.put_group_policy().group_name("makers").policy_name("p");
        put.policy_document(policy(create())).send().await.unwrap();
    };
    let take = async {
        iam.delete_group_policy().group_name("makers").policy_name("p").send().await.unwrap();
    };
    turns(&world, &alice, give, take).await;

    let give = async {
        iam.attach_group_policy().group_name("makers").policy_arn(&arn).send().await.unwrap();
    };
    let take = async {
        iam.remove_user_from_group().group_name("makers").user_name("alice").send().await.unwrap();
    };
    turns(&world, &alice, give, take).await;
}

#[tokio::test]
async fn a_deny_wins_and_its_managed_policy_is_named() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    world.permit("alice", allow("iam:*", "*")).await;
    assert_eq!(create_bob(&world, &alice).await, Ok(()));

    let put = iam.put_user_policy().user_name("alice").policy_name("no");
    put.policy_document(policy(deny("iam:Create*", "*"))).send().await.unwrap();
    let inline = may_not_create_bob(ALICE, "with an explicit deny in an identity-based policy");
    assert_eq!(create_bob(&world, &alice).await, Err(inline));
    iam.delete_user_policy().user_name("alice").policy_name("no").send().await.unwrap();

    let arn = managed(&world, "never", deny("iam:CreateUser", "*")).await;
    iam.attach_user_policy().user_name("alice").policy_arn(&arn).send().await.unwrap();
    let why = "with an explicit deny in an identity-based policy: \
               arn:aws:iam::123456789012:policy/never";
    assert_eq!(create_bob(&world, &alice).await, Err(may_not_create_bob(ALICE, why)));
}

#[tokio::test]
async fn a_boundary_cuts() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    world.permit("alice", allow("iam:*", "*")).await;
    let bound = |arn: String| {
        let put = iam.put_user_permissions_boundary().user_name("alice");
        async move { put.permissions_boundary(arn).send().await.unwrap() }
    };

    bound(managed(&world, "reads", allow("iam:Get*", "*")).await).await;
    let why = "because no permissions boundary allows the iam:CreateUser action";
    assert_eq!(create_bob(&world, &alice).await, Err(may_not_create_bob(ALICE, why)));

    let all_but = json!([allow("*", "*"), deny("iam:CreateUser", "*")]);
    bound(managed(&world, "all-but", all_but).await).await;
    let why = "with an explicit deny in a permissions boundary: \
               arn:aws:iam::123456789012:policy/all-but";
    assert_eq!(create_bob(&world, &alice).await, Err(may_not_create_bob(ALICE, why)));

    iam.delete_user_permissions_boundary().user_name("alice").send().await.unwrap();
    assert_eq!(create_bob(&world, &alice).await, Ok(()));
}

#[tokio::test]
async fn a_session_policy_cuts() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let role = world.role("admin", trust(ALICE)).await;
    let iam = world.iam(&world.root());
    let attach = iam.attach_role_policy().role_name("admin");
    attach.policy_arn("arn:aws:iam::aws:policy/AdministratorAccess").send().await.unwrap();
    let session = |document: Option<String>, arn: Option<&str>| {
        let arns = arn
            .map(|arn| vec![aws_sdk_sts::types::PolicyDescriptorType::builder().arn(arn).build()]);
        let call = world.sts(&alice).assume_role().role_arn(role.arn()).role_session_name("cut");
        let call = call.set_policy(document).set_policy_arns(arns);
        async { session_keys(call.send().await.unwrap().credentials) }
    };
    let me = "arn:aws:sts::123456789012:assumed-role/admin/cut";

    assert_eq!(create_bob(&world, &session(None, None).await).await, Ok(()));
    let reads = policy(allow("iam:Get*", "*"));
    let why = "because no session policy allows the iam:CreateUser action";
    let cut = session(Some(reads), None).await;
    assert_eq!(create_bob(&world, &cut).await, Err(may_not_create_bob(me, why)));
    let all_but = policy(json!([allow("*", "*"), deny("iam:CreateUser", "*")]));
    let why = "with an explicit deny in a session policy";
    let cut = session(Some(all_but), None).await;
    assert_eq!(create_bob(&world, &cut).await, Err(may_not_create_bob(me, why)));
    let arn = managed(&world, "never", json!([allow("*", "*"), deny("iam:CreateUser", "*")])).await;
    let why = "with an explicit deny in a session policy: \
               arn:aws:iam::123456789012:policy/never";
    let cut = session(None, Some(&arn)).await;
    assert_eq!(create_bob(&world, &cut).await, Err(may_not_create_bob(me, why)));
}

#[tokio::test]
async fn a_role_of_another_account_wants_its_external_id() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "arn:aws:iam::210987654321:role/vendor")).await;
    let vendor = Credentials::from_keys("210987654321", "test", None);
    let mut statement = trust(ACCOUNT);
    statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": "tenant-7"}});
    let create = world.iam(&vendor).create_role().role_name("vendor");
    let role = create.assume_role_policy_document(policy(statement)).send().await.unwrap();
    let role = role.role.unwrap();
    let assume = |external_id: Option<&str>| {
        let call = world.sts(&alice).assume_role().role_arn(role.arn()).role_session_name("alice");
        call.set_external_id(external_id.map(str::to_owned)).send()
    };

    let denied = refusal(
        403,
        "AccessDenied",
        format!(
            "User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: \
             arn:aws:iam::210987654321:role/vendor"
        ),
    );
    assert_eq!(assume(None).await.refused(), denied);
    assert_eq!(assume(Some("tenant-8")).await.refused(), denied);
    let assumed = assume(Some("tenant-7")).await.unwrap();
    let session = session_keys(assumed.credentials);
    let me = "arn:aws:sts::210987654321:assumed-role/vendor/alice";
    assert_eq!(world.identity(&session).await[0], me);
}

#[tokio::test]
async fn session_tags_decide_what_is_reached() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let iam = world.iam(&world.root());
    let mut tagging = trust(ALICE);
    tagging["Action"] = json!(["sts:AssumeRole", "sts:TagSession"]);
    tagging["Condition"] = json!({"StringEquals": {"aws:RequestTag/team": ["red", "blue"]}});
    let role = world.role("team", tagging).await;
    // Attribute-based access control: the caller's tag must be the resource's.
    let mut same_team = allow("iam:GetUser", "*");
    same_team["Condition"] =
        json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}});
    let put = iam.put_role_policy().role_name("team").policy_name("same-team");
    put.policy_document(policy(same_team)).send().await.unwrap();
    for team in ["red", "blue"] {
        let tag = aws_sdk_iam::types::Tag::builder().key("team").value(team).build().unwrap();
        iam.create_user().user_name(format!("of-{team}")).tags(tag).send().await.unwrap();
    }
    let assume = |team: &str| {
        let tag = Tag::builder().key("team").value(team).build().unwrap();
        let call = world.sts(&alice).assume_role().role_arn(role.arn()).role_session_name(team);
        call.tags(tag).send()
    };

    let red = session_keys(assume("red").await.unwrap().credentials);
    world.iam(&red).get_user().user_name("of-red").send().await.unwrap();
    let message = "User: arn:aws:sts::123456789012:assumed-role/team/red is not authorized to \
                   perform: iam:GetUser on resource: user of-blue because no identity-based \
                   policy allows the iam:GetUser action";
    let refused = world.iam(&red).get_user().user_name("of-blue").send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", message));
    let refused = assume("green").await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));
}
