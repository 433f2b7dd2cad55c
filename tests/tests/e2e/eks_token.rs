//! A token as `aws eks get-token` makes it: a signed URL for `GetCallerIdentity`, good for the
//! cluster whose name was signed with it. Whoever receives it sends it on with that name.

use std::time::Duration;

use aws_credential_types::Credentials;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use daypass_tests::{Sent, Signing, World, mismatch};

const PREFIX: &str = "k8s-aws-v1.";
const CLUSTER: &str = "x-k8s-aws-id";
const STS: &str = "sts.eu-central-1.amazonaws.com";

/// What the client does.
fn token(world: &World, keys: &Credentials, cluster: Option<&str>) -> String {
    let target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    let request = Sent::bare("GET", STS, target);
    let request = cluster.into_iter().fold(request, |request, name| request.with(CLUSTER, name));
    let signing = Signing { host: STS.to_owned(), ..Signing::sts(world) };
    let signed = signing.sign(keys, request, Some(Duration::from_secs(60)));
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(format!("https://{STS}{}", signed.target)))
}

/// What the cluster does, but for the name of itself: it adds that.
fn replay(token: &str) -> Sent {
    let url = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX).unwrap()).unwrap();
    let url = String::from_utf8(url).unwrap();
    let (host, query) = url.strip_prefix("https://").unwrap().split_once('/').unwrap();
    Sent::bare("GET", host, &format!("/{query}"))
}

#[tokio::test]
async fn a_token_proves_who_made_it_to_the_cluster_it_was_made_for() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let session = world.assume(&world.root(), &world.admin_role("admin").await).await;
    for (keys, arn) in [
        (alice, "arn:aws:iam::123456789012:user/alice"),
        (session, "arn:aws:sts::123456789012:assumed-role/admin/session"),
    ] {
        let token = token(&world, &keys, Some("production"));
        let answer = replay(&token).with(CLUSTER, "production").to(&world).await;
        assert_eq!(answer.element("Arn").as_deref(), Some(arn), "{answer:?}");

        assert_eq!(replay(&token).to(&world).await.refusal(), mismatch());
        let elsewhere = replay(&token).with(CLUSTER, "staging");
        assert_eq!(elsewhere.to(&world).await.refusal(), mismatch());
    }
}

#[tokio::test]
async fn a_url_made_for_no_cluster_is_known_by_what_it_signs() {
    let world = World::start().await;
    let token = token(&world, &world.root(), None);
    // STS does not know what the cluster asks for, so the cluster has to look for itself.
    let replayed = replay(&token).with(CLUSTER, "production");
    assert!(replayed.target.contains("X-Amz-SignedHeaders=host&"));
    assert_eq!(replayed.to(&world).await.status, 200);
}

#[tokio::test]
async fn a_token_outlives_its_minute_but_not_its_quarter_of_an_hour() {
    let world = World::start().await;
    let old = |age: i64| {
        let request = Sent::bare("GET", STS, "/?Action=GetCallerIdentity&Version=2011-06-15");
        let request = request.with(CLUSTER, "production");
        let signing = Signing { host: STS.to_owned(), clock_ahead: -age, ..Signing::sts(&world) };
        signing.sign(&world.root(), request, Some(Duration::from_secs(60)))
    };
    assert_eq!(old(840).to(&world).await.status, 200);
    let refused = old(960).to(&world).await.refusal();
    assert!(refused.message.unwrap().starts_with("Signature expired: "));
}
