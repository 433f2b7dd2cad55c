//! Every call that names an operation leaves an event, however it ends; and the log tells of
//! requests what may be told.

use serde_json::{Value, json};

use crate::answers::ASSUME;
use crate::support::*;

#[tokio::test]
async fn every_exit_leaves_one_event() {
    let app = App::new().await;
    let frob = "Action=Frob&Version=2011-06-15";
    let list = "Action=ListUsers&Version=2010-05-08";
    let get_user = "Action=GetUser&Version=2010-05-08&UserName=nobody";
    let cases = [
        (ask(WHO).signed(), "GetCallerIdentity", Value::Null, "Root"),
        (ask(WHO).unsigned(), "GetCallerIdentity", json!("MissingAuthenticationToken"), "Unknown"),
        (
            Ask { secret: "x", ..ask(WHO) }.signed(),
            "GetCallerIdentity",
            json!("SignatureDoesNotMatch"),
            "Unknown",
        ),
        (
            Ask { key: "AKIAX", ..ask(WHO) }.signed(),
            "GetCallerIdentity",
            json!("InvalidClientTokenId"),
            "Unknown",
        ),
        (ask(frob).signed(), "Frob", json!("InvalidAction"), "Root"),
        (ask(list).iam().by_bob().signed(), "ListUsers", json!("AccessDenied"), "IAMUser"),
        (ask(get_user).iam().signed(), "GetUser", json!("NoSuchEntityException"), "Root"),
    ];
    for (request, name, code, identity) in cases {
        app.answer(request).await;
        let events = app.events.take();
        assert_eq!(events.len(), 1, "{name} {code}");
        let event = &events[0];
        assert_eq!(event["eventName"], name);
        assert_eq!(event["errorCode"], code, "{name}");
        assert_eq!(event["userIdentity"]["type"], identity, "{name} {code}");
        assert_eq!(event["requestID"], REQUEST_ID);
    }
    for request in [get("/").unsigned(), get("/x").unsigned(), get("/health").unsigned()] {
        app.answer(request).await;
        assert_eq!(app.events.take(), Vec::<Value>::new());
    }
}

#[tokio::test]
async fn a_call_is_told_in_full_and_without_its_secrets() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let [event] = app.events.take().try_into().unwrap();
    assert_eq!(
        event,
        json!({
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "Root",
                "principalId": "000000000000",
                "arn": "arn:aws:iam::000000000000:root",
                "accountId": "000000000000",
                "accessKeyId": "test",
            },
            "eventTime": "2027-01-15T08:00:00Z",
            "eventSource": "sts.amazonaws.com",
            "eventName": "AssumeRole",
            "awsRegion": "us-east-1",
            "sourceIPAddress": "127.0.0.1",
            "requestParameters": {
                "roleArn": "arn:aws:iam::000000000000:role/deploy",
                "roleSessionName": "s1",
            },
            "responseElements": {
                "assumedRoleUser": {
                    "assumedRoleId": format!("{}:s1", role_id()),
                    "arn": "arn:aws:sts::000000000000:assumed-role/deploy/s1",
                },
                "credentials": {
                    "accessKeyId": session.key,
                    "sessionToken": session.token,
                    "expiration": 1_800_003_600.0,
                },
                "sessionTokenUtilization": 1,
                "sessionTokenSize": session.token.len(),
            },
            "requestID": REQUEST_ID,
            "eventID": REQUEST_ID,
            "readOnly": true,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": "000000000000",
            "eventCategory": "Management",
        })
    );
}

#[tokio::test]
async fn the_log_tells_no_secrets() {
    let app = App::new().await;
    let session = app.session(ask(ASSUME)).await;
    let target = format!("/?{WHO}");
    let presigned = session.sign(get(&target)).presigned();
    let (_, signature) = presigned.uri().query().unwrap().split_once("X-Amz-Signature=").unwrap();
    let signature = signature.split('&').next().unwrap().to_owned();
    let requests = [
        presigned,
        ask(ASSUME).signed(),
        Ask { secret: "wrong", ..session.sign(ask(WHO)) }.signed(),
    ];

    // The signer has a log of its own, so it has done its work before this begins.
    let log = Log::at(tracing::Level::TRACE);
    for request in requests {
        app.answer(request).await;
    }
    let log = log.text();
    assert_eq!(log.matches("answered").count(), 3, "{log}");
    assert!(log.contains("status=403"), "{log}");
    for secret in [&session.secret, &session.token, &signature, "X-Amz", "AWS4-HMAC"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn an_action_does_not_fill_the_log() {
    let app = App::new().await;
    let body = format!("Version=2011-06-15&Action={}", "a".repeat(60_000));
    app.answer(ask(&body).unsigned()).await;
    let [event] = app.events.take().try_into().unwrap();
    assert_eq!(event["eventName"], "a".repeat(128));
}
