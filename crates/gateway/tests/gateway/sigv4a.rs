//! Signatures that are good for many regions: STS takes them, IAM does not.

use crate::answers::ASSUME;
use crate::support::*;

#[tokio::test]
async fn header_and_presigned() {
    let app = App::new().await;
    let target = format!("/?{WHO}");
    for region in ["*", "us-east-1", "eu-*,mars-1"] {
        let ask = Ask { region, sigv4a: true, ..ask(WHO) };
        let get = Ask { region, sigv4a: true, ..get(&target) };
        // The first derives the key, the others find it.
        for request in [ask.signed(), ask.signed(), get.presigned(), ask.by_bob().signed()] {
            let answer = app.shown(request).await;
            assert!(answer.starts_with("200\n"), "{region}: {answer}");
        }
    }
    let session = app.session(Ask { region: "*", sigv4a: true, ..ask(ASSUME) }).await;
    let ask = session.sign(Ask { region: "*", sigv4a: true, ..ask(WHO) });
    let get = session.sign(Ask { region: "*", sigv4a: true, ..get(&target) });
    for request in [ask.signed(), get.presigned()] {
        let answer = app.shown(request).await;
        assert!(answer.contains("assumed-role/deploy"), "{answer}");
    }
}

#[tokio::test]
async fn the_region_set_must_cover_the_endpoint() {
    const REGION: &str = "Credential should be scoped to a valid region. ";
    const SERVICE: &str = "Credential should be scoped to correct service: 'sts'. ";
    let app = App::new().await;
    let regional = "sts.eu-central-1.amazonaws.com";
    for (host, region, service, message) in [
        (regional, "eu-central-1", "sts", None),
        (regional, "us-east-1, eu-central-1", "sts", None),
        (regional, "eu-*", "sts", None),
        (regional, "us-*", "sts", Some(REGION.to_owned())),
        (regional, "eu-central-2", "sts", Some(REGION.to_owned())),
        (regional, "us-*", "iam", Some([REGION, SERVICE].concat())),
        ("sts.amazonaws.com", "*", "sts", None),
        ("sts.amazonaws.com", "eu-*", "sts", Some(REGION.to_owned())),
        ("localhost:4566", "mars-*", "sts", Some(REGION.to_owned())),
        ("localhost:4566", "mars-1,ap-south-2", "sts", None),
    ] {
        let signed = Ask { host, region, service, sigv4a: true, ..ask(WHO) };
        let answer = app.shown(signed.signed()).await;
        match message {
            None => assert!(answer.starts_with("200\n"), "{host} {region}: {answer}"),
            Some(message) => {
                assert_eq!(answer, sts_error(403, "SignatureDoesNotMatch", Some(&message)));
            }
        }
    }
}

#[tokio::test]
async fn signatures_that_do_not_hold() {
    let app = App::new().await;
    let mismatch = sts_error(403, "SignatureDoesNotMatch", Some(NO_MATCH));
    let signed = |secret| Ask { region: "*", secret, sigv4a: true, ..ask(WHO) }.signed();
    for _ in 0..2 {
        assert_eq!(app.shown(signed("wrong")).await, mismatch);
        assert_eq!(app.answer(signed("test")).await.status(), 200);
    }
    let mut wider = Ask { region: "eu-*", sigv4a: true, ..ask(WHO) }.signed();
    wider.headers_mut().insert("x-amz-region-set", "*".parse().unwrap());
    assert_eq!(app.shown(wider).await, mismatch);
}

#[tokio::test]
async fn iam_does_not_know_the_algorithm() {
    let app = App::new().await;
    let body = "Action=ListAccountAliases&Version=2010-05-08";
    let target = format!("/?{body}");
    for host in ["localhost:4566", "iam.amazonaws.com"] {
        let ask = Ask { host, region: "*", sigv4a: true, ..ask(body).iam() };
        let get = Ask { host, region: "*", sigv4a: true, ..get(&target).iam() };
        let unsupported = "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.";
        let expected = iam_error(400, "IncompleteSignature", Some(unsupported));
        assert_eq!(app.shown(ask.signed()).await, expected);
        // Before anything else that is wrong with the signature.
        let mut undated = ask.signed();
        undated.headers_mut().remove("x-amz-date");
        assert_eq!(app.shown(undated).await, expected);
        let missing = "Request is missing Authentication Token";
        let expected = iam_error(403, "MissingAuthenticationToken", Some(missing));
        assert_eq!(app.shown(get.presigned()).await, expected);
    }
}

/// A call has one region even so: the endpoint's; at an address that is no endpoint of AWS's the
/// first that the set names in full, or else the first that it covers.
#[tokio::test]
async fn the_region_of_the_call() {
    let app = App::new().await;
    let last_use = || app.env.state.view().access_key(BOBS_KEY).unwrap().last_used.get().unwrap();
    for (host, region, expected) in [
        ("localhost:4566", "*", "us-east-1"),
        ("localhost:4566", "eu-*", "eu-central-1"),
        ("localhost:4566", "*,mars-1,eu-west-3,us-east-1", "eu-west-3"),
        ("sts.eu-north-1.amazonaws.com", "us-east-1,eu-*", "eu-north-1"),
    ] {
        let answer = app.answer(Ask { host, region, sigv4a: true, ..ask(WHO).by_bob() }.signed());
        assert_eq!(answer.await.status(), 200, "{host} {region}");
        let [event] = app.events.take().try_into().unwrap();
        assert_eq!(event["awsRegion"], expected, "{host} {region}");
        assert_eq!(&*last_use().region, expected, "{host} {region}");
    }
}

const NO_MATCH: &str = "The request signature we calculated does not match the signature you \
                        provided. Check your AWS Secret Access Key and signing method. Consult \
                        the service documentation for details.";
