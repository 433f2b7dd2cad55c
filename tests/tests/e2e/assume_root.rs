//! The management account of an organisation, or a delegated administrator, reaches into a member: a
//! session of the member's root user, for one task and a quarter of an hour.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_iam::error::ProvideErrorMetadata as _;
use aws_sdk_iam::types::FeatureType;
use aws_sdk_sts::types::PolicyDescriptorType;
use daypass::{Daypass, Seed};
use daypass_tests::{Refusal, Refused, Signing, World, allow, refusal, session_keys};

const SEED: &str = r#"
[[organizations]]
id = "o-a1b2c3d4e5"
management_account = "123456789012"

[[organizations.units]]
name = "workloads"
accounts = ["222222222222"]
"#;

const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
const DELETE: &str = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials";
const MEMBER: &str = "222222222222";
const DELEGATED: &str = "333333333333";

/// An organisation, and in its management account an administrator.
async fn organization() -> (World, Credentials) {
    let seed = Seed::from_toml("seed.toml", SEED).unwrap();
    let world = World::of(Daypass::builder().seed(seed)).await;
    let admin = world.user("admin").await;
    world.permit("admin", allow("*", "*")).await;
    (world, admin)
}

async fn assume_root(
    world: &World,
    keys: &Credentials,
    task: &str,
) -> Result<Credentials, Refusal> {
    let task = PolicyDescriptorType::builder().arn(task).build();
    let request = world.sts(keys).assume_root().target_principal(MEMBER).task_policy_arn(task);
    match request.send().await {
        Ok(assumed) => Ok(session_keys(assumed.credentials)),
        refused => Err(refused.refused()),
    }
}

#[tokio::test]
async fn a_seed_may_enable_it() {
    let features = "features = [\"RootSessions\"]\n\n[[organizations.units]]";
    let seed = SEED.replacen("\n[[organizations.units]]", features, 1);
    let seed = Seed::from_toml("seed.toml", seed).unwrap();
    let world = World::of(Daypass::builder().seed(seed)).await;
    let admin = world.user("admin").await;
    world.permit("admin", allow("*", "*")).await;
    assume_root(&world, &admin, AUDIT).await.unwrap();
    let listed = world.iam(&admin).list_organizations_features().send().await.unwrap();
    assert_eq!(listed.enabled_features(), [FeatureType::RootSessions]);
}

#[tokio::test]
async fn a_task_is_done_as_the_members_root_user_and_nothing_else() {
    let (world, admin) = organization().await;
    let iam = world.iam(&admin);
    iam.enable_organizations_root_sessions().send().await.unwrap();
    let member = world.iam(&Credentials::from_keys(MEMBER, "test", None));
    let key = member.create_access_key().send().await.unwrap().access_key.unwrap();

    let auditor = assume_root(&world, &admin, AUDIT).await.unwrap();
    let arn = format!("arn:aws:iam::{MEMBER}:root");
    assert_eq!(world.identity(&auditor).await, [&*arn, MEMBER, MEMBER]);
    let keys = world.iam(&auditor).list_access_keys().send().await.unwrap();
    let [listed] = keys.access_key_metadata() else { panic!("{keys:?}") };
    assert_eq!(listed.access_key_id(), Some(key.access_key_id()));
    let denied = |action: &str, resource: &str| {
        let message = format!(
            "User: {arn} is not authorized to perform: {action} on resource: {resource} with an \
             explicit deny in a session policy: {AUDIT}"
        );
        refusal(403, "AccessDenied", message)
    };
    let created = world.iam(&auditor).create_user().user_name("eve").send().await;
    let resource = format!("arn:aws:iam::{MEMBER}:user/eve");
    assert_eq!(created.refused(), denied("iam:CreateUser", &resource));
    let deleted = world.iam(&auditor).delete_access_key().access_key_id(key.access_key_id());
    let deleted = deleted.send().await.refused();
    assert_eq!(deleted.code, "AccessDenied", "that is another task");

    let deleter = assume_root(&world, &admin, DELETE).await.unwrap();
    let deleted = world.iam(&deleter).delete_access_key().access_key_id(key.access_key_id());
    deleted.send().await.unwrap();
    let keys = world.iam(&auditor).list_access_keys().send().await.unwrap();
    assert!(keys.access_key_metadata().is_empty());

    world.pass(Duration::from_secs(900));
    let answer = world.sts(&auditor).get_caller_identity().send().await;
    let message = "The security token included in the request is expired";
    assert_eq!(answer.refused(), refusal(403, "ExpiredToken", message));
}

#[tokio::test]
async fn it_must_be_enabled_and_can_be_disabled() {
    let (world, admin) = organization().await;
    let message = format!(
        "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: sts:AssumeRoot \
         on resource: arn:aws:iam::{MEMBER}:root"
    );
    let denied = refusal(403, "AccessDenied", message);
    assert_eq!(assume_root(&world, &admin, AUDIT).await.unwrap_err(), denied);

    let iam = world.iam(&admin);
    iam.enable_organizations_root_credentials_management().send().await.unwrap();
    let enabled = iam.enable_organizations_root_sessions().send().await.unwrap();
    assert_eq!(enabled.organization_id(), Some("o-a1b2c3d4e5"));
    let both = [FeatureType::RootCredentialsManagement, FeatureType::RootSessions];
    assert_eq!(enabled.enabled_features(), both);
    let listed = iam.list_organizations_features().send().await.unwrap();
    assert_eq!(listed.enabled_features(), both);
    assume_root(&world, &admin, AUDIT).await.unwrap();

    iam.disable_organizations_root_sessions().send().await.unwrap();
    let disabled = iam.disable_organizations_root_credentials_management().send().await.unwrap();
    assert_eq!(disabled.enabled_features(), []);
    assert_eq!(assume_root(&world, &admin, AUDIT).await.unwrap_err(), denied);

    let member = world.iam(&Credentials::from_keys(MEMBER, "test", None));
    let refused = member.enable_organizations_root_sessions().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("AccountNotManagementOrDelegatedAdministratorException"));
    let stranger = world.iam(&Credentials::from_keys("999999999999", "test", None));
    let refused = stranger.list_organizations_features().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("OrganizationNotFoundException"));
}

#[tokio::test]
async fn a_delegated_administrator_does_it_from_a_member_account() {
    let seed = format!(
        r#"{SEED}
[[organizations.units]]
name = "security"
accounts = ["{DELEGATED}"]

[[accounts]]
id = "{DELEGATED}"
[[accounts.users]]
name = "auditor"
attached_policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
access_keys = [{{ id = "AKIAAUDITOR", secret = "auditors-secret" }}]
"#
    );
    let delegation = format!("delegated_administrators = [\"{DELEGATED}\"]\n\n");
    let units = "[[organizations.units]]";
    let seed = seed.replacen(units, &(delegation + units), 1);
    let world =
        World::of(Daypass::builder().seed(Seed::from_toml("seed.toml", seed).unwrap())).await;
    let auditor = Credentials::from_keys("AKIAAUDITOR", "auditors-secret", None);
    let iam = world.iam(&auditor);
    let refused = iam.enable_organizations_root_sessions().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("CallerIsNotManagementAccountException"));
    let management = world.iam(&world.root());
    management.enable_organizations_root_sessions().send().await.unwrap();

    let session = assume_root(&world, &auditor, AUDIT).await.unwrap();
    let arn = format!("arn:aws:iam::{MEMBER}:root");
    assert_eq!(world.identity(&session).await, [&*arn, MEMBER, MEMBER]);
    world.iam(&session).list_access_keys().send().await.unwrap();
    let task = PolicyDescriptorType::builder().arn(AUDIT).build();
    let upwards = world.sts(&auditor).assume_root().target_principal("123456789012");
    let denied = format!(
        "User: arn:aws:iam::{DELEGATED}:user/auditor is not authorized to perform: sts:AssumeRoot \
         on resource: arn:aws:iam::123456789012:root"
    );
    let refused = upwards.task_policy_arn(task).send().await.refused();
    assert_eq!(refused, refusal(403, "AccessDenied", denied));

    let listed = iam.list_organizations_features().send().await.unwrap();
    assert_eq!(listed.enabled_features(), [FeatureType::RootSessions]);
    iam.disable_organizations_root_sessions().send().await.unwrap();
    let listed = management.list_organizations_features().send().await.unwrap();
    assert_eq!(listed.enabled_features(), []);
    assert_eq!(assume_root(&world, &auditor, AUDIT).await.unwrap_err().code, "AccessDenied");
}

#[tokio::test]
async fn the_global_endpoint_does_not_have_it() {
    let (world, admin) = organization().await;
    world.iam(&admin).enable_organizations_root_sessions().send().await.unwrap();
    let body = format!(
        "Action=AssumeRoot&Version=2011-06-15&TargetPrincipal={MEMBER}&TaskPolicyArn.arn={AUDIT}"
    );
    let signing = |host| Signing { region: "us-east-1", ..Signing::sts_at(host) };
    let at = |host| signing(host).post(&admin, &body).to(&world);
    let answer = at("sts.amazonaws.com").await;
    let message = "Could not find operation AssumeRoot for version 2011-06-15";
    assert_eq!(answer.refusal(), refusal(400, "InvalidAction", message));
    assert_eq!(at("sts.us-east-1.amazonaws.com").await.status, 200);
}

#[tokio::test]
async fn service_control_policies_bind_the_session_too() {
    let seed = format!(
        "{SEED}\n[[organizations.service_control_policies]]\nname = \"no-keys\"\n\
         targets = [\"workloads\"]\n\
         document = '{{\"Version\":\"2012-10-17\",\"Statement\":{{\"Effect\":\"Deny\",\"Action\":\"iam:ListAccessKeys\",\"Resource\":\"*\",\"Condition\":{{\"Bool\":{{\"aws:AssumedRoot\":\"true\"}}}}}}}}'\n"
    );
    let seed = Seed::from_toml("seed.toml", &seed).unwrap();
    let world = World::of(Daypass::builder().seed(seed)).await;
    let admin = world.user("admin").await;
    world.permit("admin", allow("*", "*")).await;
    world.iam(&admin).enable_organizations_root_sessions().send().await.unwrap();
    let member = Credentials::from_keys(MEMBER, "test", None);
    world.iam(&member).list_access_keys().send().await.unwrap();

    let auditor = assume_root(&world, &admin, AUDIT).await.unwrap();
    let refused = world.iam(&auditor).list_access_keys().send().await.refused();
    assert!(refused.message.unwrap().contains("with an explicit deny in a service control policy"));
}
