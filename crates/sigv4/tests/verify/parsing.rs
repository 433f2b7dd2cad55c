//! Hostile input: whatever it is, it is answered.

use daypass_sigv4::{
    AuthError, ExpectedScope, PathStyle, PayloadHash, Presented, Regions, Request, SigningKey,
    is_well_formed_path,
};
use proptest::{collection::vec, prelude::*};

/// Goes as far as the request lets it, and forces every text out of what it meets.
fn exercise(request: &Request<'_>, now: i64) -> Result<(), AuthError> {
    let payload = PayloadHash::of(b"");
    let presented = Presented::parse(request)?;
    let _ = (presented.canonical_request(&payload), presented.string_to_sign(&payload));
    let _ = format!("{presented:?} {:?}", presented.credential());
    let now = if now % 2 == 0 { presented.signed_at().unix_seconds() } else { now };
    let fresh = presented.check_freshness(now)?;
    let (region, service) =
        (fresh.credential().region.to_owned(), fresh.credential().service.to_owned());
    let scoped =
        fresh.check_scope(&ExpectedScope { service: &service, regions: Regions::Only(&region) })?;
    let key = SigningKey::derive(b"secret", "20150830", &region, &service);
    scoped.verify(&key, &payload).map(|_| ())
}

fn refuses_with_words(request: &Request<'_>, now: i64) {
    let error = exercise(request, now).unwrap_err();
    assert_eq!(error.message().is_none(), error == AuthError::TwoCarriers);
    assert!(matches!(error.status(), 400 | 403));
    assert!(!error.to_string().is_empty());
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("authorization".to_owned()),
        Just("x-amz-date".to_owned()),
        Just("date".to_owned()),
        Just("host".to_owned()),
        Just("x-amz-security-token".to_owned()),
        "\\PC{0,4}",
    ]
}

fn near_authorization() -> impl Strategy<Value = Vec<u8>> {
    let scope = "[A-Z]{0,4}/(20150830|[0-9]{0,9})/[a-z]{0,3}/[a-z]{0,3}/(aws4_request)?/?";
    let headers = "(host|:authority|[a-z]{0,2}|[A-Z]|\u{e9})(;(host|x-amz-date|[a-z]{0,3})){0,4}";
    (scope, headers, "[0-9a-f]{0,70}", "[ ,=;\t]{0,3}").prop_map(|(scope, headers, signature, noise)| {
        format!("AWS4-HMAC-SHA256 Credential={scope},{noise} SignedHeaders={headers}, Signature={signature}{noise}")
            .into_bytes()
    })
}

fn near_query() -> impl Strategy<Value = String> {
    let name = "X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|SignedHeaders|Signature)|[a-z%+]{0,3}";
    let value = "AWS4-HMAC-SHA256|A/20150830/r/s/aws4_request|20150830T123600Z|host(;x)?|-?[0-9]{0,12}|[%=+a-f0-9]{0,6}";
    vec((name, value), 0..10)
        .prop_map(|pairs| pairs.iter().map(|(name, value)| format!("{name}={value}&")).collect())
}

proptest! {
    #[test]
    fn arbitrary_bytes(
        method in "\\PC{0,4}",
        path in "\\PC{0,16}|/[./%a]{0,16}",
        query in prop_oneof!["\\PC{0,32}", near_query()],
        headers in vec((names(), vec(any::<u8>(), 0..48)), 0..6),
        authority in proptest::option::of("\\PC{0,8}"),
        now in any::<i64>(),
    ) {
        let mut request = Request::new(&method, &path, &query, &headers);
        if let Some(authority) = &authority {
            request = request.authority(authority);
        }
        refuses_with_words(&request, now);
        refuses_with_words(&request.path_style(PathStyle::S3), now);
        let _ = is_well_formed_path(&path);
    }

    #[test]
    fn nearly_right_headers(authorization in near_authorization(), date in "20150830T123600Z|2015[0-9T:Z-]{0,16}", now in any::<i64>()) {
        let headers = [("authorization", authorization), ("x-amz-date", date.into_bytes()), ("host", b"a".to_vec())];
        refuses_with_words(&Request::new("GET", "/", "", &headers), now);
    }

    #[test]
    fn nearly_right_queries(query in near_query(), now in any::<i64>()) {
        let query = format!("X-Amz-Algorithm=AWS4-HMAC-SHA256&{query}");
        refuses_with_words(&Request::new("GET", "/", &query, &[("host", "a")]), now);
    }
}

#[test]
fn a_signed_header_that_is_absent_or_disordered_is_a_mismatch() {
    // The client signs exactly what we would compute, so that only the rule itself can refuse it.
    for (list, accepted) in [
        ("host;x-amz-date", true),
        ("x-amz-date;host", false),
        ("Host;x-amz-date", false),
        ("host;host;x-amz-date", false),
        ("host;x-absent;x-amz-date", false),
        (";host;x-amz-date", false),
        ("host;x-amz-date;", false),
    ] {
        let signature_of = |signature: &str| {
            let authorization = format!(
                "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders={list}, Signature={signature}"
            );
            let headers = [
                ("host", "h".to_owned()),
                ("x-amz-date", "20150830T123600Z".to_owned()),
                ("authorization", authorization),
            ];
            let request = Request::new("GET", "/", "", &headers);
            let scoped = Presented::parse(&request)
                .unwrap()
                .check_freshness(1_440_938_160)
                .unwrap()
                .check_scope(&ExpectedScope { service: "s", regions: Regions::Only("r") })
                .unwrap();
            let payload = PayloadHash::of(b"");
            let right = independent_signature(&scoped.string_to_sign(&payload));
            let key = SigningKey::derive(b"secret", "20150830", "r", "s");
            (right, scoped.verify(&key, &payload).map(|_| ()))
        };
        let (right, _) = signature_of("");
        let outcome = signature_of(&right).1;
        assert_eq!(outcome, if accepted { Ok(()) } else { Err(AuthError::Mismatch) }, "{list}");
        assert_eq!(signature_of(&right.to_uppercase()).1, Err(AuthError::Mismatch), "{list}");
    }
}

fn independent_signature(string_to_sign: &str) -> String {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_440_938_160);
    let key = aws_sigv4::sign::v4::generate_signing_key("secret", time, "r", "s");
    aws_sigv4::sign::v4::calculate_signature(key, string_to_sign.as_bytes())
}
