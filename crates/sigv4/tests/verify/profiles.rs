//! What services ask for beyond the signature: S3 above all.

use std::time::{Duration, UNIX_EPOCH};

use daypass_sigv4::{
    AuthError, Carrier, ContentSha256, DeclaredBody, ExpectedScope, Forms, Headers, Lifetime,
    MismatchText, PayloadHash, PayloadRule, Presented, Profile, Regions, Request, Scoped,
    SignedRule, SigningKey, TokenRule,
};
use sha2::{Digest, Sha256};

const SECRET: &str = "secret";
/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;
const SCOPE: &str = "20150830/us-east-1/s3/aws4_request";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A signature of AWS's signer for Rust.
pub(crate) fn signature(
    secret: &str,
    time: i64,
    region: &str,
    service: &str,
    text: &str,
) -> String {
    let time = UNIX_EPOCH + Duration::from_secs(time.unsigned_abs());
    let key = aws_sigv4::sign::v4::generate_signing_key(secret, time, region, service);
    aws_sigv4::sign::v4::calculate_signature(key, text.as_bytes())
}

/// What a client does: signs these headers of a request.
fn authorization(method: &str, path: &str, headers: &[(&str, &str)], payload: &str) -> String {
    let mut headers = headers.to_vec();
    headers.sort();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{payload}");
    let text = format!(
        "AWS4-HMAC-SHA256\n20150830T123600Z\n{SCOPE}\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    let signature = signature(SECRET, NOW, "us-east-1", "s3", &text);
    format!(
        "AWS4-HMAC-SHA256 Credential=AKID/{SCOPE}, SignedHeaders={names}, Signature={signature}"
    )
}

/// The same for a query that is canonical already.
fn presigned(query: &str, payload: &str) -> String {
    let canonical = format!("GET\n/\n{query}\nhost:h\n\nhost\n{payload}");
    let text = format!(
        "AWS4-HMAC-SHA256\n20150830T123600Z\n{SCOPE}\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    format!("{query}&X-Amz-Signature={}", signature(SECRET, NOW, "us-east-1", "s3", &text))
}

fn scoped<'a>(request: &Request<'a>, now: i64) -> Result<Scoped<'a>, AuthError> {
    let expected = ExpectedScope { service: "s3", regions: Regions::Only("us-east-1") };
    Presented::parse(request)?.check_freshness(now)?.check_scope(&expected)
}

fn key() -> SigningKey {
    SigningKey::derive(SECRET.as_bytes(), "20150830", "us-east-1", "s3")
}

fn declared(request: &Request<'_>, now: i64) -> Result<DeclaredBody, AuthError> {
    scoped(request, now)?.verify_declared(&key()).map(|(_, body)| body)
}

fn request<'a>(headers: &'a dyn Headers) -> Request<'a> {
    Request::new("PUT", "/b/k", "", headers).profile(Profile::S3)
}

const BASE: [(&str, &str); 2] = [("host", "h"), ("x-amz-date", "20150830T123600Z")];

fn signed(content: &str, more: &[(&'static str, &str)]) -> Vec<(String, String)> {
    let mut headers = BASE.to_vec();
    headers.push(("x-amz-content-sha256", content));
    headers.extend(more);
    let authorization = authorization("PUT", "/b/k", &headers, content);
    headers.push(("authorization", &authorization));
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_declared_body_is_what_is_left_to_check() {
    let hash = hex::encode(Sha256::digest("body"));
    for hash in [hash.clone(), hash.to_uppercase()] {
        let headers = signed(&hash, &[]);
        let Ok(DeclaredBody::Hashed(declared)) = declared(&request(&headers), NOW) else {
            panic!("a hash was declared");
        };
        assert_eq!(declared.check(&PayloadHash::of(b"body")), Ok(()));
        let error = declared.check(&PayloadHash::of(b"other")).unwrap_err();
        assert_eq!((error.code(), error.status()), ("XAmzContentSHA256Mismatch", 400));
        let answer = error.s3_answer(Carrier::Header);
        assert_eq!(
            answer.message,
            "The provided 'x-amz-content-sha256' header does not match what was computed."
        );
        assert_eq!(answer.details[0], ("ClientComputedContentSHA256", hash));
    }
    let headers = signed("UNSIGNED-PAYLOAD", &[]);
    assert!(matches!(declared(&request(&headers), NOW), Ok(DeclaredBody::Unsigned)));
    let length = [("x-amz-decoded-content-length", "10")];
    for form in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"] {
        let headers = signed(form, &length);
        assert!(
            matches!(declared(&request(&headers), NOW), Ok(DeclaredBody::Chunked(_))),
            "{form}"
        );
        for length in [None, Some(""), Some("-1"), Some("ten"), Some("99999999999999999999")] {
            let length = length.map(|value| ("x-amz-decoded-content-length", value));
            let headers = signed(form, length.as_slice());
            let error = declared(&request(&headers), NOW).unwrap_err();
            assert_eq!((error.code(), error.status()), ("MissingContentLength", 411), "{length:?}");
        }
    }
    for form in [
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    ] {
        let headers = signed(form, &length);
        let error = declared(&request(&headers), NOW).unwrap_err();
        assert_eq!((error.code(), error.status()), ("NotImplemented", 501));
    }
}

#[test]
fn the_declaration_must_be_there_once_readable_and_allowed() {
    let refuse = |headers: &Vec<(String, String)>, profile: Profile| {
        let error = scoped(&request(headers).profile(profile), NOW).unwrap_err();
        let answer = error.s3_answer(Carrier::Header);
        assert_eq!((answer.code, answer.status), (error.code(), error.status()));
        assert_eq!(Some(&answer.message), error.message().as_ref());
        (answer.code, answer.status, answer.message.into_owned())
    };
    let mut headers = signed(EMPTY, &[]);
    headers.retain(|(name, _)| name != "x-amz-content-sha256");
    let missing = "Missing required header for this request: x-amz-content-sha256";
    assert_eq!(refuse(&headers, Profile::S3), ("InvalidRequest", 400, missing.into()));

    let mut twice = signed(EMPTY, &[]);
    twice.push(("X-Amz-Content-Sha256".into(), EMPTY.into()));
    for headers in [twice, signed("garbage", &[]), signed("", &[])] {
        let (code, status, message) = refuse(&headers, Profile::S3);
        assert_eq!((code, status), ("InvalidArgument", 400));
        assert!(message.starts_with("x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-"));
        assert!(message.ends_with(" or a valid sha256 value."));
    }

    let forms = |unsigned, chunked| Profile {
        payload: PayloadRule::Header(Forms { unsigned, chunked }),
        ..Profile::S3
    };
    for (form, profile) in [
        ("UNSIGNED-PAYLOAD", forms(false, true)),
        ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", forms(true, false)),
        ("UNSIGNED-PAYLOAD", Profile::REST),
    ] {
        let (code, status, _) = refuse(&signed(form, &[]), profile);
        assert_eq!((code, status), ("NotImplemented", 501));
    }
    let hash = signed(EMPTY, &[]);
    assert!(scoped(&request(&hash).profile(forms(false, false)), NOW).is_ok());
}

#[test]
fn a_service_that_does_not_heed_the_declaration_hashes_the_body() {
    // The client says its body is unsigned, but signs its hash, as it should.
    let mut headers = BASE.to_vec();
    headers.push(("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    let payload = hex::encode(Sha256::digest("body"));
    let authorization = authorization("PUT", "/b/k", &headers, &payload);
    headers.push(("authorization", &authorization));
    let scoped = scoped(&request(&headers).profile(Profile::QUERY), NOW).unwrap();
    assert_eq!(scoped.content_sha256(), None);
    assert!(scoped.clone().verify(&key(), &PayloadHash::of(b"body")).is_ok());
    assert!(scoped.verify(&key(), &PayloadHash::of(b"other")).is_err());
}

#[test]
fn without_a_declaration_there_is_no_body() {
    let mut headers = BASE.to_vec();
    let authorization = authorization("PUT", "/b/k", &headers, EMPTY);
    headers.push(("authorization", &authorization));
    let request = request(&headers).profile(Profile::REST);
    let Ok(DeclaredBody::Hashed(body)) = declared(&request, NOW) else { panic!("a hash") };
    assert_eq!(body.check(&PayloadHash::of(b"")), Ok(()));
    assert!(body.check(&PayloadHash::of(b"body")).is_err());
}

#[test]
fn headers_that_must_be_signed_if_they_are_there() {
    for (extra, documented, s3) in [
        ("X-Amz-Acl", true, Some("x-amz-acl")),
        ("Content-Type", true, None),
        ("Content-MD5", false, Some("content-md5")),
        ("Range", false, None),
        ("X-Amzn-Trace-Id", false, None),
    ] {
        let mut headers = signed(EMPTY, &[]);
        headers.push((extra.into(), "a".into()));
        headers.push((extra.to_lowercase(), "b".into()));
        let with = |rule| {
            scoped(&request(&headers).profile(Profile { must_sign: rule, ..Profile::S3 }), NOW)
                .err()
        };
        assert_eq!(with(SignedRule::Host), None, "{extra}");
        let expected = documented.then(|| AuthError::HeaderNotSigned { name: extra.into() });
        assert_eq!(with(SignedRule::Documented), expected, "{extra}");
        let expected = s3.map(|name| AuthError::HeadersNotSigned { names: vec![name.into()] });
        assert_eq!(with(SignedRule::S3), expected, "{extra}");
    }
    let mut headers = signed(EMPTY, &[]);
    headers.extend(
        [("x-amz-b", "1"), ("x-amz-a", "2")].map(|(name, value)| (name.into(), value.into())),
    );
    let answer = scoped(&request(&headers), NOW).unwrap_err().s3_answer(Carrier::Header);
    assert_eq!((answer.code, answer.status), ("AccessDenied", 403));
    assert_eq!(answer.message, "There were headers present in the request which were not signed");
    assert_eq!(answer.details, [("HeadersNotSigned", "x-amz-a, x-amz-b".to_owned())]);
}

fn query(expires: Option<&str>) -> String {
    let expires = expires.map(|value| format!("&X-Amz-Expires={value}")).unwrap_or_default();
    format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20150830%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20150830T123600Z{expires}&X-Amz-SignedHeaders=host"
    )
}

#[test]
fn a_presigned_request_of_s3_lives_as_long_as_it_asks() {
    let headers = [("host", "h")];
    let answer = |expires, age| {
        let query = presigned(&query(expires), "UNSIGNED-PAYLOAD");
        let request = Request::new("GET", "/", &query, &headers).profile(Profile::S3);
        declared(&request, NOW + age).map_err(|error| {
            let answer = error.s3_answer(request.carrier());
            (answer.code, answer.status, answer.message.into_owned())
        })
    };
    for (expires, age) in
        [("60", 0), ("60", 60), ("1", -900), ("604800", 604_800), ("3600", 1800), ("0", 0)]
    {
        assert!(
            matches!(answer(Some(expires), age), Ok(DeclaredBody::Unsigned)),
            "{expires} {age}"
        );
    }
    let parameters = "AuthorizationQueryParametersError";
    let week = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
                than 604800 seconds";
    let six = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
               X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    for (expires, age, code, status, message) in [
        (Some("60"), 61, "AccessDenied", 403, "Request has expired"),
        (Some("604800"), 604_801, "AccessDenied", 403, "Request has expired"),
        (Some("60"), -901, "AccessDenied", 403, "Request is not yet valid"),
        (Some("604801"), 0, parameters, 400, week),
        (Some("-1"), 0, parameters, 400, "X-Amz-Expires must be non-negative"),
        (Some("1h"), 0, parameters, 400, "X-Amz-Expires should be a number"),
        (Some(""), 0, parameters, 400, "X-Amz-Expires should be a number"),
        (None, 0, parameters, 400, six),
    ] {
        assert_eq!(
            answer(expires, age).unwrap_err(),
            (code, status, message.into()),
            "{expires:?} {age}"
        );
    }
    // A header, and the same URL at a service of the Query protocol, live for 15 minutes.
    let header = signed(EMPTY, &[]);
    let error = scoped(&request(&header), NOW + 901).unwrap_err();
    assert!(matches!(error, AuthError::Expired { .. }));
    let answer = error.s3_answer(Carrier::Header);
    assert_eq!((answer.code, answer.status), ("RequestTimeTooSkewed", 403));
    assert_eq!(answer.details[0].1, "20150830T123600Z");
    assert_eq!(answer.details[1].1, "2015-08-30T12:51:01Z");
    let other = Profile { lifetime: Lifetime::FifteenMinutes, ..Profile::S3 };
    let query = presigned(&query(None), "UNSIGNED-PAYLOAD");
    let request = Request::new("GET", "/", &query, &headers).profile(other);
    assert!(declared(&request, NOW + 900).is_ok());
    assert!(declared(&request, NOW + 901).is_err());
}

#[test]
fn the_words_for_a_lifetime_that_is_over() {
    let profile = Profile { payload: PayloadRule::Body, ..Profile::REST };
    let query = query(Some("120"));
    let query = format!("{query}&X-Amz-Signature=00");
    let headers = [("host", "h")];
    let request = Request::new("GET", "/", &query, &headers).profile(profile);
    let error = scoped(&request, NOW + 121).unwrap_err();
    assert_eq!(
        error.message().unwrap(),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T123801Z - 2 min.)"
    );
    assert_eq!((error.code(), error.status()), ("SignatureDoesNotMatch", 403));
}

#[test]
fn a_token_that_follows_the_signature_is_an_option() {
    let headers = [("host", "h")];
    let after = format!("{}&X-Amz-Security-Token=tok%2Fen", presigned(&query(Some("60")), EMPTY));
    let among = query(Some("60"))
        .replace("&X-Amz-SignedHeaders", "&X-Amz-Security-Token=tok%2Fen&X-Amz-SignedHeaders");
    let among = presigned(&among, EMPTY);
    let other = after.replace("tok%2Fen", "another");
    for (query, signed, may_follow) in
        [(&after, false, true), (&among, true, true), (&other, false, true)]
    {
        let with = |token| {
            let profile = Profile { token, ..Profile::QUERY };
            let request = Request::new("GET", "/", query, &headers).profile(profile);
            let verified = scoped(&request, NOW).unwrap().verify(&key(), &PayloadHash::of(b""));
            verified.map(|verified| assert!(verified.security_token().is_some())).is_ok()
        };
        assert_eq!(with(TokenRule::Signed), signed, "{query}");
        assert_eq!(with(TokenRule::MayFollow), may_follow, "{query}");
    }
    // Nothing else may be added.
    let more = format!("{after}&a=b");
    let profile = Profile { token: TokenRule::MayFollow, ..Profile::QUERY };
    let request = Request::new("GET", "/", &more, &headers).profile(profile);
    assert!(scoped(&request, NOW).unwrap().verify(&key(), &PayloadHash::of(b"")).is_err());
}

#[test]
fn an_unsigned_token_header_is_taken_with_a_header_signature() {
    let mut headers = BASE.to_vec();
    let authorization = authorization("PUT", "/b/k", &headers, EMPTY);
    headers.push(("authorization", &authorization));
    headers.push(("X-Amz-Security-Token", "token"));
    let verify = |profile| {
        let verified = scoped(&request(&headers).profile(profile), NOW)?
            .verify(&key(), &PayloadHash::of(b""))?;
        assert_eq!(verified.security_token(), Some("token"));
        Ok::<_, AuthError>(())
    };
    assert_eq!(verify(Profile::QUERY), Ok(()));
    let strict = Profile { must_sign: SignedRule::Documented, ..Profile::QUERY };
    assert!(matches!(verify(strict), Err(AuthError::HeaderNotSigned { .. })));
}

#[test]
fn a_mismatch_can_be_explained() {
    let headers = signed(EMPTY, &[("x-amz-security-token", "s3cr3t")]);
    let verify = |mismatch| {
        let scoped =
            scoped(&request(&headers).profile(Profile { mismatch, ..Profile::S3 }), NOW).unwrap();
        let payload = scoped.content_sha256().unwrap().payload();
        let texts = (scoped.canonical_request(&payload), scoped.string_to_sign(&payload));
        let wrong = SigningKey::derive(b"wrong", "20150830", "us-east-1", "s3");
        (texts, scoped.verify_declared(&wrong).unwrap_err())
    };
    let (_, short) = verify(MismatchText::Short);
    assert_eq!(short, AuthError::Mismatch);
    let ((canonical, to_sign), full) = verify(MismatchText::Full);
    assert_eq!(
        full.message().unwrap(),
        format!(
            "{}\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n\
             The String-to-Sign should have been\n'{to_sign}'\n",
            short.message().unwrap()
        )
    );
    assert_eq!((full.code(), full.status()), (short.code(), short.status()));
    assert!(canonical.contains("s3cr3t") && !format!("{full:?}{full}").contains("s3cr3t"));
    let answer = full.s3_answer(Carrier::Header);
    assert!(answer.message.ends_with("Check your key and signing method."));
    assert_eq!(answer.details[0], ("StringToSign", to_sign));
    assert!(answer.details[1].1.starts_with("41 57 53 34 2d"));
}

#[test]
fn s3_takes_any_path_whose_escapes_are_whole() {
    for (path, canonical, accepted) in [
        ("/b/../k", "/b/../k", true),
        ("/../k", "/../k", true),
        ("//b//k/", "//b//k/", true),
        ("/b/%E1%88%B4+~", "/b/%E1%88%B4%2B~", true),
        ("/b/%2e%2E", "/b/..", true),
        ("/b/%", "/b/%25", false),
        ("/b/%4", "/b/%254", false),
    ] {
        let mut headers = BASE.to_vec();
        headers.push(("x-amz-content-sha256", EMPTY));
        let authorization = authorization("PUT", canonical, &headers, EMPTY);
        headers.push(("authorization", &authorization));
        let request = Request::new("PUT", path, "", &headers).profile(Profile::S3);
        assert_eq!(declared(&request, NOW).is_ok(), accepted, "{path}");
    }
}

#[test]
fn the_forms_that_a_claim_shows() {
    let headers = signed("UNSIGNED-PAYLOAD", &[]);
    let scoped = scoped(&request(&headers), NOW).unwrap();
    assert_eq!(scoped.content_sha256(), Some(ContentSha256::Unsigned));
}

#[test]
fn s3_words_for_what_a_header_lacks() {
    let answer = |query: &str, more: &[(&str, &str)]| {
        let mut headers = vec![("host", "h")];
        headers.extend(more);
        let request = Request::new("GET", "/", query, &headers).profile(Profile::S3);
        let answer = scoped(&request, NOW).unwrap_err().s3_answer(request.carrier());
        (answer.code, answer.status, answer.message.into_owned())
    };
    let authorization = |value| [("authorization", value), ("x-amz-content-sha256", EMPTY)];
    let whole = "AWS4-HMAC-SHA256 Credential=A/d/r/s/t, SignedHeaders=host, Signature=0";
    let components = "The authorization header is malformed; the authorization header requires three components: \
                      Credential, SignedHeaders, and Signature.";
    let one = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
               parameter or the Authorization header should be specified";
    let date = "AWS authentication requires a valid Date or x-amz-date header";
    let form = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";
    let unsigned = "There were headers present in the request which were not signed";
    let presigned = query(Some("60")).replace("20150830T123600Z", "2015") + "&X-Amz-Signature=0";
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);
    let cases: [Case<'_>; 9] = [
        ("", &[], "AccessDenied", 403, "Access Denied"),
        ("a=%", &[], "InvalidURI", 400, "Couldn't parse the specified URI."),
        ("X-Amz-Algorithm=a", &authorization(whole), "InvalidArgument", 400, one),
        ("", &authorization("Bearer a"), "InvalidArgument", 400, "Unsupported Authorization Type"),
        ("", &authorization("AWS4-HMAC-SHA256 a"), "AuthorizationHeaderMalformed", 400, components),
        (
            "",
            &authorization("AWS4-HMAC-SHA256 Credential=a"),
            "AuthorizationHeaderMalformed",
            400,
            components,
        ),
        ("", &authorization(whole), "AccessDenied", 403, date),
        (&presigned, &[], "AuthorizationQueryParametersError", 400, form),
        (
            "",
            &[("x-amz-date", "x"), ("x-amz-content-sha256", EMPTY), ("authorization", whole)],
            "AccessDenied",
            403,
            date,
        ),
    ];
    for (query, headers, code, status, message) in cases {
        assert_eq!(answer(query, headers), (code, status, message.into()), "{query} {headers:?}");
    }
    let no_host = "AWS4-HMAC-SHA256 Credential=A/d/r/s/t, SignedHeaders=x-amz-date, Signature=0";
    let headers = [
        ("x-amz-date", "20150830T123600Z"),
        ("x-amz-content-sha256", EMPTY),
        ("authorization", no_host),
    ];
    assert_eq!(answer("", &headers), ("AccessDenied", 403, unsigned.into()));
}

#[test]
fn s3_words_for_what_the_caller_finds() {
    for (error, code, status) in [
        (AuthError::UnknownKey, "InvalidAccessKeyId", 403),
        (AuthError::InactiveKey, "InvalidAccessKeyId", 403),
        (AuthError::TokenMissing, "InvalidAccessKeyId", 403),
        (AuthError::TokenUnreadable, "InvalidToken", 400),
        (AuthError::TokenOfAnotherKey, "InvalidToken", 400),
        (AuthError::TokenWithLongTermKey, "InvalidToken", 400),
        (AuthError::IssuerGone, "InvalidToken", 400),
        (AuthError::TokenExpired, "ExpiredToken", 400),
        (AuthError::Mismatch, "SignatureDoesNotMatch", 403),
    ] {
        let answer = error.s3_answer(Carrier::Header);
        assert_eq!((answer.code, answer.status), (code, status), "{error:?}");
        assert!(answer.message.ends_with('.') && answer.details.is_empty());
    }
}

#[test]
fn s3_words_for_a_scope() {
    let refuse = |scope: &str| {
        let mut headers = signed(EMPTY, &[]);
        let authorization = &mut headers.last_mut().unwrap().1;
        *authorization = authorization.replace(SCOPE, scope);
        let request = request(&headers);
        scoped(&request, NOW).unwrap_err().s3_answer(request.carrier())
    };
    for (scope, fault) in [
        ("20150830/eu-west-1/ec2/x", "the region 'eu-west-1' is wrong; expecting 'us-east-1'"),
        ("20150830/us-east-1/ec2/x", "incorrect service \"ec2\". This endpoint belongs to \"s3\"."),
        (
            "20150830/us-east-1/s3/x",
            "incorrect terminal \"x\". This endpoint uses \"aws4_request\".",
        ),
        (
            "20150831/us-east-1/s3/aws4_request",
            "Invalid credential date. Date is not the same as X-Amz-Date.",
        ),
        (
            "20150830/s3/aws4_request",
            "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
        ),
    ] {
        let answer = refuse(scope);
        assert_eq!((answer.code, answer.status), ("AuthorizationHeaderMalformed", 400));
        assert_eq!(answer.message, format!("The authorization header is malformed; {fault}"));
    }
    let region = refuse("20150830/eu-west-1/s3/aws4_request");
    assert_eq!(region.details, [("Region", "us-east-1".to_owned())]);

    let query = query(Some("60")).replace("us-east-1", "eu-west-1");
    let query = format!("{query}&X-Amz-Signature=00");
    let request = Request::new("GET", "/", &query, &[("host", "h")]).profile(Profile::S3);
    let answer = scoped(&request, NOW).unwrap_err().s3_answer(request.carrier());
    assert_eq!((answer.code, answer.status), ("AuthorizationQueryParametersError", 400));
    assert_eq!(
        answer.message,
        "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'"
    );
}
