//! No byte of a signed request can be changed.

use daypass_sigv4::{AuthError, Carrier};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use crate::signed::{Sent, carriers, requests};

/// Flips every bit of every signed part of one request, and puts everything that means something to a parser in the
/// place of every byte.
#[test]
fn every_byte_of_one_request() {
    for carrier in [Carrier::Header, Carrier::Query] {
        let original = sample().signed(carrier, Some("token+/="));
        let tried = try_all(&original, b" \t\0\xff&=;,/%+.-~0aZ", Sent::verify);
        assert!(tried > 10_000, "only {tried} mutations were tried");
    }
}

/// Asserts that the verifier accepts the request, but no more once any bit of it is flipped, or any byte of it is
/// one of these others. Tells how many changes it tried.
pub(crate) fn try_all(original: &Sent, others: &[u8], verify: Verify) -> usize {
    assert_eq!(verify(original), Ok(()));
    let mut tried = 0;
    for part in 0..parts(original) {
        for at in 0..part_bytes(original, part).len() {
            let flipped = (0..8).map(|bit| part_bytes(original, part)[at] ^ (1 << bit));
            for byte in flipped.chain(others.iter().copied()) {
                tried += usize::from(refuses(original, part, at, byte, verify));
            }
        }
    }
    tried
}

type Verify = fn(&Sent) -> Result<(), AuthError>;

proptest! {
    #[test]
    fn any_byte_of_any_request(
        request in requests(),
        carrier in carriers(),
        part in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        flip in 1..=0x7f_u8,
    ) {
        let original = request.signed(carrier, None);
        let part = part.index(parts(&original));
        let bytes = part_bytes(&original, part);
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            refuses(&original, part, at, bytes[at] ^ flip, Sent::verify);
        }
    }
}

pub(crate) fn sample() -> Sent {
    let headers = [
        ("Host", "sts.eu-central-1.amazonaws.com"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("X-K8s-Aws-Id", "a cluster"),
    ];
    Sent {
        method: "POST".into(),
        path: "/a/b%20c".into(),
        query: "Action=GetCallerIdentity&Version=2011-06-15&x=%2F%20".into(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).to_vec(),
        body: b"Action=AssumeRole".to_vec(),
        time: 1_800_000_000,
    }
}

/// Method, path, query, body, then the headers.
fn parts(sent: &Sent) -> usize {
    4 + sent.headers.len()
}

fn part_bytes(sent: &Sent, part: usize) -> &[u8] {
    match part {
        0 => sent.method.as_bytes(),
        1 => sent.path.as_bytes(),
        2 => sent.query.as_bytes(),
        3 => &sent.body,
        _ => &sent.headers[part - 4].1,
    }
}

/// Changes one byte and asserts that the request is refused. `false` if the change changes no meaning, or if no
/// server would hand such a request on.
fn refuses(original: &Sent, part: usize, at: usize, byte: u8, verify: Verify) -> bool {
    let mut changed = original.clone();
    let in_text = |text: &mut String| {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = byte;
        String::from_utf8(bytes).map(|bytes| *text = bytes).is_ok()
    };
    let is_possible = match part {
        0 => in_text(&mut changed.method),
        1 => in_text(&mut changed.path),
        2 => in_text(&mut changed.query),
        3 => {
            changed.body[at] = byte;
            true
        }
        _ => {
            changed.headers[part - 4].1[at] = byte;
            !matches!(byte, b'\r' | b'\n')
        }
    };
    if !is_possible || means_the_same(original, &changed) {
        return false;
    }
    assert!(verify(&changed).is_err(), "{original:?} was changed to {changed:?}");
    true
}

/// An oracle of its own: what SigV4 by its definition cannot tell apart.
fn means_the_same(left: &Sent, right: &Sent) -> bool {
    let pairs = |query: &str| {
        let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| {
                (percent_decode_str(name).collect(), percent_decode_str(value).collect())
            })
            .collect();
        pairs.sort();
        pairs
    };
    let segments = |path: &str| {
        let mut segments: Vec<String> = Vec::new();
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop()),
                name => segments.push(name.to_owned()),
            }
        }
        let is_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
        (path.starts_with('/'), segments, is_folder)
    };
    let words = |sent: &Sent| -> Vec<Vec<Vec<u8>>> {
        sent.headers
            .iter()
            .map(|(name, value)| {
                let value = value.trim_ascii();
                // White space around the commas of an Authorization header carries nothing.
                let separator: &[u8] = if name == "authorization" { b", \t\x0c" } else { b" " };
                value
                    .split(|byte| separator.contains(byte))
                    .filter(|word| !word.is_empty())
                    .map(<[u8]>::to_vec)
                    .collect()
            })
            .collect()
    };
    left.method == right.method
        && left.body == right.body
        && segments(&left.path) == segments(&right.path)
        && pairs(&left.query) == pairs(&right.query)
        && words(left) == words(right)
}
