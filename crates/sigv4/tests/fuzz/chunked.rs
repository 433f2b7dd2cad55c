//! Whatever comes as an aws-chunked body.

use daypass_sigv4::{
    BodyError, ChunkedBody, DeclaredBody, Limits, Profile, Request, SigningKey, Trailers,
};
use sha2::{Digest, Sha256};

use crate::server::{self, SECRET};

/// The first byte of the input chooses the form, the second where the body is cut, the third what is broken; the
/// rest is a body as it comes, and then again the content of one.
pub(crate) fn run(input: &[u8]) {
    let [form, cut, spoil, rest @ ..] = input else { return };
    let form = &FORMS[usize::from(*form) % FORMS.len()];
    let cut = usize::from(*cut).max(1);

    let (head, _) = Head::new(form, rest.len() / 2);
    let whole = decode(head.body(), &[rest]);
    let pieces: Vec<&[u8]> = rest.chunks(cut).collect();
    // Whatever the pieces it comes in, a body decodes to the same, or breaks for the same reason.
    assert_eq!(decode(head.body(), &pieces), whole);
    if form.signed {
        assert_eq!(whole.0, b"", "chunks that nobody signed are let through");
    }

    let (head, seed) = Head::new(form, rest.len());
    let mut encoded = encode(form, &seed, &rest.chunks(cut).collect::<Vec<_>>());
    let pieces: Vec<&[u8]> = encoded.chunks(cut + 7).collect();
    let (content, trailers) = decode(head.body(), &pieces);
    let trailers = trailers.expect("what is encoded by the rules is accepted");
    assert_eq!(content, rest);
    assert_eq!(trailers.get("x-amz-checksum-crc32c"), form.trailer.then_some(&b"sOO8/Q=="[..]));

    if !form.signed {
        return;
    }
    // What is signed cannot be changed: at most what came before the change is let through.
    let at = encoded.len() * usize::from(*spoil) / 256;
    let is_case_of_a_name = encoded[at].is_ascii_alphabetic() && form.trailer;
    encoded[at] ^= if is_case_of_a_name { 1 } else { 0x20 };
    let (content, end) = decode(head.body(), &[&encoded]);
    assert!(rest.starts_with(&content));
    if end.is_ok() {
        // The size of a chunk may be spelt in either case, and white space around a trailer carries nothing.
        assert_eq!(content, rest, "a changed body is accepted");
        assert!(encoded[at].is_ascii_hexdigit() || encoded[at].is_ascii_whitespace());
    }
}

type Decoded = (Vec<u8>, Result<Trailers, BodyError>);

fn decode(mut body: Box<ChunkedBody>, pieces: &[&[u8]]) -> Decoded {
    let mut out = Vec::new();
    let expected = body.decoded_length();
    for piece in pieces {
        if let Err(error) = body.feed(piece, &mut out) {
            assert_eq!(body.feed(b"more", &mut out), Err(error.clone()));
            assert_eq!(body.finish(), Err(error.clone()));
            assert!(!error.to_string().is_empty());
            return (out, Err(error));
        }
        assert!(out.len() as u64 <= expected);
    }
    let end = body.finish();
    assert!(end.is_err() || out.len() as u64 == expected);
    (out, end)
}

/// A form of `x-amz-content-sha256`.
struct Form {
    word: &'static str,
    signed: bool,
    trailer: bool,
}

const FORMS: [Form; 3] = [
    Form { word: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", signed: true, trailer: false },
    Form { word: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", signed: true, trailer: true },
    Form { word: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", signed: false, trailer: true },
];

/// A signed head that declares a chunked body.
struct Head {
    headers: Vec<(&'static str, String)>,
}

impl Head {
    /// The head, and its signature.
    fn new(form: &Form, length: usize) -> (Self, String) {
        let mut headers = vec![
            ("host", "bucket.s3.amazonaws.com".to_owned()),
            ("x-amz-content-sha256", form.word.to_owned()),
            ("x-amz-date", DATE.to_owned()),
            ("x-amz-decoded-content-length", length.to_string()),
        ];
        if form.trailer {
            headers.push(("x-amz-trailer", "x-amz-checksum-crc32c".to_owned()));
        }
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let authorization = |signature: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{SCOPE}, SignedHeaders={}, Signature={signature}",
                names.join(";")
            )
        };
        headers.push(("authorization", authorization("")));
        let head = Self { headers };
        let signature = server::sign_declared(&server::scoped(&head.request()).expect("a head"));
        let mut headers = head.headers;
        headers.pop();
        headers.push(("authorization", authorization(&signature)));
        (Self { headers }, signature)
    }

    fn request(&self) -> Request<'_> {
        Request::new("PUT", "/key", "", &self.headers).profile(Profile::S3)
    }

    fn body(&self) -> Box<ChunkedBody> {
        let scoped = server::scoped(&self.request()).expect("a head");
        let scope = scoped.credential();
        let key = SigningKey::derive(SECRET, scope.date, scope.region, scope.service);
        match scoped.verify_declared(&key).expect("a signed head") {
            (_, DeclaredBody::Chunked(body)) => {
                Box::new(body.limits(Limits { smallest_chunk: 0, ..Limits::default() }))
            }
            (_, other) => panic!("{other:?}"),
        }
    }
}

/// Encodes chunks by the S3 API reference, with a signer of its own.
fn encode(form: &Form, seed: &str, chunks: &[&[u8]]) -> Vec<u8> {
    let key = server::signing_key(&SCOPE.split('/').collect::<Vec<_>>());
    let mut previous = seed.to_owned();
    let mut sign = |name: &str, hashes: &str| {
        let text = format!("AWS4-HMAC-SHA256-{name}\n{DATE}\n{SCOPE}\n{previous}\n{hashes}");
        previous = hex::encode(server::mac(&key, text.as_bytes()));
        previous.clone()
    };
    let mut body = Vec::new();
    for chunk in chunks.iter().chain([&&b""[..]]) {
        body.extend_from_slice(format!("{:x}", chunk.len()).as_bytes());
        if form.signed {
            let signature = sign("PAYLOAD", &format!("{}\n{}", sha256(b""), sha256(chunk)));
            body.extend_from_slice(format!(";chunk-signature={signature}").as_bytes());
        }
        body.extend_from_slice(b"\r\n");
        if !chunk.is_empty() {
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
    }
    if form.trailer {
        body.extend_from_slice(b"x-amz-checksum-crc32c:sOO8/Q==\r\n");
        if form.signed {
            let signature = sign("TRAILER", &sha256(b"x-amz-checksum-crc32c:sOO8/Q==\n"));
            body.extend_from_slice(format!("x-amz-trailer-signature:{signature}\r\n").as_bytes());
        }
    }
    body.extend_from_slice(b"\r\n");
    body
}

fn sha256(data: &[u8]) -> String {
    hex::encode(Sha256::digest(data))
}

const DATE: &str = "20130524T000000Z";
const SCOPE: &str = "20130524/us-east-1/s3/aws4_request";
