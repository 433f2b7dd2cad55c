//! The canonical request and the string to sign, written once for the hash and for the eye.

use sha2::{Digest, Sha256};

use crate::{
    claims::{Carrier, Claims},
    key::{PayloadHash, hex},
    query,
};

/// Takes the bytes of a canonical request: a hash on the hot path, a buffer where somebody wants to read them.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes the canonical request, and says whether the request has every header that it claims to have signed.
pub(crate) fn write_request(
    claims: &Claims<'_>,
    payload: &PayloadHash,
    sink: &mut impl Sink,
) -> bool {
    let request = &claims.request;
    sink.put(request.method.as_bytes());
    sink.put(b"\n");
    request.path_style.write(request.path, sink);
    sink.put(b"\n");
    query::write_canonical(request.query, claims.carrier == Carrier::Query, sink);
    sink.put(b"\n");
    let mut complete = true;
    for name in claims.signed_headers.names() {
        sink.put(name.as_bytes());
        let mut separator: &[u8] = b":";
        request.visit_signed(name, &mut |value| {
            sink.put(separator);
            separator = b",";
            write_header_value(value, sink);
        });
        if separator == b":" {
            complete = false;
            sink.put(separator);
        }
        sink.put(b"\n");
    }
    sink.put(b"\n");
    sink.put(claims.signed_headers.as_str().as_bytes());
    sink.put(b"\n");
    sink.put(payload.as_bytes());
    complete
}

/// The string to sign for a canonical request of this hash.
pub(crate) fn write_string_to_sign(
    claims: &Claims<'_>,
    canonical_request: Sha256,
    sink: &mut impl Sink,
) {
    sink.put(ALGORITHM.as_bytes());
    sink.put(b"\n");
    sink.put(claims.signed_at.to_string().as_bytes());
    sink.put(b"\n");
    sink.put(claims.scope_text().as_bytes());
    sink.put(b"\n");
    sink.put(&hex(canonical_request.finalize().into()));
}

/// Writes a header value without the white space around it, each run of spaces inside it as one. An obsolete line
/// folding counts as a run of spaces; a tab elsewhere stays.
fn write_header_value(value: &[u8], sink: &mut impl Sink) {
    let mut rest = value.trim_ascii();
    while let Some(at) = rest.iter().position(|byte| is_blank(*byte)) {
        let (text, blank_on) = rest.split_at(at);
        sink.put(text);
        sink.put(b" ");
        rest = skip_blank(blank_on);
    }
    sink.put(rest);
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

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

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
