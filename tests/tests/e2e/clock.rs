//! The service clock: what a test of refresh code moves instead of waiting.

use aws_credential_types::Credentials;
use daypass::Clock;
use daypass_tests::{ACCOUNT, Refused, Sent, World, allow, refusal, trust};
use serde_json::{Value, json};

#[tokio::test]
async fn a_session_expires_at_once_when_the_clock_is_moved_over_http() {
    let world = World::start().await;
    let role = world.role("worker", trust(ACCOUNT)).await;
    let session = world.assume(&world.root(), &role).await;
    let ask = async |keys: &Credentials| world.sts(keys).get_caller_identity().send().await;
    ask(&session).await.unwrap();

    post(&world, "/advance?seconds=3601").await;
    let message = "The security token included in the request is expired";
    assert_eq!(ask(&session).await.refused(), refusal(403, "ExpiredToken", message));
    // Signed an hour before the time that the service clock shows, and as fresh as ever.
    ask(&world.root()).await.unwrap();
    let next = world.assume(&world.root(), &role).await;
    ask(&next).await.unwrap();

    post(&world, "/release").await;
    ask(&session).await.unwrap();
}

#[tokio::test]
async fn policies_see_the_time_of_the_service_clock() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let mut in_office_hours = allow("iam:ListUsers", "*");
    in_office_hours["Condition"] = json!({
        "DateGreaterThan": {"aws:CurrentTime": "2027-01-15T08:00:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2027-01-15T17:00:00Z"},
    });
    world.permit("alice", in_office_hours).await;
    let is_allowed = async || world.iam(&alice).list_users().send().await.is_ok();

    assert!(!is_allowed().await);
    let told = post(&world, "/freeze").await;
    assert_eq!(told["frozen"], true);
    for (time, expected) in [
        ("2027-01-15T07:59:59Z", false),
        ("2027-01-15T17:59:59+01:00", true),
        ("2027-01-15T17:00:01Z", false),
    ] {
        let told = post(&world, &format!("/set?to={time}")).await;
        assert_eq!(told["epochSeconds"], world.daypass.clock().now().secs());
        assert_eq!(is_allowed().await, expected, "{time}");
    }
}

#[tokio::test]
async fn a_reset_lets_the_clock_go() {
    let world = World::start().await;
    post(&world, "/freeze").await;
    post(&world, "/advance?seconds=86400").await;
    let host = world.daypass.address().to_string();
    assert_eq!(Sent::bare("POST", &host, "/_daypass/reset").to(&world).await.status, 200);
    let reading = world.daypass.clock().reading();
    assert_eq!((reading.is_frozen, reading.offset_seconds), (false, 0));
}

/// Moves the clock, and answers what it then shows.
async fn post(world: &World, change: &str) -> Value {
    let host = world.daypass.address().to_string();
    let sent = Sent::bare("POST", &host, &format!("/_daypass/clock{change}"));
    let answer = sent.to(world).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}
