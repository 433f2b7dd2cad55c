//! What clients of other services are told: each in its service's protocol.

use daypass_authz::Departures;
use serde_json::Value;

use crate::support::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON_1_0: (&str, &str) = ("content-type", "application/x-amz-json-1.0");
const JSON_1_1: (&str, &str) = ("content-type", "application/x-amz-json-1.1");

fn message(service: &str) -> String {
    format!(
        "daypass has no service {service}: it is AWS STS and IAM only. AWS_ENDPOINT_URL sends every \
         service to daypass. Unset it, and set AWS_ENDPOINT_URL_IAM and AWS_ENDPOINT_URL_STS: they \
         send only these two (daypass env --services)."
    )
}

/// The answers that carry text: a request, the name that it is told, and its form of the answer.
#[tokio::test]
async fn each_protocol_has_its_own_refusal() {
    let head = |content_type: &str, rest: &str| {
        format!("501\ncontent-length: LENGTH\ncontent-type: {content_type}\n{rest}\n")
    };
    let id = format!("x-amzn-requestid: {REQUEST_ID}\n");
    let json_id = format!("x-amzn-errortype: NotImplemented\n{id}");
    let s3_id = format!("x-amz-request-id: {REQUEST_ID}\n");
    let json = |service: &str| {
        format!("{{\"__type\":\"NotImplemented\",\"message\":\"{}\"}}", message(service))
    };
    let xml = |service: &str| {
        format!("<Code>NotImplemented</Code><Message>{}</Message>", message(service))
    };
    let query = |service: &str| {
        format!(
            "<ErrorResponse><Error><Type>Receiver</Type>{}</Error><RequestId>{REQUEST_ID}</RequestId>\
             </ErrorResponse>\n",
            xml(service)
        )
    };
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let s3 = format!("{XML}<Error>{}<RequestId>{REQUEST_ID}</RequestId></Error>\n", xml("s3"));
    let ec2 = format!(
        "{XML}<Response><Errors><Error>{}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>\n",
        xml("ec2")
    );
    let trail = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    let cloud_trail = [JSON_1_1, ("x-amz-target", trail)];
    let cases = [
        ("s3", get("/"), "application/xml", &s3_id, &s3),
        ("s3", get("/bucket/key?list-type=2"), "application/xml", &s3_id, &s3),
        ("s3", Ask { method: "PUT", ..get("/bucket") }, "application/xml", &s3_id, &s3),
        ("s3", Ask { method: "DELETE", ..get("/bucket/a") }, "application/xml", &s3_id, &s3),
        ("s3", get("/v20180820/accesspoint"), "text/xml", &id, &query("s3")),
        ("route53", get("/2013-04-01/hostedzone"), "text/xml", &id, &query("route53")),
        ("lambda", get("/2015-03-31/functions/"), "application/json", &json_id, &json("lambda")),
        (
            "dynamodb",
            ask("{}").with(&[JSON_1_0, ("x-amz-target", "DynamoDB_20120810.ListTables")]),
            "application/x-amz-json-1.0",
            &json_id,
            &json("dynamodb"),
        ),
        (
            "cloudtrail",
            ask("{}").with(&cloud_trail),
            "application/x-amz-json-1.1",
            &json_id,
            &json("cloudtrail"),
        ),
        ("ec2", ask("Action=DescribeInstances&Version=2016-11-15"), "text/xml", &id, &ec2),
        ("ec2", get("/?Action=DescribeInstances&Version=2016-11-15"), "text/xml", &id, &ec2),
        ("sns", ask("Action=ListTopics&Version=2010-03-31"), "text/xml", &id, &query("sns")),
        (
            "monitoring",
            ask("Action=ListMetrics&Version=2010-08-01"),
            "text/xml",
            &id,
            &query("cloudwatch"),
        ),
        // To the address of a queue.
        (
            "sqs",
            Ask { target: "/000000000000/q", ..ask("Action=SendMessage&Version=2012-11-05") },
            "text/xml",
            &id,
            &query("sqs"),
        ),
    ];
    for departures in [Options::default().departures, Departures::NONE] {
        let app = App::with(Options { departures, ..Options::default() }).await;
        for (service, ask, content_type, headers, body) in &cases {
            // Nobody knows the key, and the region is none: neither is looked at.
            let ask = Ask { service, key: "AKIANOBODY", region: "mars-1", ..*ask };
            let answer = app.shown(ask.signed()).await;
            let length = body.len().to_string();
            let expected = head(content_type, headers).replace("LENGTH", &length) + body;
            assert_eq!(answer, expected, "{service} {}", ask.target);
            assert_eq!(app.events.take(), Vec::<Value>::new(), "it is no event of STS or IAM");
        }
    }
}

#[tokio::test]
async fn cbor_is_answered_in_cbor() {
    let app = App::new().await;
    let target = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
    let headers = &[("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor")];
    let ask = Ask { target, service: "monitoring", headers, ..ask("\u{0}") };
    let answer = app.answer(ask.signed()).await;
    assert_eq!(answer.status(), 501);
    assert_eq!(answer.headers()["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(answer.headers()["content-type"], "application/cbor");
    // RFC 8949: a map of two, and texts whose length has eight bytes.
    let mut expected = vec![0xA2];
    for text in ["__type", "NotImplemented", "message", &message("cloudwatch")] {
        expected.push(0x7B);
        expected.extend((text.len() as u64).to_be_bytes());
        expected.extend(text.as_bytes());
    }
    assert_eq!(answer.body().to_vec(), expected);
}

#[tokio::test]
async fn the_service_is_recognised_without_a_scope_too() {
    let app = App::new().await;
    let cognito = &[JSON_1_1, ("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")];
    let cases = [
        (ask("{}").with(cognito), "AWSCognitoIdentityProviderService"),
        (get("/").at("s3.eu-west-1.amazonaws.com"), "s3"),
        (get("/key").at("bucket.s3.amazonaws.com"), "s3"),
        (get("/b").with(&[("authorization", "AWS AKIANOBODY:c2lnbmF0dXJl")]), "s3"),
        (ask("Action=DescribeRegions&Version=2016-11-15").at("ec2.us-east-1.amazonaws.com"), "ec2"),
        (ask("Action=DescribeInstances&Version=2016-11-15"), "ec2"),
        (get("/?Action=DescribeInstances&Version=2016-11-15"), "ec2"),
        (ask("Action=SendMessage&Version=2012-11-05"), "sqs"),
        (ask("Action=Publish&Version=2010-03-31"), "sns"),
    ];
    for (ask, service) in cases {
        let answer = app.shown(ask.unsigned()).await;
        assert!(answer.starts_with("501\n"), "{service}: {answer}");
        assert!(answer.contains(&message(service)), "{service}: {answer}");
    }
    let presigned = Ask { service: "s3", ..get("/bucket/key") }.presigned();
    assert!(app.shown(presigned).await.contains(&message("s3")));
    let head = Ask { method: "HEAD", service: "s3", ..get("/bucket") };
    let head = app.answer(head.signed()).await;
    assert_eq!((head.status().as_u16(), head.body().len()), (501, 0));
}

/// What says that it is for STS or IAM gets their answer, whatever is wrong with it.
#[tokio::test]
async fn requests_for_sts_and_iam_keep_their_answers() {
    let app = App::new().await;
    let scoped = "Credential should be scoped to correct service: ";
    let list = "Action=ListUsers&Version=2010-05-08";
    let ec2 = "Action=DescribeInstances&Version=2016-11-15";
    let target = &[JSON_1_1, ("x-amz-target", "Sts_20110615.GetCallerIdentity")];
    let cases = [
        (Ask { service: "s3", ..ask(WHO) }, "403\n", scoped),
        (Ask { service: "ec2", ..ask(list) }, "403\n", scoped),
        (Ask { service: "s3", ..ask("Action=Frob&Version=2011-06-15") }, "403\n", scoped),
        (Ask { service: "ec2", ..ask(ec2).at("sts.amazonaws.com") }, "403\n", scoped),
        (Ask { service: "s3", ..get("/").at("iam.amazonaws.com") }, "302\n", ""),
        (Ask { service: "s3", ..get("/bucket").at("sts.amazonaws.com") }, "404\n", ""),
        (ask(ec2), "400\n", "Could not find operation DescribeInstances for version 2016-11-15"),
        (ask("{}").with(target), "302\n", ""),
        (Ask { service: "STS", ..get("/bucket") }, "404\n", ""),
        (Ask { service: "<s3>", ..get("/bucket") }, "404\n", ""),
        (Ask { secret: "wrong", ..ask(WHO) }, "403\n", "SignatureDoesNotMatch"),
    ];
    for (ask, status, text) in cases {
        let answer = app.shown(ask.signed()).await;
        assert!(answer.starts_with(status) && answer.contains(text), "{}: {answer}", ask.body);
    }
    // Several services have this version.
    let unknown = ask("Action=DescribeEvents&Version=2010-12-01").with(&[FORM]);
    for ask in
        [unknown, ask("Action=DescribeInstances").with(&[FORM]), ask(ec2).at("sts.amazonaws.com")]
    {
        let unsigned = app.shown(ask.unsigned()).await;
        assert!(unsigned.contains("<Code>MissingAuthenticationToken</Code>"), "{unsigned}");
    }
}
