//! What applications really do: they name a role, and let the SDK get its credentials.

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_sts::config::Region;
use daypass_tests::{World, allow};

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

#[tokio::test]
async fn a_profile_assumes_a_role_through_another() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let role = world.admin_role("deployer").await;
    let endpoint = world.daypass.endpoint();
    let profiles = format!(
        "[profile alice]\n\
         aws_access_key_id = {}\n\
         aws_secret_access_key = {}\n\
         [profile deployer]\n\
         role_arn = {}\n\
         role_session_name = from-profile\n\
         source_profile = alice\n\
         endpoint_url = {endpoint}\n",
        alice.access_key_id(),
        alice.secret_access_key(),
        role.arn(),
    );
    let files = EnvConfigFiles::builder();
    let files = files.with_contents(EnvConfigFileKind::Config, profiles).build();
    let config = ProviderConfig::without_region()
        .with_region(Some(Region::from_static("eu-central-1")))
        .with_http_client(world.http());
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_files(files)
        .profile_name("deployer")
        .build();

    let deployer = provider.provide_credentials().await.unwrap();
    assert!(deployer.access_key_id().starts_with("ASIA"));
    assert_eq!(
        world.identity(&deployer).await[0],
        "arn:aws:sts::123456789012:assumed-role/deployer/from-profile"
    );
}

#[tokio::test]
async fn the_embedded_server_gives_a_configuration_for_the_sdk() {
    let world = World::start().await;
    let config = world.daypass.sdk_config("eu-west-1");
    let config = config.into_builder().http_client(world.http()).build();
    let told = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(told.arn(), Some("arn:aws:iam::123456789012:root"));
    let users = aws_sdk_iam::Client::new(&config).list_users().send().await.unwrap();
    assert_eq!(users.users(), []);
}
