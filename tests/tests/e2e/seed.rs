//! A start that is not empty, and the way back to it.

use aws_credential_types::Credentials;
use daypass::{Daypass, Seed};
use daypass_tests::{Refused, Sent, World, invalid_token, mismatch, refusal};

const SEED: &str = r#"
[[accounts]]
id = "123456789012"
alias = "seeded"

[[accounts.root_access_keys]]
id = "AKIAEXAMPLEROOT00001"
secret = "the root user's secret"

[[accounts.policies]]
name = "read-users"
document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}}'

[[accounts.groups]]
name = "readers"
attached_policies = ["read-users"]

[[accounts.users]]
name = "carol"
path = "/staff/"
groups = ["readers"]

[[accounts.users.access_keys]]
id = "AKIAEXAMPLECAROL0001"
secret = "carol's secret"

[[accounts.users.access_keys]]
id = "AKIAEXAMPLECAROL0002"
secret = "carol's old secret"
inactive = true

[accounts.users.inline_policies.become-deployer]
Version = "2012-10-17"
Statement = { Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }

[[accounts.roles]]
name = "deployer"
max_session_duration = 7200
attached_policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
[accounts.roles.trust_policy]
Version = "2012-10-17"
[[accounts.roles.trust_policy.Statement]]
Effect = "Allow"
Principal = { AWS = "123456789012" }
Action = "sts:AssumeRole"
"#;

async fn seeded() -> World {
    World::of(Daypass::builder().seed(Seed::from_toml("seed.toml", SEED).unwrap())).await
}

fn carol() -> Credentials {
    Credentials::from_keys("AKIAEXAMPLECAROL0001", "carol's secret", None)
}

#[tokio::test]
async fn what_a_seed_names_is_there_and_works() {
    let world = seeded().await;
    assert_eq!(world.identity(&carol()).await[0], "arn:aws:iam::123456789012:user/staff/carol");
    let users = world.iam(&carol()).list_users().send().await.unwrap();
    let names: Vec<&str> = users.users().iter().map(|user| user.user_name()).collect();
    assert_eq!(names, ["carol"]);
    let refused = world.iam(&carol()).list_roles().send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));

    let role = world.iam(&world.root()).get_role().role_name("deployer").send().await.unwrap();
    let role = role.role.unwrap();
    assert_eq!(role.max_session_duration(), Some(7200));
    let deployer = world.assume(&carol(), &role).await;
    let aliases = world.iam(&deployer).list_account_aliases().send().await.unwrap();
    assert_eq!(aliases.account_aliases(), ["seeded"]);

    let root = Credentials::from_keys("AKIAEXAMPLEROOT00001", "the root user's secret", None);
    assert_eq!(world.identity(&root).await[0], "arn:aws:iam::123456789012:root");
    let old = Credentials::from_keys("AKIAEXAMPLECAROL0002", "carol's old secret", None);
    let refused = world.sts(&old).get_caller_identity().send().await.refused();
    assert_eq!(refused, invalid_token());
    let guess = Credentials::from_keys("AKIAEXAMPLECAROL0001", "guess", None);
    assert_eq!(world.sts(&guess).get_caller_identity().send().await.refused(), mismatch());
}

#[tokio::test]
async fn a_reset_brings_the_start_back() {
    for path in ["/_daypass/reset", "/moto-api/reset"] {
        let world = seeded().await;
        let iam = world.iam(&world.root());
        iam.create_user().user_name("dave").send().await.unwrap();
        iam.delete_account_alias().account_alias("seeded").send().await.unwrap();
        let dave = world.access_key("dave").await;
        let role = iam.get_role().role_name("deployer").send().await.unwrap().role.unwrap();
        let session = world.assume(&carol(), &role).await;

        let host = world.daypass.address().to_string();
        let answer = Sent::bare("POST", &host, path).to(&world).await;
        assert_eq!(answer.status, 200, "{path}");
        let users = world.iam(&carol()).list_users().send().await.unwrap();
        let names: Vec<&str> = users.users().iter().map(|user| user.user_name()).collect();
        assert_eq!(names, ["carol"]);
        let aliases = iam.list_account_aliases().send().await.unwrap();
        assert_eq!(aliases.account_aliases(), ["seeded"]);
        for gone in [dave, session] {
            let refused = world.sts(&gone).get_caller_identity().send().await.refused();
            assert_eq!(refused, invalid_token());
        }
    }
}

#[tokio::test]
async fn nobody_resets_what_has_keys_of_its_own() {
    let world = World::of(Daypass::builder().well_known_keys(false)).await;
    let alice = world.user("alice").await;
    let host = world.daypass.address().to_string();
    for path in ["/_daypass/reset", "/moto-api/reset"] {
        let answer = Sent::bare("POST", &host, path).to(&world).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    world.identity(&alice).await;
    // Nor a web page that is open on the same machine.
    let world = World::start().await;
    let alice = world.user("alice").await;
    let host = world.daypass.address().to_string();
    let request = Sent::bare("POST", &host, "/_daypass/reset");
    let answer = request.with("origin", "https://example.com").to(&world).await;
    assert_eq!(answer.status, 403);
    world.identity(&alice).await;
}

#[tokio::test]
async fn a_mistake_in_a_seed_is_shown_where_it_is() {
    let text = SEED.replace("groups = [\"readers\"]", "groups = [\"writers\"]");
    let line = text.lines().position(|line| line.starts_with("groups")).unwrap() + 1;
    let seed = Seed::from_toml("seed.toml", text).unwrap();
    let error = Daypass::builder().seed(seed).start().await.unwrap_err().to_string();
    let (place, message) = error.split_once(": ").unwrap();
    assert!(place.starts_with(&format!("seed.toml:{line}:")), "{error}");
    assert!(message.contains("The group with name writers cannot be found."), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[tokio::test]
async fn random_root_keys_are_the_only_ones() {
    let world = World::of(Daypass::builder().well_known_keys(false)).await;
    assert_eq!(world.identity(&world.root()).await[0], "arn:aws:iam::123456789012:root");
    for id in ["test", "123456789012", "000000000000"] {
        let known = Credentials::from_keys(id, "test", None);
        let refused = world.sts(&known).get_caller_identity().send().await.refused();
        assert_eq!(refused, invalid_token(), "{id}");
    }
    let other = World::of(Daypass::builder().well_known_keys(false)).await;
    assert_ne!(world.root().access_key_id(), other.root().access_key_id());
}

#[tokio::test]
async fn the_well_known_keys_are_signed_for_like_others() {
    let world = World::start().await;
    let cases = [
        ("test", "arn:aws:iam::123456789012:root"),
        ("123456789012", "arn:aws:iam::123456789012:root"),
        ("210987654321", "arn:aws:iam::210987654321:root"),
    ];
    for (id, arn) in cases {
        let keys = |secret| Credentials::from_keys(id, secret, None);
        assert_eq!(world.identity(&keys("test")).await[0], arn);
        let refused = world.sts(&keys("Test")).get_caller_identity().send().await.refused();
        assert_eq!(refused, mismatch(), "{id}");
    }
    let message = "The user with name alice cannot be found.";
    world.user("alice").await;
    // Accounts see nothing of each other.
    let other = world.iam(&Credentials::from_keys("210987654321", "test", None));
    let refused = other.get_user().user_name("alice").send().await.refused();
    assert_eq!(refused, refusal(404, "NoSuchEntity", message));
}
