//! Servers with the same key file and the same seed: what one issues, all accept.

use std::fs;
use std::path::PathBuf;

use aws_credential_types::Credentials;
use daypass::{Daypass, Seed};
use daypass_tests::{Refused, World, invalid_token, session_keys};

const SEED: &str = r#"
[[accounts]]
id = "123456789012"

[[accounts.users]]
name = "carol"
id = "AIDACKCEVSQ6C2EXAMPLE"
access_keys = [{ id = "AKIAEXAMPLECAROL0001", secret = "carol's secret" }]
inline_policies.everything = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}'

[[accounts.roles]]
name = "lasting"
id = "AROACKCEVSQ6C2EXAMPLE"
trust_policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}}'

[[accounts.roles]]
name = "passing"
trust_policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}}'
"#;

#[tokio::test]
async fn sessions_are_good_at_every_server_that_knows_their_role_or_user() {
    let (ours, others) = (KeyFile::new("ours"), KeyFile::new("others"));
    let first = server(&ours).await;
    let carol = Credentials::from_keys("AKIAEXAMPLECAROL0001", "carol's secret", None);
    let own = first.session_of(&carol).await;
    let lasting = assume(&first, "lasting").await;
    let passing = assume(&first, "passing").await;
    let identities = [first.identity(&own).await, first.identity(&lasting).await];
    assert_eq!(identities[1][1], "AROACKCEVSQ6C2EXAMPLE:session");

    let second = server(&ours).await;
    assert_eq!([second.identity(&own).await, second.identity(&lasting).await], identities);
    let call = second.sts(&passing).get_caller_identity().send().await;
    assert_eq!(call.refused(), invalid_token(), "its role is a namesake");

    let stranger = server(&others).await;
    for keys in [&own, &lasting] {
        let call = stranger.sts(keys).get_caller_identity().send().await;
        assert_eq!(call.refused(), invalid_token(), "another deployment's keys");
    }

    // After a restart, too: and what ended here has ended here.
    first.daypass.shutdown().await;
    let again = server(&ours).await;
    assert_eq!(again.identity(&lasting).await, identities[1]);
    again.iam(&again.root()).delete_role().role_name("lasting").send().await.unwrap();
    let call = again.sts(&lasting).get_caller_identity().send().await;
    assert_eq!(call.refused(), invalid_token());
}

async fn server(keys: &KeyFile) -> World {
    let seed = Seed::from_toml("seed.toml", SEED).unwrap();
    World::of(Daypass::builder().seed(seed).key_file(&keys.0)).await
}

async fn assume(world: &World, role: &str) -> Credentials {
    let call = world.sts(&world.root()).assume_role().role_session_name("session");
    let call = call.role_arn(format!("arn:aws:iam::123456789012:role/{role}"));
    session_keys(call.send().await.unwrap().credentials)
}

/// A file that is not there yet, and not any more after the test.
struct KeyFile(PathBuf);

impl KeyFile {
    fn new(name: &str) -> Self {
        let name = format!("several-servers-{name}-{}", std::process::id());
        Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
