//! Every error of authentication: its code, its status and AWS's text.

use daypass_sigv4::{
    AuthError, ExpectedScope, PayloadHash, Presented, Regions, Request, SigningKey,
};

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;
const CREDENTIAL: &str = "AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request";

/// Runs all the stages, as a caller that knows every key would.
fn refusal(request: &Request<'_>, now: i64) -> AuthError {
    stages(request, now).expect_err("the request should have been refused")
}

fn stages(request: &Request<'_>, now: i64) -> Result<(), AuthError> {
    let scoped = Presented::parse(request)?
        .check_freshness(now)?
        .check_scope(&ExpectedScope { service: "sts", regions: Regions::Only("us-east-1") })?;
    let key = SigningKey::derive(b"secret", "20150830", "us-east-1", "sts");
    scoped.verify(&key, &PayloadHash::of(b"")).map(|_| ())
}

fn assert_words(error: &AuthError, code: &str, status: u16, message: Option<&str>) {
    assert_eq!((error.code(), error.status()), (code, status), "{error:?}");
    assert_eq!(error.message().as_deref(), message, "{error:?}");
}

fn with_header(authorization: &str) -> Vec<(String, String)> {
    [
        ("Host", "sts.amazonaws.com"),
        ("X-Amz-Date", "20150830T123600Z"),
        ("Authorization", authorization),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

#[test]
fn header_carrier() {
    let digest_of = |text: &str| {
        use sha2::Digest;
        base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            sha2::Sha256::digest(text),
        )
    };
    let missing = |sentences: &str, header: &str| {
        format!(
            "{sentences} (Hashed with SHA-256 and encoded with Base64) Authorization={}",
            digest_of(header)
        )
    };
    let full = |credential: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, Signature=00"
        )
    };
    let all_parameters = "Authorization header requires 'Credential' parameter. \
                          Authorization header requires 'Signature' parameter. \
                          Authorization header requires 'SignedHeaders' parameter.";
    let no_equal_sign = format!(
        "'Signature' not a valid key=value pair (missing equal-sign) in Authorization header \
         (hashed with SHA-256 and encoded with Base64): '{}'.",
        digest_of("AWS4-HMAC-SHA256 Credential=a, Signature")
    );
    let cases: Vec<(String, &str, u16, String)> = vec![
        (String::new(), "IncompleteSignature", 400, "Unsupported AWS 'algorithm': ''.".into()),
        ("Bearer abc".into(), "IncompleteSignature", 400, "Unsupported AWS 'algorithm': 'Bearer'.".into()),
        (
            "aws4-hmac-sha256 Credential=a".into(),
            "IncompleteSignature",
            400,
            "Unsupported AWS 'algorithm': 'aws4-hmac-sha256'.".into(),
        ),
        ("AWS4-HMAC-SHA256 Credential=a, Signature".into(), "IncompleteSignature", 400, no_equal_sign),
        ("AWS4-HMAC-SHA256".into(), "IncompleteSignature", 400, missing(all_parameters, "AWS4-HMAC-SHA256")),
        (
            "AWS4-HMAC-SHA256 Credential=a,Unknown=b".into(),
            "IncompleteSignature",
            400,
            missing(
                "Authorization header requires 'Signature' parameter. \
                 Authorization header requires 'SignedHeaders' parameter.",
                "AWS4-HMAC-SHA256 Credential=a,Unknown=b",
            ),
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=x-amz-date, Signature=b".into(),
            "SignatureDoesNotMatch",
            403,
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into(),
        ),
        (
            full("a/b/c/d"),
            "IncompleteSignature",
            400,
            "Credential must have exactly 5 slash-delimited elements, \
             e.g. keyid/date/region/service/term, got 'a/b/c/d'."
                .into(),
        ),
        (
            full("a/b/c/d/e/"),
            "IncompleteSignature",
            400,
            "Credential must have exactly 5 slash-delimited elements, \
             e.g. keyid/date/region/service/term, got 'a/b/c/d/e/'."
                .into(),
        ),
        (
            full("AKIDEXAMPLE/20150830/us-west-2/sts/aws4_request"),
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped to a valid region. ".into(),
        ),
        (
            full("AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request"),
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped to correct service: 'sts'. ".into(),
        ),
        (
            full("AKIDEXAMPLE/20150830/us-west-2/iam/aws4_request"),
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sts'. "
                .into(),
        ),
        (
            full("AKIDEXAMPLE/20150830/us-east-1/sts/aws5_request"),
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.".into(),
        ),
        (
            full("AKIDEXAMPLE/20150831/us-east-1/sts/aws4_request"),
            "SignatureDoesNotMatch",
            403,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '20150831' != '20150830', from '20150830T123600Z'."
                .into(),
        ),
        (
            full("a/b/c/d/e"),
            "SignatureDoesNotMatch",
            403,
            "Credential should be scoped to a valid region. \
             Credential should be scoped to correct service: 'sts'. \
             Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. \
             Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             'b' != '20150830', from '20150830T123600Z'."
                .into(),
        ),
        (full(CREDENTIAL), "SignatureDoesNotMatch", 403, MISMATCH.into()),
    ];
    for (authorization, code, status, message) in cases {
        let headers = with_header(&authorization);
        let error = refusal(&Request::new("POST", "/", "", &headers), NOW);
        assert_words(&error, code, status, Some(&message));
    }
}

#[test]
fn header_date() {
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host, Signature=00");
    let refuse = |date: Option<(&str, &str)>, now| {
        let mut headers =
            vec![("host", "sts.amazonaws.com"), ("authorization", authorization.as_str())];
        headers.extend(date);
        refusal(&Request::new("POST", "/", "", &headers), now)
    };
    let error = refuse(None, NOW);
    let message = error.message().unwrap();
    assert!(
        message.starts_with(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
             (Hashed with SHA-256 and encoded with Base64) Authorization="
        ),
        "{message}"
    );
    assert_eq!((error.code(), error.status()), ("IncompleteSignature", 400));

    for (name, value) in [
        ("x-amz-date", "201"),
        ("date", "yesterday"),
        ("x-amz-date", "Sun, 30 Aug 2015 12:36:00 GMT"),
    ] {
        let text = format!(
            "Date must be in ISO-8601 'basic format'. Got '{value}'. See http://en.wikipedia.org/wiki/ISO_8601"
        );
        assert_words(&refuse(Some((name, value)), NOW), "IncompleteSignature", 400, Some(&text));
    }

    for date in [
        ("x-amz-date", "20150830T123600Z"),
        ("x-amz-date", "2015-08-30T12:36:00Z"),
        ("date", "20150830T123600Z"),
        ("date", "2015-08-30T12:36:00Z"),
        ("date", "Sun, 30 Aug 2015 12:36:00 GMT"),
    ] {
        // Exactly 15 minutes, either way, is still fresh: only the signature is wrong.
        for skew in [-900, 0, 900] {
            assert_words(
                &refuse(Some(date), NOW + skew),
                "SignatureDoesNotMatch",
                403,
                Some(MISMATCH),
            );
        }
        assert_words(
            &refuse(Some(date), NOW + 901),
            "SignatureDoesNotMatch",
            403,
            Some(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)",
            ),
        );
        assert_words(
            &refuse(Some(date), NOW - 901),
            "SignatureDoesNotMatch",
            403,
            Some(
                "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z \
                 (20150830T122059Z + 15 min.)",
            ),
        );
    }
    for extreme in [i64::MIN, i64::MAX] {
        assert_eq!(
            refuse(Some(("date", "20150830T123600Z")), extreme).code(),
            "SignatureDoesNotMatch"
        );
    }
}

#[test]
fn query_carrier() {
    let algorithm = "X-Amz-Algorithm=AWS4-HMAC-SHA256";
    let full = |more: &str| {
        format!(
            "{algorithm}&X-Amz-Credential={CREDENTIAL}&X-Amz-Date=20150830T123600Z\
             &X-Amz-SignedHeaders=host&X-Amz-Signature=00{more}"
        )
    };
    let cases: Vec<(String, &str, u16, Option<&str>)> = vec![
        ("a=%".into(), "MalformedQueryString", 400, Some("Incomplete trailing escape % sequence")),
        (
            "a=%4&b=c".into(),
            "MalformedQueryString",
            400,
            Some("Incomplete trailing escape % sequence"),
        ),
        (
            "%zz=a".into(),
            "MalformedQueryString",
            400,
            Some("Illegal hex character in escape % pattern: %zz"),
        ),
        (
            "a=%20%4%20".into(),
            "MalformedQueryString",
            400,
            Some("Illegal hex character in escape % pattern: %4%"),
        ),
        (
            String::new(),
            "MissingAuthenticationToken",
            403,
            Some("Request is missing Authentication Token"),
        ),
        (
            "X-Amz-Algorithm=AWS4".into(),
            "MissingAuthenticationToken",
            403,
            Some("Request is missing Authentication Token"),
        ),
        (
            format!("X-Amz-Algorithm=AWS4&{algorithm}"),
            "MissingAuthenticationToken",
            403,
            Some("Request is missing Authentication Token"),
        ),
        (
            "x-amz-algorithm=AWS4-HMAC-SHA256".into(),
            "MissingAuthenticationToken",
            403,
            Some("Request is missing Authentication Token"),
        ),
        (
            algorithm.into(),
            "IncompleteSignature",
            400,
            Some(
                "AWS query-string parameters must include 'X-Amz-Credential'. \
                 AWS query-string parameters must include 'X-Amz-Signature'. \
                 AWS query-string parameters must include 'X-Amz-SignedHeaders'. \
                 AWS query-string parameters must include 'X-Amz-Date'. \
                 Re-examine the query-string parameters.",
            ),
        ),
        (
            format!("{algorithm}&X-Amz-Credential=a&X-Amz-Date=b&X-Amz-Signature=c"),
            "IncompleteSignature",
            400,
            Some(
                "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
            ),
        ),
        (
            format!(
                "{algorithm}&X-Amz-Credential=a&X-Amz-Date=b&X-Amz-Signature=c&X-Amz-SignedHeaders=d"
            ),
            "SignatureDoesNotMatch",
            403,
            Some("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
        ),
        (
            format!(
                "{algorithm}&X-Amz-Credential=a&X-Amz-Date=2015-08-30T12:36:00Z&X-Amz-Signature=c&X-Amz-SignedHeaders=host"
            ),
            "IncompleteSignature",
            400,
            Some(
                "Date must be in ISO-8601 'basic format'. Got '2015-08-30T12:36:00Z'. \
                 See http://en.wikipedia.org/wiki/ISO_8601",
            ),
        ),
        (
            full("&X-Amz-Expires="),
            "IncompleteSignature",
            400,
            Some("X-Amz-Expires should be a number"),
        ),
        (
            full("&X-Amz-Expires=1.5"),
            "IncompleteSignature",
            400,
            Some("X-Amz-Expires should be a number"),
        ),
        (
            full("&X-Amz-Expires=+60"),
            "IncompleteSignature",
            400,
            Some("X-Amz-Expires should be a number"),
        ),
        (
            full("&X-Amz-Expires=-1"),
            "IncompleteSignature",
            400,
            Some("X-Amz-Expires must be non-negative"),
        ),
        (full("&X-Amz-Expires=604801"), "IncompleteSignature", 400, Some(TOO_LONG)),
        (full("&X-Amz-Expires=99999999999999999999"), "IncompleteSignature", 400, Some(TOO_LONG)),
        (
            full("&X-Amz-Expires=60&X-Amz-Expires=x&X-Amz-Date=x"),
            "IncompleteSignature",
            400,
            Some(
                "AWS query-string parameters must include 'X-Amz-Expires' only once. \
                 Re-examine the query-string parameters.",
            ),
        ),
        (full("&X-Amz-Expires=0"), "SignatureDoesNotMatch", 403, Some(MISMATCH)),
        (full("&X-Amz-Expires=604800"), "SignatureDoesNotMatch", 403, Some(MISMATCH)),
        (full(""), "SignatureDoesNotMatch", 403, Some(MISMATCH)),
    ];
    let headers = [("host", "sts.amazonaws.com")];
    for (query, code, status, message) in cases {
        let error = refusal(&Request::new("GET", "/", &query, &headers), NOW);
        assert_words(&error, code, status, message);
    }
    let both = with_header("Bearer a");
    let error = refusal(&Request::new("GET", "/", algorithm, &both), NOW);
    assert_words(&error, "SignatureDoesNotMatch", 403, None);
    assert_eq!(error, AuthError::TwoCarriers);
}

#[test]
fn a_presigned_request_lives_for_15_minutes_whatever_it_asks_for() {
    for expires in ["&X-Amz-Expires=0", "&X-Amz-Expires=60", "&X-Amz-Expires=604800", ""] {
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={CREDENTIAL}&X-Amz-Date=20150830T123600Z\
             &X-Amz-SignedHeaders=host&X-Amz-Signature=00{expires}"
        );
        let headers = [("host", "sts.amazonaws.com")];
        let presented = Presented::parse(&Request::new("GET", "/", &query, &headers)).unwrap();
        assert!(presented.clone().check_freshness(NOW + 900).is_ok());
        assert!(matches!(presented.check_freshness(NOW + 901), Err(AuthError::Expired { .. })));
    }
}

#[test]
fn headers_that_a_service_wants_signed() {
    let headers =
        with_header("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=Host;x-amz-date, Signature=b");
    let request = Request::new("POST", "/", "", &headers);
    let error = refusal(&request.must_sign(&["X-Amz-Date", "x-k8s-aws-id", "ETag"]), NOW);
    let text = "'x-k8s-aws-id' must be a 'SignedHeader' in the AWS Authorization.";
    assert_words(&error, "SignatureDoesNotMatch", 403, Some(text));
    assert!(Presented::parse(&request.must_sign(&["X-Amz-Date"])).is_ok());
}

#[test]
fn earlier_faults_hide_later_ones() {
    let cases = [
        ("a=%&X-Amz-Algorithm=x", Some("Bearer a"), "MalformedQueryString"),
        ("X-Amz-Algorithm=x", Some("Bearer a"), "SignatureDoesNotMatch"),
        ("", Some("AWS4-HMAC-SHA256 Credential, SignedHeaders=x"), "IncompleteSignature"),
        (
            "",
            Some("AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=x"),
            "SignatureDoesNotMatch",
        ),
        (
            "",
            Some("AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=host"),
            "IncompleteSignature",
        ),
    ];
    for (query, authorization, code) in cases {
        let mut headers = vec![("x-amz-date", "never")];
        headers.extend(authorization.map(|value| ("authorization", value)));
        assert_eq!(
            refusal(&Request::new("GET", "/", query, &headers), NOW).code(),
            code,
            "{query} {authorization:?}"
        );
    }
    // A stale request is told so before its credential is looked at, and a bad scope before a bad signature.
    let headers = with_header("AWS4-HMAC-SHA256 Credential=a, Signature=b, SignedHeaders=host");
    let request = Request::new("GET", "/", "", &headers);
    assert!(matches!(refusal(&request, 0), AuthError::NotYetCurrent { .. }));
    assert!(matches!(refusal(&request, NOW), AuthError::CredentialParts { .. }));
}

/// The canonical query string is sorted: both orders would have the same signature.
#[test]
fn no_parameter_of_a_presigned_signature_is_repeated() {
    let good = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID/20150830/us-east-1/sts/aws4_request\
                &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-Security-Token=t\
                &X-Amz-SignedHeaders=host&X-Amz-Signature=00";
    let headers = [("host", "sts.amazonaws.com"), ("x-amz-security-token", "another")];
    let parse = |query: &str| {
        let request = Request::new("GET", "/", query, &headers);
        Presented::parse(&request).map(|presented| presented.security_token().map(str::to_owned))
    };
    // The token is where the signature is.
    assert_eq!(parse(good), Ok(Some("t".to_owned())));
    for pair in good.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        let repeated = Err(AuthError::RepeatedInQuery { name: name.to_owned() });
        let escaped = name.replace('A', "%41");
        for query in [
            format!("{good}&{pair}"),
            format!("{name}=other&{good}"),
            format!("{good}&{escaped}={value}"),
        ] {
            // Of the algorithm the first is looked at before anything else.
            let is_other_algorithm = query.starts_with("X-Amz-Algorithm=other");
            let expected =
                if is_other_algorithm { Err(AuthError::NotSigned) } else { repeated.clone() };
            assert_eq!(parse(&query), expected, "{query}");
        }
    }
}

#[test]
fn the_last_parameter_of_a_header_counts_and_only_the_first_header() {
    let mut headers = with_header(
        "AWS4-HMAC-SHA256 Credential=x,Credential=AKID/1/2/3/4, SignedHeaders=a, SignedHeaders=host , Signature=c",
    );
    headers.push(("authorization".into(), "Bearer".into()));
    let presented = Presented::parse(&Request::new("GET", "/", "", &headers)).unwrap();
    assert_eq!(presented.access_key_id(), "AKID");
    assert_eq!(presented.credential().region, "2");
    assert_eq!(presented.signed_headers().as_str(), "host");
}

#[test]
fn words_for_what_the_caller_finds() {
    let invalid = "The security token included in the request is invalid.";
    for error in [
        AuthError::UnknownKey,
        AuthError::InactiveKey,
        AuthError::TokenMissing,
        AuthError::TokenOfAnotherKey,
        AuthError::IssuerGone,
        AuthError::TokenWithLongTermKey,
    ] {
        assert_words(&error, "InvalidClientTokenId", 403, Some(invalid));
    }
    assert_words(
        &AuthError::TokenUnreadable,
        "InvalidClientTokenId",
        403,
        invalid.strip_suffix('.'),
    );
    assert_words(
        &AuthError::TokenExpired,
        "ExpiredToken",
        403,
        Some("The security token included in the request is expired"),
    );
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                        Check your AWS Secret Access Key and signing method. \
                        Consult the service documentation for details.";
const TOO_LONG: &str = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                        less than 604800 seconds";
