//! What can be asked at all.

use daypass_tests::{Answer, Signing, World, invalid_token, refusal};

#[tokio::test]
async fn an_action_that_aws_does_not_have_is_not_found() {
    let world = World::start().await;
    let ask = |body| Signing::sts(&world).post(&world.root(), body).to(&world);
    let cases = [
        (
            "Action=GetCallerIdentities&Version=2011-06-15",
            "Could not find operation GetCallerIdentities for version 2011-06-15",
        ),
        (
            "Action=GetCallerIdentity",
            "Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED",
        ),
        (
            "Action=GetCallerIdentity&Version=2011-06-16",
            "Could not find operation GetCallerIdentity for version 2011-06-16",
        ),
        ("Action=&Version=2011-06-15", "Could not find operation  for version 2011-06-15"),
    ];
    for (body, message) in cases {
        let answer = ask(body).await;
        assert_eq!(answer.refusal(), refusal(400, "InvalidAction", message), "{body}");
        let namespace =
            r#"<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">"#;
        assert!(answer.body.starts_with(namespace), "{}", answer.body);
    }

    let nothing = ask("Version=2011-06-15").await;
    assert_eq!((nothing.status.as_u16(), &*nothing.body), (302, ""));
    assert_eq!(nothing.header("location"), "https://aws.amazon.com/iam");
}

/// Each operation of AWS's is carried out, refuses what it is sent, or says that it is not there
/// yet. None fails, and none of those that are not there answers as if it were.
#[tokio::test]
async fn every_operation_of_aws_has_an_answer() {
    let world = World::start().await;
    let services = [
        (
            Signing::sts(&world),
            "2011-06-15",
            daypass_sts_core::OPERATIONS,
            daypass_sts_core::NOT_YET,
        ),
        (
            Signing::iam(&world),
            "2010-05-08",
            daypass_iam_core::OPERATIONS,
            daypass_iam_core::NOT_YET,
        ),
    ];
    for (signing, version, operations, not_yet) in services {
        for operation in operations {
            let body = format!("Action={operation}&Version={version}");
            let answer = signing.post(&world.root(), &body).to(&world).await;
            match not_yet.iter().find(|(name, _)| name == operation) {
                Some((name, reason)) => {
                    let message = format!("daypass does not carry out {name} yet: {reason}.");
                    assert_eq!(answer.refusal(), refusal(501, "NotImplemented", message));
                }
                None => assert!(answer.status.as_u16() < 500, "{operation}: {answer:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_yet_is_no_way_around_the_signature() {
    let world = World::start().await;
    let Some((name, _)) = daypass_iam_core::NOT_YET.first() else { return };
    let keys = aws_credential_types::Credentials::from_keys("AKIAIOSFODNN7EXAMPLE", "secret", None);
    let body = format!("Action={name}&Version=2010-05-08");
    let answer = Signing::iam(&world).post(&keys, &body).to(&world).await;
    assert_eq!(answer.refusal(), invalid_token());
}

#[tokio::test]
async fn parameters_are_checked_before_permissions() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let send =
        async |body: &str| -> Answer { Signing::iam(&world).post(&alice, body).to(&world).await };
    let answer = send("Action=CreateUser&Version=2010-05-08").await;
    let message = "1 validation error detected: Value null at 'userName' failed to satisfy \
                   constraint: Member must not be null";
    assert_eq!(answer.refusal(), refusal(400, "ValidationError", message));
    let answer = send("Action=ListUsers&Version=2010-05-08&MaxItems=many").await;
    assert_eq!((answer.refusal().status, &*answer.refusal().code), (400, "MalformedInput"));
}
