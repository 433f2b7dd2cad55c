//! The first thing that anybody tries.

use aws_credential_types::Credentials;
use aws_smithy_types::DateTime;
use daypass_tests::{ACCOUNT, World, session_keys, trust};

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

#[tokio::test]
async fn root_makes_a_user_and_a_role_and_becomes_the_role() {
    let world = World::start().await;
    let root = world.root();
    let (iam, sts) = (world.iam(&root), world.sts(&root));
    let now = DateTime::from_secs(1_800_000_000);
    world.daypass.clock().freeze(now);

    assert_eq!(world.identity(&root).await, ["arn:aws:iam::123456789012:root", ACCOUNT, ACCOUNT]);

    let user = iam.create_user().user_name("alice").path("/staff/").send().await.unwrap();
    let user = user.user.unwrap();
    assert_eq!(user.arn(), "arn:aws:iam::123456789012:user/staff/alice");
    assert_eq!((user.path(), user.user_name()), ("/staff/", "alice"));
    assert!(user.user_id().starts_with("AIDA"), "{}", user.user_id());
    assert_eq!(*user.create_date(), now);

    let key = iam.create_access_key().user_name("alice").send().await.unwrap();
    let key = key.access_key.unwrap();
    assert!(key.access_key_id().starts_with("AKIA"), "{}", key.access_key_id());
    assert_eq!(key.secret_access_key().len(), 40);
    let alice = Credentials::from_keys(key.access_key_id(), key.secret_access_key(), None);
    let alice_is = [user.arn(), user.user_id(), ACCOUNT];
    assert_eq!(world.identity(&alice).await, alice_is);

    let session = world.sts(&alice).get_session_token().send().await.unwrap();
    let session = session.credentials.unwrap();
    assert!(session.access_key_id().starts_with("ASIA"), "{}", session.access_key_id());
    assert_eq!(*session.expiration(), DateTime::from_secs(now.secs() + 12 * 3600));
    assert_eq!(world.identity(&session_keys(Some(session))).await, alice_is);

    let role = world.role("deployer", trust("arn:aws:iam::123456789012:root")).await;
    assert_eq!(role.arn(), "arn:aws:iam::123456789012:role/deployer");
    assert!(role.role_id().starts_with("AROA"), "{}", role.role_id());
    let attach = iam.attach_role_policy().role_name("deployer").policy_arn(ADMINISTRATOR);
    attach.send().await.unwrap();

    let assume = sts.assume_role().role_arn(role.arn()).role_session_name("first-day");
    let assumed = assume.send().await.unwrap();
    let keys = assumed.credentials().unwrap();
    assert_eq!(*keys.expiration(), DateTime::from_secs(now.secs() + 3600));
    let assumed_user = assumed.assumed_role_user().unwrap();
    let session_id = format!("{}:first-day", role.role_id());
    let session_arn = "arn:aws:sts::123456789012:assumed-role/deployer/first-day";
    assert_eq!((assumed_user.arn(), assumed_user.assumed_role_id()), (session_arn, &*session_id));
    let deployer = session_keys(assumed.credentials);
    assert_eq!(world.identity(&deployer).await, [session_arn, &*session_id, ACCOUNT]);

    // The role's policy is in force: its session does what it takes to clean up.
    let iam = world.iam(&deployer);
    let delete_key = iam.delete_access_key().user_name("alice").access_key_id(key.access_key_id());
    delete_key.send().await.unwrap();
    iam.delete_user().user_name("alice").send().await.unwrap();
    assert_eq!(iam.list_users().send().await.unwrap().users(), []);

    let iam = world.iam(&root);
    let detach = iam.detach_role_policy().role_name("deployer").policy_arn(ADMINISTRATOR);
    detach.send().await.unwrap();
    iam.delete_role().role_name("deployer").send().await.unwrap();
    assert_eq!(iam.list_roles().send().await.unwrap().roles(), []);
    let attached = iam.list_entities_for_policy().policy_arn(ADMINISTRATOR).send().await.unwrap();
    assert_eq!(attached.policy_roles(), []);
}
