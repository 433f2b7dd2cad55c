//! The ways in: protocols, formats, and what daypass answers beside AWS's operations.

use daypass_tests::{ACCOUNT, Sent, Signing, World};
use serde_json::{Value, json};

const WHO_AM_I: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn whoever_waits_for_daypass_can_ask_for_its_health() {
    let world = World::start().await;
    let host = world.daypass.address().to_string();
    for path in ["/health", "/_daypass/health", "/_localstack/health"] {
        let answer = Sent::bare("GET", &host, path).to(&world).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        let health: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(health["services"], json!({"iam": "running", "sts": "running"}), "{path}");
        let head = Sent::bare("HEAD", &host, path).to(&world).await;
        assert_eq!((head.status.as_u16(), &*head.body), (200, ""));
        assert_eq!(head.header("content-length"), answer.body.len().to_string());
    }
}

#[tokio::test]
async fn an_answer_has_the_bytes_that_sts_sends() {
    let world = World::start().await;
    let answer = Signing::sts(&world).post(&world.root(), WHO_AM_I).to(&world).await;
    let id = answer.header("x-amzn-requestid");
    let expected = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
           <GetCallerIdentityResult>\n    \
             <Arn>arn:aws:iam::123456789012:root</Arn>\n    \
             <UserId>123456789012</UserId>\n    \
             <Account>123456789012</Account>\n  \
           </GetCallerIdentityResult>\n  \
           <ResponseMetadata>\n    \
             <RequestId>{id}</RequestId>\n  \
           </ResponseMetadata>\n\
         </GetCallerIdentityResponse>\n"
    );
    assert_eq!(answer.body, expected);
    assert_eq!(answer.header("content-type"), "text/xml");
    assert!(!answer.header("x-amz-sts-extended-request-id").is_empty());
    assert!(answer.header("date").ends_with(" GMT"));

    let refused = Signing::sts(&world).post(&world.root(), WHO_AM_I).with("host", "localhost");
    let refused = refused.to(&world).await;
    let id = refused.header("x-amzn-requestid");
    let expected = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
           <Error>\n    \
             <Type>Sender</Type>\n    \
             <Code>SignatureDoesNotMatch</Code>\n    \
             <Message>{}</Message>\n  \
           </Error>\n  \
           <RequestId>{id}</RequestId>\n\
         </ErrorResponse>\n",
        daypass_tests::mismatch().message.unwrap()
    );
    assert_eq!(refused.body, expected);
}

#[tokio::test]
async fn http2_is_spoken_without_tls() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let answer = Signing::sts(&world).post(&alice, WHO_AM_I).over_http2(&world).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let arn = "arn:aws:iam::123456789012:user/alice";
    assert_eq!(answer.element("Arn").as_deref(), Some(arn));
    let mut changed = Signing::sts(&world).post(&alice, WHO_AM_I);
    changed.body.push_str("&Extra=1");
    let refused = changed.over_http2(&world).await.refusal();
    assert_eq!(refused, daypass_tests::mismatch());
}

#[tokio::test]
async fn answers_come_in_json_where_that_is_asked_for() {
    let world = World::start().await;
    let signed = Signing::sts(&world).post(&world.root(), WHO_AM_I);
    let signed = signed.with("accept", "application/json");
    let answer = signed.clone().to(&world).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let id = answer.header("x-amzn-requestid").to_owned();
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let expected = json!({"GetCallerIdentityResponse": {
        "GetCallerIdentityResult": {
            "Arn": "arn:aws:iam::123456789012:root", "UserId": ACCOUNT, "Account": ACCOUNT,
        },
        "ResponseMetadata": {"RequestId": id},
    }});
    assert_eq!(told, expected);

    let refused = signed.without("authorization").to(&world).await;
    let id = refused.header("x-amzn-requestid").to_owned();
    let told: Value = serde_json::from_str(&refused.body).unwrap();
    let expected = json!({
        "Error": {
            "Code": "MissingAuthenticationToken",
            "Message": "Request is missing Authentication Token",
            "Type": "Sender",
        },
        "RequestId": id,
    });
    assert_eq!((refused.status.as_u16(), told), (403, expected));
}

#[tokio::test]
async fn other_paths_and_methods_lead_nowhere() {
    let world = World::start().await;
    let signed = Signing::sts(&world).post(&world.root(), WHO_AM_I);
    let mut elsewhere = signed.clone();
    elsewhere.target = "/elsewhere".to_owned();
    let answer = elsewhere.to(&world).await;
    let body = "<UnknownOperationException/>\n";
    assert_eq!((answer.status.as_u16(), &*answer.body), (404, body));
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = Sent { method, ..signed.clone() }.to(&world).await;
        assert_eq!((answer.status.as_u16(), &*answer.body), (400, ""), "{method}");
    }
}

#[tokio::test]
async fn a_body_may_be_ten_million_bytes_long() {
    let world = World::start().await;
    let form =
        |length: usize| format!("{WHO_AM_I}&Extra={}", "x".repeat(length - WHO_AM_I.len() - 7));
    let signing = Signing::sts(&world);
    let longest = signing.post(&world.root(), &form(10_000_000)).to(&world).await;
    assert_eq!(longest.status, 200);
    let longer = signing.post(&world.root(), &form(10_000_001)).to(&world).await;
    assert_eq!((longer.status.as_u16(), &*longer.body), (413, ""));
}
