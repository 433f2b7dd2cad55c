//! What can be asked at all.

use daypass_tests::{Answer, Filling, Samples, Signing, World, refusal};

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
    for Service { signing, samples, operations } in services(&world) {
        for operation in operations {
            let body = samples.form(operation, Filling::Bare);
            let answer = signing.post(&world.root(), &body).to(&world).await;
            assert!(answer.status.as_u16() < 500, "{operation}: {answer:?}");
        }
    }
}

/// Who may do nothing hears so from every operation but from those that anybody
/// may call, and from those that an identity provider vouches for instead of a signature. Of
/// `AssumeRole` the policies may ask for the code of a device, so that it is checked before them; the
/// sample's device is nobody's.
#[tokio::test]
async fn every_operation_asks_whether_its_caller_may() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let mut open = Vec::new();
    for Service { signing, samples, operations } in services(&world) {
        for operation in operations {
            let body = samples.form(operation, Filling::Full);
            let answer = signing.post(&alice, &body).to(&world).await;
            let may_not = format!("is not authorized to perform: {}:", signing.service);
            if answer.status.is_success()
                || !answer.refusal().message.is_some_and(|message| message.contains(&may_not))
            {
                open.push(*operation);
            }
        }
    }
    let anybody_may = ["GetCallerIdentity", "GetSessionToken"];
    assert_eq!(open, [&["AssumeRole"][..], &VOUCHED_FOR[..], &anybody_may[..]].concat());
}

#[tokio::test]
async fn every_operation_checks_its_parameters() {
    let world = World::start().await;
    for Service { signing, samples, operations } in services(&world) {
        for name in operations.iter().filter(|name| !VOUCHED_FOR.contains(name)) {
            let empty = samples.form(name, Filling::Empty);
            if empty != samples.form(name, Filling::Bare) {
                let answer = signing.post(&world.root(), &empty).to(&world).await;
                assert_eq!(answer.refusal().code, "ValidationError", "{name}");
            }
        }
    }
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

struct Service {
    signing: Signing,
    samples: Samples,
    operations: &'static [&'static str],
}

fn services(world: &World) -> [Service; 2] {
    [
        Service {
            signing: Signing::sts(world),
            samples: Samples::of("sts"),
            operations: daypass_sts_core::OPERATIONS,
        },
        Service {
            signing: Signing::iam(world),
            samples: Samples::of("iam"),
            operations: daypass_iam_core::OPERATIONS,
        },
    ]
}

/// Nobody signs these.
const VOUCHED_FOR: [&str; 2] = ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"];
