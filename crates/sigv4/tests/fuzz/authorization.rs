//! Whatever stands in an `Authorization` header.

use daypass_sigv4::{Presented, Request};

use crate::server::{self, assert_refused, scoped};

/// The input is the value of the header.
pub(crate) fn run(value: &[u8]) {
    let headers = headers(value);
    let request = Request::new("POST", "/", "", &headers);
    assert_refused(&request);

    let Ok(presented) = Presented::parse(&request) else { return };
    let names: Vec<&str> = presented.signed_headers().names().collect();
    assert_eq!(names.join(";"), presented.signed_headers().as_str());
    assert_eq!(presented.credential().access_key_id, presented.access_key_id());
    assert!(value.trim_ascii_start().starts_with(b"AWS4-"));

    // The last signature counts: put behind, the right one is accepted, so long as it covers no more than is there.
    let Ok(claims) = scoped(&request) else { return };
    let signed = claims.signed_headers();
    let is_whole = signed.is_canonical()
        && signed.names().all(|name| headers.iter().any(|(has, _)| *has == name))
        && !signed.contains("authorization");
    let is_v4 = claims.credential().terminator == "aws4_request";
    let signed = [value, b",Signature=", server::sign(&claims, b"").as_bytes()].concat();
    let headers = self::headers(&signed);
    let request = Request::new("POST", "/", "", &headers);
    let claims = scoped(&request).expect("another signature changes nothing else");
    assert_eq!(server::accepts(claims.clone(), server::SECRET, b""), is_whole && is_v4);
    assert!(!server::accepts(claims.clone(), server::SECRET, b"another body"));
    assert!(!server::accepts(claims, b"another secret", b""));
}

fn headers(value: &[u8]) -> [(&str, &[u8]); 5] {
    [
        ("host", b"sts.amazonaws.com"),
        ("x-amz-date", b"20150830T123600Z"),
        ("x-amz-security-token", b"token"),
        ("authorization", value),
        // Only the first counts.
        ("Authorization", b"AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request"),
    ]
}
