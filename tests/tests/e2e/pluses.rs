//! A bare `+` in a query string is what the client signed.

use std::time::Duration;

use aws_credential_types::Credentials;
use daypass_tests::{Sent, Signing, World, mismatch};

/// A request that is signed with one query and sent with another, in the header or presigned.
fn get(world: &World, keys: &Credentials, signed: &str, query: &str, presigned: bool) -> Sent {
    let signing = Signing::iam(world);
    let lifetime = presigned.then_some(Duration::from_secs(60));
    let mut sent =
        signing.sign(keys, Sent::bare("GET", &signing.host, &format!("/?{signed}")), lifetime);
    assert!(sent.target.contains(signed), "{}", sent.target);
    sent.target = sent.target.replacen(signed, query, 1);
    sent
}

#[tokio::test]
async fn a_plus_is_what_was_signed() {
    let world = World::start().await;
    let (root, _) = (world.root(), world.user("alice").await);
    let tag =
        "Action=TagUser&UserName=alice&Version=2010-05-08&Tags.member.1.Key=k&Tags.member.1.Value";
    for presigned in [false, true] {
        for (signed, sent, value) in [
            ("a%20b", "a+b", "a b"),
            ("a%2Bb", "a+b", "a+b"),
            ("a%20b%20", "a+b+", "a b "),
            ("a%20%2B", "a+%2B", "a +"),
            ("a%2B%20", "a+%20", "a+ "),
        ] {
            let query = |value: &str| format!("{tag}={value}");
            let tagged = get(&world, &root, &query(signed), &query(sent), presigned);
            let answer = tagged.to(&world).await;
            assert_eq!(answer.status, 200, "{sent} signed as {signed}: {}", answer.body);
            let list = "Action=ListUserTags&UserName=alice&Version=2010-05-08";
            let listed = get(&world, &root, list, list, presigned).to(&world).await;
            assert_eq!(
                listed.element("Value").as_deref(),
                Some(value),
                "{sent} signed as {signed}"
            );
        }
        // Each request is read one way, and what is escaped is what it is.
        for (signed, sent) in [("a%20b%2B", "a+b+"), ("a%20b", "a%2Bb"), ("a%2Bb", "a%20b")] {
            let query = |value: &str| format!("{tag}={value}");
            let tagged = get(&world, &root, &query(signed), &query(sent), presigned);
            assert_eq!(tagged.to(&world).await.refusal(), mismatch(), "{sent} signed as {signed}");
        }
    }
}

/// A name that is another's by the reading that was signed is a name given twice.
#[tokio::test]
async fn names_are_compared_by_the_reading_that_was_signed() {
    let world = World::start().await;
    let who = "Action=GetUser&Version=2010-05-08";
    for (signed, refused) in [("x%20y=1&x%20y=2", true), ("x%2By=1&x%20y=2", false)] {
        let (signed, sent) = (format!("{who}&{signed}"), format!("{who}&x+y=1&x%20y=2"));
        let answer = get(&world, &world.root(), &signed, &sent, false).to(&world).await;
        assert_eq!(answer.status == 400, refused, "{signed}: {}", answer.body);
    }
}
