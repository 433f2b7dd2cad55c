//! What the control policies of an organisation take, along the tree from its root to an account.

use aws_credential_types::Credentials;
use daypass::{Daypass, Seed};
use daypass_tests::{Refusal, Refused, World, allow, policy, refusal, trust};

const SEED: &str = r#"
[[accounts]]
id = "123456789012"
[[accounts.roles]]
name = "shared"
attached_policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
trust_policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}'

[[organizations]]
id = "o-a1b2c3d4e5"
management_account = "123456789012"
without_full_aws_access = ["narrow"]

[[organizations.units]]
name = "wide"
accounts = ["111111111111"]

[[organizations.units.units]]
name = "guarded"
accounts = ["222222222222"]

[[organizations.units]]
name = "narrow"
accounts = ["333333333333"]

[[organizations.service_control_policies]]
name = "no-users"
id = "p-nousers1"
targets = ["wide/guarded", "123456789012"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}}'

[[organizations.service_control_policies]]
name = "only-sts"
targets = ["narrow"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["sts:*","iam:CreateRole"],"Resource":"*"}}'

[[organizations.resource_control_policies]]
name = "perimeter"
id = "p-perimeter"
targets = ["111111111111"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}}'
"#;

async fn organization() -> World {
    World::of(Daypass::builder().seed(Seed::from_toml("seed.toml", SEED).unwrap())).await
}

/// The root user of an account.
fn root_of(account: &str) -> Credentials {
    Credentials::from_keys(account, "test", None)
}

async fn create_user(world: &World, account: &str) -> Result<(), Refusal> {
    let outcome = world.iam(&root_of(account)).create_user().user_name("new").send().await;
    if outcome.is_ok() { Ok(()) } else { Err(outcome.refused()) }
}

fn may_not_create(account: &str, why: &str) -> Refusal {
    let message = format!(
        "User: arn:aws:iam::{account}:root is not authorized to perform: iam:CreateUser on \
         resource: arn:aws:iam::{account}:user/new with an explicit deny in a service control \
         policy{why}"
    );
    refusal(403, "AccessDenied", message)
}

#[tokio::test]
async fn a_service_control_policy_binds_the_accounts_below_it_even_their_root_users() {
    let world = organization().await;
    assert_eq!(create_user(&world, "111111111111").await, Ok(()));
    let named = ": arn:aws:organizations::123456789012:policy/o-a1b2c3d4e5/\
                 service_control_policy/p-nousers1";
    let denied = may_not_create("222222222222", named);
    assert_eq!(create_user(&world, "222222222222").await, Err(denied));
    // What no level allows is denied in the same words, though no statement can be named.
    let denied = may_not_create("333333333333", "");
    assert_eq!(create_user(&world, "333333333333").await, Err(denied));
    // The management account is bound by none, nor is an account outside.
    assert_eq!(create_user(&world, "123456789012").await, Ok(()));
    assert_eq!(create_user(&world, "444444444444").await, Ok(()));
}

#[tokio::test]
async fn a_role_may_trust_the_whole_organization() {
    let world = organization().await;
    let shared = "arn:aws:iam::123456789012:role/shared";
    assert_eq!(enter(&world, "111111111111", shared).await, Ok(()));
    let denied = Err(may_not_enter("444444444444", shared));
    assert_eq!(enter(&world, "444444444444", shared).await, denied);
}

#[tokio::test]
async fn a_resource_control_policy_keeps_strangers_from_a_role_that_trusts_them() {
    let world = organization().await;
    let iam = world.iam(&root_of("111111111111"));
    let create = iam.create_role().role_name("open");
    let create = create.assume_role_policy_document(policy(trust("*")));
    let open = create.send().await.unwrap().role.unwrap().arn;
    assert_eq!(enter(&world, "222222222222", &open).await, Ok(()));
    let denied = Err(may_not_enter("444444444444", &open));
    assert_eq!(enter(&world, "444444444444", &open).await, denied);
}

/// Whether a role of an account, which may assume every role, is let into this one.
async fn enter(world: &World, account: &str, role_arn: &str) -> Result<(), Refusal> {
    let iam = world.iam(&root_of(account));
    let create = iam.create_role().role_name("asking");
    let create = create.assume_role_policy_document(policy(trust(account)));
    let asking = create.send().await.unwrap().role.unwrap();
    let put = iam.put_role_policy().role_name("asking").policy_name("may");
    put.policy_document(policy(allow("sts:AssumeRole", "*"))).send().await.unwrap();
    let session = world.assume(&root_of(account), &asking).await;
    let call = world.sts(&session).assume_role().role_arn(role_arn).role_session_name("asking");
    let outcome = call.send().await;
    if outcome.is_ok() { Ok(()) } else { Err(outcome.refused()) }
}

fn may_not_enter(account: &str, role_arn: &str) -> Refusal {
    let message = format!(
        "User: arn:aws:sts::{account}:assumed-role/asking/session is not authorized to perform: \
         sts:AssumeRole on resource: {role_arn}"
    );
    refusal(403, "AccessDenied", message)
}
