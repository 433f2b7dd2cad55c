//! Every error that SigV4a words in its own way, and those that it shares.

use daypass_sigv4::{
    AuthError, ExpectedScope, PayloadHash, Presented, PublicKey, Regions, Request,
};

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;

fn refusal(request: Request<'_>, regions: Regions<'_>) -> AuthError {
    let stages = || {
        let scoped = Presented::parse(&request.sigv4a(true))?
            .check_freshness(NOW)?
            .check_scope(&ExpectedScope { service: "sts", regions })?;
        scoped.verify(&PublicKey::derive("AKIDEXAMPLE", b"secret"), &PayloadHash::of(b""))
    };
    stages().map(|_| ()).expect_err("the request should have been refused")
}

#[track_caller]
fn assert_words(error: &AuthError, code: &str, message: &str) {
    let status = if code == "IncompleteSignature" { 400 } else { 403 };
    assert_eq!((error.code(), error.status()), (code, status), "{error:?}");
    assert_eq!(error.message().as_deref(), Some(message), "{error:?}");
}

#[test]
fn header_carrier() {
    const GOOD: &str = "AKIDEXAMPLE/20150830/sts/aws4_request";
    const SIGNED: &str = "host;x-amz-date;x-amz-region-set";
    let cases = [
        (GOOD, SIGNED, Some("us-east-1"), "SignatureDoesNotMatch", MISMATCH),
        (GOOD, SIGNED, Some("us-east-2"), "SignatureDoesNotMatch", REGION),
        (GOOD, SIGNED, Some("eu-*,us-east-2"), "SignatureDoesNotMatch", REGION),
        (GOOD, SIGNED, Some(""), "SignatureDoesNotMatch", REGION),
        (GOOD, SIGNED, None, "SignatureDoesNotMatch", REGION),
        (
            GOOD,
            "host;x-amz-date",
            Some("us-east-1"),
            "SignatureDoesNotMatch",
            REGION_SET_NOT_SIGNED,
        ),
        (GOOD, "host;x-amz-date", None, "SignatureDoesNotMatch", REGION_SET_NOT_SIGNED),
        (
            GOOD,
            "x-amz-date",
            None,
            "SignatureDoesNotMatch",
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ),
        (
            "AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request",
            SIGNED,
            Some("us-east-1"),
            "IncompleteSignature",
            "Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, \
             got 'AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request'.",
        ),
        (
            "AKIDEXAMPLE/20150830/sts",
            SIGNED,
            Some("us-east-1"),
            "IncompleteSignature",
            "Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, \
             got 'AKIDEXAMPLE/20150830/sts'.",
        ),
        (
            "AKIDEXAMPLE/20150831/iam/aws5_request",
            SIGNED,
            Some("mars-1"),
            "SignatureDoesNotMatch",
            "Credential should be scoped to a valid region. \
             Credential should be scoped to correct service: 'sts'. \
             Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. \
             Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '20150831' != '20150830', from '20150830T123600Z'.",
        ),
    ];
    for (credential, signed, set, code, message) in cases {
        let authorization = format!(
            "AWS4-ECDSA-P256-SHA256 Credential={credential}, SignedHeaders={signed}, Signature=00"
        );
        let mut headers = vec![
            ("host", "sts.amazonaws.com"),
            ("x-amz-date", "20150830T123600Z"),
            ("authorization", &authorization),
        ];
        headers.extend(set.map(|set| ("X-Amz-Region-Set", set)));
        let request = Request::new("POST", "/", "", &headers);
        assert_words(&refusal(request, Regions::Only("us-east-1")), code, message);
    }
}

#[test]
fn query_carrier() {
    let good = "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256\
                &X-Amz-Credential=AKIDEXAMPLE/20150830/sts/aws4_request\
                &X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    let cases = [
        (format!("{good}&X-Amz-Region-Set=us-east-1"), "SignatureDoesNotMatch", MISMATCH),
        (format!("{good}&X-Amz-Region-Set=eu-%2A%2Cus-e%2A"), "SignatureDoesNotMatch", MISMATCH),
        (format!("{good}&X-Amz-Region-Set=eu-%2A"), "SignatureDoesNotMatch", REGION),
        (format!("{good}&X-Amz-Region-Set="), "SignatureDoesNotMatch", REGION),
        (
            format!("{good}&X-Amz-Region-Set=eu-west-1&X-Amz-Region-Set=*"),
            "IncompleteSignature",
            "AWS query-string parameters must include 'X-Amz-Region-Set' only once. \
             Re-examine the query-string parameters.",
        ),
        (
            good.to_owned(),
            "IncompleteSignature",
            "AWS query-string parameters must include 'X-Amz-Region-Set'. \
             Re-examine the query-string parameters.",
        ),
        (
            good.replace("X-Amz-Date", "x-amz-date"),
            "IncompleteSignature",
            "AWS query-string parameters must include 'X-Amz-Date'. \
             AWS query-string parameters must include 'X-Amz-Region-Set'. \
             Re-examine the query-string parameters.",
        ),
    ];
    // A header of the same name is none of a presigned request's business.
    let headers = [("host", "sts.amazonaws.com"), ("x-amz-region-set", "us-east-1")];
    for (query, code, message) in cases {
        let request = Request::new("GET", "/", &query, &headers);
        assert_words(&refusal(request, Regions::Only("us-east-1")), code, message);
    }
}

/// At an endpoint that stands for many regions, one of them is enough, and it can be asked which it was.
#[test]
fn many_regions() {
    let served = Regions::AnyOf(&["us-east-1", "eu-west-1", "eu-central-1"]);
    for (set, expected) in [
        ("*", Some("us-east-1")),
        ("eu-*", Some("eu-west-1")),
        ("eu-*,eu-central-1", Some("eu-central-1")),
        ("mars-1", None),
    ] {
        let headers = [
            ("host", "localhost"),
            ("x-amz-date", "20150830T123600Z"),
            ("x-amz-region-set", set),
            (
                "authorization",
                "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/sts/aws4_request, \
                 SignedHeaders=host;x-amz-date;x-amz-region-set, Signature=00",
            ),
        ];
        let request = Request::new("POST", "/", "", &headers);
        let presented = Presented::parse(&request.sigv4a(true)).unwrap();
        assert_eq!(served.find(&presented), expected, "{set}");
        assert_eq!(presented.credential().region, "");
        assert_eq!(presented.credential().service, "sts");
        let message = if expected.is_some() { MISMATCH } else { REGION };
        assert_words(&refusal(request, served), "SignatureDoesNotMatch", message);
    }
}

/// Where the service does not accept it, SigV4a is as good as any other unknown algorithm.
#[test]
fn not_accepted() {
    for authorization in
        ["AWS4-ECDSA-P256-SHA256 Credential", "AWS4-ECDSA-P256-SHA256", "AWS4-ECDSA-P256-SHA256 "]
    {
        let headers = [("host", "iam.amazonaws.com"), ("authorization", authorization)];
        let refused = Presented::parse(&Request::new("POST", "/", "", &headers)).unwrap_err();
        assert_words(
            &refused,
            "IncompleteSignature",
            "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
        );
    }
    let headers = [("host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", &headers);
    let refused = Presented::parse(&request).unwrap_err();
    assert_words(&refused, "MissingAuthenticationToken", "Request is missing Authentication Token");
}

const REGION: &str = "Credential should be scoped to a valid region. ";
const REGION_SET_NOT_SIGNED: &str =
    "'X-Amz-Region-Set' must be a 'SignedHeader' in the AWS Authorization.";
const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                        Check your AWS Secret Access Key and signing method. \
                        Consult the service documentation for details.";
