//! The canonical request and the string to sign.

use memchr::memchr3;

use crate::{
    claims::{Carrier, Claims},
    key::{PayloadHash, hex},
    query,
};

/// Writes the canonical request, and says whether the request has every header that it claims to have signed.
pub(crate) fn write_request(claims: &Claims<'_>, payload: &PayloadHash, out: &mut Vec<u8>) -> bool {
    let request = &claims.request;
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    request.profile.path_style.write(request.path, out);
    out.push(b'\n');
    // A presigned request's signature cannot be part of what it signs; a query that does not carry the
    // authentication is signed whole.
    let added: &[&[u8]] = match (claims.carrier, claims.token_follows) {
        (Carrier::Header, _) => &[],
        (Carrier::Query, false) => &[query::SIGNATURE],
        (Carrier::Query, true) => &[query::SIGNATURE, query::SECURITY_TOKEN],
    };
    query::write_canonical(request.query, claims.plus, added, out);
    out.push(b'\n');
    let mut complete = true;
    for name in claims.signed_headers.bytes_of_names() {
        out.extend_from_slice(name);
        let mut separator = b':';
        request.visit_signed(name, |value| {
            out.push(separator);
            separator = b',';
            write_header_value(value, out);
        });
        if separator == b':' {
            complete = false;
            out.push(separator);
        }
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(claims.signed_headers.as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload.as_bytes());
    complete
}

/// The string to sign for a canonical request of this hash.
pub(crate) fn write_string_to_sign(
    claims: &Claims<'_>,
    canonical_request: [u8; 32],
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(claims.algorithm().as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(&claims.signed_at.basic());
    out.push(b'\n');
    out.extend_from_slice(claims.credential.scope().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(&hex(canonical_request));
}

/// Writes a header value without the white space around it, each run of spaces inside it as one. An obsolete line
/// folding counts as a run of spaces; a tab elsewhere stays.
fn write_header_value(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value.trim_ascii();
    while let Some(at) = memchr3(b' ', b'\r', b'\n', rest) {
        let (text, blank_on) = rest.split_at(at);
        out.extend_from_slice(text);
        out.push(b' ');
        rest = skip_blank(blank_on);
    }
    out.extend_from_slice(rest);
}

fn skip_blank(mut text: &[u8]) -> &[u8] {
    let mut folded = false;
    while let [byte, rest @ ..] = text {
        folded |= matches!(byte, b'\r' | b'\n');
        if !(is_blank(*byte) || folded && *byte == b'\t') {
            break;
        }
        text = rest;
    }
    text
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_values() {
        for (value, expected) in [
            ("", ""),
            ("   ", ""),
            ("a", "a"),
            ("  a  b\t c ", "a b\t c"),
            ("\ta\t", "a"),
            ("\"a   b\"", "\"a b\""),
            ("a\r\n\t b", "a b"),
            ("a\n  b\n   c", "a b c"),
            ("a\u{e9} b", "a\u{e9} b"),
        ] {
            let mut out = Vec::new();
            write_header_value(value.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{value:?}");
        }
    }
}
