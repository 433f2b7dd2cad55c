//! Requests for the signers to sign, as odd as real ones get.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::utf8_percent_encode;
use serde::Serialize;

use super::random::Random;
use super::rust_signer::RESERVED;

/// A request that is not yet signed. `xtask/conformance/wire.py` tells what its fields mean.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Unsigned {
    pub(crate) algorithm: Algorithm,
    pub(crate) form: Form,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body_b64: String,
    pub(crate) akid: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
    pub(crate) region: &'static str,
    pub(crate) service: &'static str,
    pub(crate) time: u64,
}

/// How to sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Algorithm {
    /// With an HMAC.
    #[default]
    V4,
    /// With an elliptic curve.
    V4a,
}

/// Where the signature goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// Into the `Authorization` header.
    #[default]
    Header,
    /// Into the query: a presigned request.
    Query,
}

impl Unsigned {
    /// The next request.
    pub(crate) fn random(algorithm: Algorithm, random: &mut Random) -> Self {
        let method = random.pick(&["GET", "POST"]);
        let service = random.pick(&["sts", "iam", "execute-api", S3]);
        let form = match service {
            // Not every signer hashes the body of what it presigns for S3.
            S3 => Form::Header,
            _ => random.pick(&[Form::Header, Form::Query]),
        };
        let regions = match algorithm {
            Algorithm::V4 => REGIONS,
            Algorithm::V4a => REGION_SETS,
        };
        Self {
            algorithm,
            form,
            method,
            path: if service == S3 { s3_path(random) } else { path(random) },
            query: query(random),
            headers: headers(random),
            body_b64: STANDARD.encode(body(random, method)),
            akid: key_id(random),
            secret: text(random, SECRET, 40),
            token: random.once_in(2).then(|| {
                let length = 100 + random.below(500);
                text(random, SECRET, length)
            }),
            region: random.pick(regions),
            service,
            // Any second from 2015 to 2034.
            time: 1_420_070_400 + random.next() % 600_000_000,
        }
    }
}

fn key_id(random: &mut Random) -> String {
    random.pick(&["AKIA", "ASIA"]).to_owned() + &text(random, KEY_ID, 16)
}

/// Often what the Query protocol has, the root. No dot segment at the end, on which the signers don't agree.
fn path(random: &mut Random) -> String {
    if random.once_in(3) {
        return "/".to_owned();
    }
    let mut path = String::new();
    for _ in 0..=random.below(3) {
        path.push_str(random.pick(&["/", "/", "/", "//", "/./", "/.b/../"]));
        for _ in 0..=random.below(6) {
            match random.below(4) {
                // A dot alone would be a dot segment.
                0 => path.push_str(&escaped(any_char(random)).replace('.', "...")),
                _ => path.push_str(random.pick(PATH_PIECES)),
            }
        }
    }
    if random.once_in(4) {
        path.push('/');
    }
    path
}

/// The name of an object: nothing is resolved in it, and clients escape all that needs it before they sign.
fn s3_path(random: &mut Random) -> String {
    let mut path = String::new();
    for _ in 0..=random.below(4) {
        path.push_str(random.pick(&["/", "/", "/", "//", "/./", "/b/../"]));
        for _ in 0..random.below(8) {
            let char = match random.below(2) {
                0 => any_char(random),
                _ => random.pick(QUERY),
            };
            path.push_str(&escaped(char));
        }
    }
    path
}

fn escaped(char: char) -> String {
    utf8_percent_encode(char.encode_utf8(&mut [0; 4]), RESERVED).to_string()
}

/// A character of any length and script, though none that ends a line of anything.
fn any_char(random: &mut Random) -> char {
    let (first, count) = random.pick(&[
        (' ', 95),
        ('\u{a1}', 0x500),
        ('\u{4e00}', 0x5000),
        ('\u{e000}', 0x1000),
        ('\u{1f300}', 0x300),
        ('\u{f0000}', 0xf000),
    ]);
    let offset = u32::try_from(random.below(count)).unwrap_or_default();
    char::from_u32(u32::from(first) + offset).unwrap_or(first)
}

fn query(random: &mut Random) -> Vec<(String, Option<String>)> {
    let mut query: Vec<(String, Option<String>)> = Vec::new();
    for _ in 0..random.below(6) {
        let name = match query.first() {
            Some((first, _)) if random.once_in(3) => first.clone(),
            _ => {
                let length = 1 + random.below(8);
                query_text(random, length)
            }
        };
        let value = (!random.once_in(8)).then(|| {
            let length = random.below(12);
            query_text(random, length)
        });
        query.push((name, value));
    }
    query
}

fn query_text(random: &mut Random, length: usize) -> String {
    (0..length)
        .map(|_| if random.once_in(3) { any_char(random) } else { random.pick(QUERY) })
        .collect()
}

fn headers(random: &mut Random) -> Vec<(String, String)> {
    let host = random.pick(&[
        "sts.amazonaws.com",
        "127.0.0.1:4566",
        "iam.us-gov.amazonaws.com",
        "localhost:443",
    ]);
    let mut headers = vec![("Host".to_owned(), host.to_owned())];
    let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
    if random.once_in(2) {
        add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8".to_owned());
    }
    if random.once_in(2) {
        // No client signs these two.
        add("User-Agent", odd_value(random));
        add("X-Amzn-Trace-Id", odd_value(random));
    }
    for name in ["X-Odd", "x-lower", "X-K8s-Aws-Id", "Accept", "Zz-Last", "X-Odd"] {
        if random.once_in(3) {
            add(name, odd_value(random));
        }
    }
    headers
}

/// Words with too many spaces between and around them, or nothing.
fn odd_value(random: &mut Random) -> String {
    let mut value = String::new();
    for _ in 0..random.below(5) {
        value.push_str(random.pick(&["", " ", "  ", "   "]));
        let length = 1 + random.below(6);
        value.push_str(&text(random, HEADER, length));
        value.push_str(random.pick(&["", " ", "    "]));
    }
    value
}

fn body(random: &mut Random, method: &str) -> Vec<u8> {
    if method == "GET" || random.once_in(4) {
        return Vec::new();
    }
    if random.once_in(2) {
        return b"Action=GetCallerIdentity&Version=2011-06-15".to_vec();
    }
    (0..random.below(300)).flat_map(|_| random.next().to_le_bytes()).collect()
}

fn text(random: &mut Random, alphabet: &[char], length: usize) -> String {
    (0..length).map(|_| random.pick(alphabet)).collect()
}

/// The service whose paths are not normalised.
pub(crate) const S3: &str = "s3";
const REGIONS: &[&str] = &["us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1"];
/// Each has a place for `eu-central-1`.
const REGION_SETS: &[&str] =
    &["eu-central-1", "us-east-1,eu-central-1", "eu-*", "*", "*-central-*"];
const KEY_ID: &[char] = &['A', 'B', 'C', 'D', 'Q', 'X', 'Y', 'Z', '2', '3', '7'];
const SECRET: &[char] = &['a', 'b', 'y', 'z', 'A', 'B', 'Y', 'Z', '0', '5', '9', '/', '+'];
/// Whatever has to be encoded, or must not be, or sorts differently once it is.
const QUERY: &[char] = &[
    'a', 'b', 'Z', '0', '9', '-', '_', '.', '~', ' ', '+', '%', '&', '=', '/', '?', '#', ':', '@',
    '\'', '(', ')', '*', '!', ';', ',', '"', '\\', '|', '<', '[', '{', '\n', '\t', 'é', 'Ж', '漢',
    '😀',
];
const HEADER: &[char] =
    &['a', 'z', 'A', 'Z', '0', '9', '"', '\'', ',', ';', '=', '/', '(', ')', '%', '-', 'é', '漢'];
/// As on the wire. (The Common Runtime takes a colon at the end of a segment for that of a scheme.)
const PATH_PIECES: &[&str] = &[
    "a",
    "b",
    "Z",
    "0",
    "-",
    "_",
    ".a",
    "~",
    "%20",
    "%2F",
    "%25",
    "%C3%A9",
    "%F0%9F%98%80",
    ":c",
    "@",
    "!",
    "$",
    "'",
    "(",
    ")",
    "*",
    ",",
    ";",
    "=",
    "+",
];
