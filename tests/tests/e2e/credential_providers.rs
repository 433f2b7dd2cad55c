//! What applications really do: they name a role, and let the SDK get its credentials.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::config::Region;
use daypass_tests::{Issuer, Refused, World, allow, trust};
use serde_json::json;

use crate::web_identity::TokenFile;

#[tokio::test]
async fn a_provider_assumes_a_role() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let role = world.admin_role("deployer").await;
    let provider = AssumeRoleProvider::builder(role.arn())
        .session_name("from-provider")
        .configure(&world.config(&alice, "eu-central-1"))
        .build()
        .await;
    let config = world.config(&alice, "eu-central-1").into_builder();
    let config = config.credentials_provider(SharedCredentialsProvider::new(provider)).build();

    let told = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(told.arn(), Some("arn:aws:sts::123456789012:assumed-role/deployer/from-provider"));
}

/// Long before it ends, so that no call is late: here the service clock is behind the client's, and an
/// hour is over in a minute.
#[tokio::test]
async fn a_provider_renews_a_session_before_it_ends() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let role = world.admin_role("deployer").await;
    let config = world.config(&alice, "eu-central-1");
    let provider = AssumeRoleProvider::builder(role.arn()).session_name("renewed");
    let provider = provider.configure(&config).build().await;
    let early = IdentityCache::lazy().buffer_time(Duration::from_secs(600)).build();
    let config = config.into_builder().identity_cache(early);
    let config = config.credentials_provider(SharedCredentialsProvider::new(provider)).build();
    let sts = aws_sdk_sts::Client::new(&config);
    let told = async || sts.get_caller_identity().send().await.unwrap().arn.unwrap();

    world.daypass.clock().advance(-3540);
    let not_renewed = world.assume(&alice, &role).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/deployer/renewed";
    assert_eq!(told().await, arn);
    world.daypass.clock().advance(3640);
    let refused = world.sts(&not_renewed).get_caller_identity().send().await.refused();
    assert_eq!(refused.code, "ExpiredToken");
    assert_eq!(told().await, arn);

    // What was renewed lasts: there could be no other.
    let iam = world.iam(&world.root());
    iam.delete_user_policy().user_name("alice").policy_name("permitted").send().await.unwrap();
    assert_eq!(told().await, arn);
}

#[tokio::test]
async fn a_profile_assumes_a_role_through_another() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let role = world.admin_role("deployer").await;
    let profile = format!("{}\nrole_session_name = from-profile\n", hop("deployer", "alice"));
    assert_eq!(role.arn(), "arn:aws:iam::123456789012:role/deployer");

    let deployer = of_profile(&world, &alice, &profile, "deployer").await;
    assert!(deployer.access_key_id().starts_with("ASIA"));
    assert_eq!(
        world.identity(&deployer).await[0],
        "arn:aws:sts::123456789012:assumed-role/deployer/from-profile"
    );
}

#[tokio::test]
async fn a_profile_reaches_a_role_through_two_others() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let mut trusted = "arn:aws:iam::123456789012:user/alice".to_owned();
    let mut profiles = String::new();
    for (role, source) in [("gate", "alice"), ("yard", "gate"), ("vault", "yard")] {
        trusted = world.role(role, trust(&trusted)).await.arn;
        profiles += &format!("{}\nrole_session_name = {source}-to-{role}\n", hop(role, source));
    }
    let vault = of_profile(&world, &alice, &profiles, "vault").await;
    let arn = "arn:aws:sts::123456789012:assumed-role/vault/yard-to-vault";
    assert_eq!(world.identity(&vault).await[0], arn);
}

#[tokio::test]
async fn a_profile_names_the_file_of_a_token() {
    let (world, issuer) = (World::start().await, Issuer::start().await);
    let provider = issuer.register(&world).await;
    let action = "sts:AssumeRoleWithWebIdentity";
    let trust = json!({"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action});
    world.role("ci", trust).await;
    let file = TokenFile::of(&issuer.token(json!({})), "profile");
    let profile = format!(
        "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/ci\nrole_session_name = build\n\
         web_identity_token_file = {}\n",
        file.path().display()
    );
    let ci = of_profile(&world, &world.root(), &profile, "ci").await;
    let arn = "arn:aws:sts::123456789012:assumed-role/ci/build";
    assert_eq!(world.identity(&ci).await[0], arn);
}

/// Here the SDK's default features are off, so that it has no HTTP client of its own.
#[tokio::test]
async fn the_embedded_server_gives_a_configuration_for_the_sdk_without_its_default_features() {
    let world = World::start().await;
    let config = world.daypass.sdk_config("eu-west-1");
    let told = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(told.arn(), Some("arn:aws:iam::123456789012:root"));
    let users = aws_sdk_iam::Client::new(&config).list_users().send().await.unwrap();
    assert_eq!(users.users(), []);
}

/// The beginning of a profile that assumes a role of its name with the credentials of another.
fn hop(role: &str, source: &str) -> String {
    format!(
        "[profile {role}]\nrole_arn = arn:aws:iam::123456789012:role/{role}\n\
         source_profile = {source}"
    )
}

/// What the SDK makes of a profile, the last of those that are given beside Alice's own.
async fn of_profile(
    world: &World,
    alice: &Credentials,
    profiles: &str,
    name: &'static str,
) -> Credentials {
    let profiles = format!(
        "[profile alice]\naws_access_key_id = {}\naws_secret_access_key = {}\n\
         {profiles}endpoint_url = {}\n",
        alice.access_key_id(),
        alice.secret_access_key(),
        world.daypass.endpoint(),
    );
    let files = EnvConfigFiles::builder();
    let files = files.with_contents(EnvConfigFileKind::Config, profiles).build();
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::from_static("eu-central-1")))
        .with_http_client(world.http());
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_files(files)
        .profile_name(name)
        .build();
    provider.provide_credentials().await.unwrap()
}
