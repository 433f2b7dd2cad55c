//! Whatever stands in a query string.

use daypass_sigv4::{Carrier, Request};
use percent_encoding::percent_decode_str;

use crate::server::{self, assert_refused, scoped};

/// The input is the raw query string.
pub(crate) fn run(query: &[u8]) {
    let Ok(query) = std::str::from_utf8(query) else { return };
    let headers = [("host", "sts.amazonaws.com")];
    let request = Request::new("GET", "/", query, &headers);
    assert_refused(&request);

    // A signature is no part of what it signs: in place of the one that is there, the right one is accepted, so
    // long as it covers no more than is there.
    let Ok(claims) = scoped(&request) else { return };
    assert_eq!(claims.carrier(), Carrier::Query);
    let is_whole = claims.signed_headers().as_str() == "host";
    let is_v4 = claims.credential().terminator == "aws4_request";
    let is_signature = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        percent_decode_str(name).eq(*b"X-Amz-Signature")
    };
    let others: Vec<_> = query.split('&').filter(|pair| !is_signature(pair)).collect();
    let signed = format!("X-Amz-Signature={}&{}", server::sign(&claims, b""), others.join("&"));
    let request = Request::new("GET", "/", &signed, &headers);
    let claims = scoped(&request).expect("another signature changes nothing else");
    assert_eq!(server::accepts(claims.clone(), server::SECRET, b""), is_whole && is_v4);
    assert!(!server::accepts(claims.clone(), server::SECRET, b"another body"));
    assert!(!server::accepts(claims, b"another secret", b""));
}
