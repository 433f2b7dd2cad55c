//! Mistakes in the payload's hash.

use super::{
    Hypotheses,
    hypotheses::PAYLOAD,
    mistake::MistakeKind::{
        PayloadEmpty, PayloadHeader, PayloadInQuery, PayloadNewline, PayloadReencoded,
        PayloadUnsigned, QueryInPayload, UpperCaseHex,
    },
    query::{lower_case_escapes, replace},
    seen::{Seen, UNSIGNED, trimmed},
};
use crate::{key::PayloadHash, path::write_encoded};

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    all.likely(
        UpperCaseHex,
        "payload case",
        "the payload's hash was signed in upper-case hexadecimal; write it in lower case",
        |draft| draft.payload.make_ascii_uppercase(),
    );
    let mut likely = |kind, advice: &str, payload: Vec<u8>| {
        all.likely(kind, PAYLOAD, advice, move |draft| {
            let is_upper_case = draft.payload.iter().any(u8::is_ascii_uppercase);
            draft.payload.clone_from(&payload);
            if is_upper_case {
                draft.payload.make_ascii_uppercase();
            }
        });
    };
    likely(PayloadEmpty, "the payload was signed as empty; hash the body that you send", hash(b""));
    likely(
        PayloadUnsigned,
        "the payload's hash was signed as `UNSIGNED-PAYLOAD`, which only S3 accepts; hash the body that you send",
        UNSIGNED.to_vec(),
    );
    if seen.payload != hash(seen.body) {
        let advice = "the payload's hash that was signed is not what `x-amz-content-sha256` says; let it say what you sign";
        likely(PayloadHeader, advice, hash(seen.body));
    } else if let Some(value) = seen.value("x-amz-content-sha256", trimmed) {
        likely(
            PayloadHeader,
            "the payload's hash was taken from `x-amz-content-sha256`, which is not the hash of the body that \
             arrived",
            value,
        );
    }
    if seen.body.len() > LONGEST_BODY {
        return;
    }
    let newline =
        "the body that was hashed differs from the one that arrived by a line break at its end";
    for end in [&b"\n"[..], b"\r\n"] {
        likely(PayloadNewline, newline, hash(&[seen.body, end].concat()));
        if let Some(without) = seen.body.strip_suffix(end) {
            likely(PayloadNewline, newline, hash(without));
        }
    }
    for (body, advice) in reencoded(seen.body) {
        likely(PayloadReencoded, advice, hash(&body));
    }
    if seen.query.is_empty() && !seen.body.is_empty() {
        let body = seen.body;
        all.unlikely(
            PayloadInQuery,
            PAYLOAD,
            "the form's parameters were signed as the query; leave the query empty and hash the body",
            move |draft| {
                draft.query.add(body);
                draft.payload = hash(b"");
            },
        );
    }
    if !seen.query.is_empty() && seen.body.is_empty() && !seen.presigned {
        let payload = hash(seen.query.as_bytes());
        all.unlikely(
            QueryInPayload,
            PAYLOAD,
            "the query's parameters were signed as a form in the body; sign them where you send them",
            move |draft| {
                draft.query.clear();
                draft.payload.clone_from(&payload);
            },
        );
    }
    all.unlikely(
        PayloadEmpty,
        PAYLOAD,
        "the payload's hash was left out; the canonical request ends in it",
        |draft| draft.payload.clear(),
    );
}

/// The body as it may have been before something encoded it anew.
fn reencoded(body: &[u8]) -> [(Vec<u8>, &'static str); 6] {
    let decoded =
        || percent_encoding::percent_decode(&replace(body, b"+", b" ")).collect::<Vec<u8>>();
    [
        (
            replace(body, b"+", b"%20"),
            "the body was hashed with `%20` for a space and sent with `+`; hash the very bytes that you send",
        ),
        (
            replace(body, b"%20", b"+"),
            "the body was hashed with `+` for a space and sent with `%20`; hash the very bytes that you send",
        ),
        (
            decoded(),
            "the body was hashed before it was URL-encoded; hash the very bytes that you send",
        ),
        (
            lower_case_escapes(body),
            "the body was hashed with its escapes in lower case; hash the very bytes that you send",
        ),
        (
            sorted(body),
            "the body was hashed with its parameters in another order; hash the very bytes that you send",
        ),
        (
            {
                let mut out = Vec::new();
                write_encoded(body, &mut out);
                out
            },
            "the body was hashed after it was URL-encoded once more; hash the very bytes that you send",
        ),
    ]
}

fn sorted(body: &[u8]) -> Vec<u8> {
    let mut parameters: Vec<&[u8]> = body.split(|byte| *byte == b'&').collect();
    parameters.sort_unstable();
    parameters.join(&b'&')
}

fn hash(body: &[u8]) -> Vec<u8> {
    PayloadHash::of(body).as_bytes().to_vec()
}

/// A longer body is not hashed in other forms than its own: that is where the work of a diagnosis would end.
const LONGEST_BODY: usize = 64 * 1024;
