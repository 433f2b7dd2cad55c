//! Bodies in the aws-chunked encoding: AWS's worked examples, and hostile ones.

use daypass_sigv4::{
    AuthError, BodyError, ChunkedBody, DeclaredBody, ExpectedScope, Limits, Presented, Profile,
    Regions, Request, SigningKey, Trailers,
};
use proptest::{collection::vec, prelude::*};
use sha2::{Digest, Sha256};

use crate::profiles::signature;

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// 2013-05-24T00:00:00Z.
const NOW: i64 = 1_369_353_600;
const SCOPE: &str = "20130524/us-east-1/s3/aws4_request";

/// "Transferring payload in multiple chunks" and "Including trailing headers" of the S3 API reference: 65 KiB of the
/// letter a.
#[test]
fn the_documented_examples() {
    let examples = [
        (
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
            [
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ],
            "",
            vec![("content-length", "66824")],
        ),
        (
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            [
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
            ],
            "x-amz-checksum-crc32c:sOO8/Q==\r\n\
             x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
            vec![("x-amz-trailer", "x-amz-checksum-crc32c")],
        ),
    ];
    for (form, seed, [first, second, last], trailers, own_headers) in examples {
        let mut headers = vec![
            ("content-encoding", "aws-chunked"),
            ("host", "s3.amazonaws.com"),
            ("x-amz-content-sha256", form),
            ("x-amz-date", "20130524T000000Z"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ];
        headers.extend(own_headers);
        headers.sort();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={KEY_ID}/{SCOPE},SignedHeaders={},Signature={seed}",
            names.join(";")
        );
        headers.push(("authorization", &authorization));
        let body = format!(
            "10000;chunk-signature={first}\r\n{}\r\n400;chunk-signature={second}\r\n{}\r\n\
             0;chunk-signature={last}\r\n{trailers}\r\n",
            "a".repeat(65_536),
            "a".repeat(1_024),
        );
        assert!(!form.ends_with("PAYLOAD") || body.len() == 66_824);
        for piece in [1, 7, 4_096, body.len()] {
            let mut decoder = decoder("/examplebucket/chunkObject.txt", &headers).unwrap();
            assert_eq!(decoder.decoded_length(), 66_560);
            let mut data = Vec::new();
            for piece in body.as_bytes().chunks(piece) {
                decoder.feed(piece, &mut data).unwrap();
            }
            let found = decoder.finish().unwrap();
            let expected = (!trailers.is_empty()).then_some(&b"sOO8/Q=="[..]);
            assert_eq!(found.get("x-amz-checksum-crc32c"), expected);
            assert_eq!(data, "a".repeat(66_560).as_bytes());
        }
    }
}

/// Nothing of a chunk comes out before all of it has come and its signature held.
#[test]
fn data_waits_for_its_signature() {
    let sent =
        Upload { chunks: vec![vec![b'x'; 8192], vec![b'y'; 10]], ..Upload::default() }.encode();
    let end_of_first = sent.body.windows(2).position(|pair| pair == b"xx").unwrap() + 8192;
    let mut decoder = sent.decoder();
    let mut data = Vec::new();
    decoder.feed(&sent.body[..end_of_first - 1], &mut data).unwrap();
    assert!(data.is_empty());
    decoder.feed(&sent.body[end_of_first - 1..end_of_first], &mut data).unwrap();
    assert_eq!(data.len(), 8192);
    // The second chunk is changed in its last byte.
    let mut rest = sent.body[end_of_first..].to_vec();
    let at = rest.iter().rposition(|byte| *byte == b'y').unwrap();
    rest[at] = b'z';
    let error = decoder.feed(&rest, &mut data).unwrap_err();
    assert!(matches!(&error, BodyError::Mismatch { string_to_sign } if string_to_sign.starts_with(
        "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
    )));
    assert_eq!(data.len(), 8192);
    assert_eq!(decoder.feed(b"", &mut data), Err(error.clone()), "a fault stays");
    assert_eq!(decoder.finish(), Err(error));
}

#[test]
fn what_else_is_refused_and_how() {
    let trailing = |names: &'static str, body: &str| (names, body.replace('|', "\r\n"));
    let plain = |body: &str| trailing("", body);
    let incomplete = ("IncompleteBody", 400);
    let trailer = ("MalformedTrailerError", 400);
    let cases = [
        // Ten bytes were announced.
        (plain("a|0123456789|0||"), None),
        (trailing("X-Amz-Checksum-Crc32", "A|0123456789|0|x-amz-checksum-crc32: abc= ||"), None),
        (trailing("b,a", "a|0123456789|0|a:1|b:2||"), None),
        // As minio-go ends its trailers.
        (trailing("a", "a|0123456789|0|a:1\n|||"), Some(incomplete)),
        (trailing("a", "a|0123456789|0|a:1\n||"), None),
        (plain("a|0123456789|0|"), Some(incomplete)),
        (plain("a|0123456789|"), Some(incomplete)),
        (plain("a|012345678"), Some(incomplete)),
        (plain(""), Some(incomplete)),
        (plain("0||"), Some(incomplete)),
        (plain("9|012345678|0||"), Some(incomplete)),
        (plain("b|0123456789a|0||"), Some(incomplete)),
        (plain("a|0123456789a|0||"), Some(incomplete)),
        (plain("a|0123456789|0||x"), Some(incomplete)),
        (plain("a|0123456789|0|a:1||"), Some(trailer)),
        (plain("a\n0123456789|0||"), Some(incomplete)),
        (plain("a;x=y|0123456789|0||"), Some(incomplete)),
        (plain("ffffffffffffffff|0123456789|0||"), Some(incomplete)),
        (plain(&"1".repeat(1000)), Some(incomplete)),
        (plain("5|01234|5|56789|0||"), Some(("InvalidChunkSizeError", 403))),
        (trailing("a", "a|0123456789|0||"), Some(trailer)),
        (trailing("a", "a|0123456789|0|b:1||"), Some(trailer)),
        (trailing("a", "a|0123456789|0|a:1|a:1||"), Some(trailer)),
        (trailing("a", "a|0123456789|0|a:1|b:2||"), Some(trailer)),
        (trailing("a", "a|0123456789|0|a||"), Some(trailer)),
        (trailing("a", "a|0123456789|0|a:1\nb:2||"), Some(trailer)),
        (trailing("a", &format!("a|0123456789|0|a:{}||", "1".repeat(9000))), Some(trailer)),
        (trailing("a", &format!("a|0123456789|0|{}|", "a:1|".repeat(17))), Some(trailer)),
    ];
    for ((names, body), expected) in cases {
        let sent = Upload::unsigned(names, 10);
        let error = decode(sent, [body.as_bytes()]).err();
        let told = error.as_ref().map(|error| (error.code(), error.status()));
        assert_eq!(told, expected, "{body:?} {error:?}");
        assert!(
            error.is_none_or(|error| !error.message().is_empty() && !error.to_string().is_empty())
        );
    }
}

#[test]
fn limits_can_be_set() {
    let upload = Upload { chunks: vec![vec![b'x'; 100], vec![b'y'; 200]], ..Upload::default() };
    let sent = upload.encode();
    let with = |limits: Limits| {
        let mut decoder = sent.decoder().limits(limits);
        decoder.feed(&sent.body, &mut Vec::new()).and_then(|()| decoder.finish())
    };
    let usual = Limits::default();
    let small = BodyError::ChunkTooSmall { chunk: 1, size: 100 };
    assert_eq!(with(usual), Err(small.clone()));
    assert_eq!(
        small.message(),
        "Only the last chunk is allowed to have a size less than 8192 bytes"
    );
    let none = Limits { smallest_chunk: 0, ..usual };
    assert_eq!(with(none), Ok(Trailers::default()));
    let large = BodyError::ChunkTooLarge { size: 200, limit: 199 };
    assert_eq!(with(Limits { signed_chunk: 199, ..none }), Err(large.clone()));
    assert_eq!((large.code(), large.status()), ("EntityTooLarge", 400));
}

#[test]
fn every_changed_byte_of_a_signed_body_is_refused() {
    for trailers in [vec![], vec![("x-amz-checksum-crc32", "y/Q5Jg=="), ("x-b", "1 2")]] {
        let upload = Upload {
            chunks: vec![b"0123456789abcdef".to_vec(), b"xyz".to_vec()],
            trailers,
            ..Upload::default()
        };
        let sent = upload.encode();
        assert!(decode_any_size(&sent, &sent.body).is_ok());
        let mut tried = 0;
        for at in 0..sent.body.len() {
            let flipped = (0..8).map(|bit| sent.body[at] ^ (1 << bit));
            for byte in flipped.chain(*b" \t\0\xff;=:,\r\n09afAF") {
                let mut changed = sent.body.clone();
                changed[at] = byte;
                if !same_framing(&sent.body, &changed) {
                    assert!(decode_any_size(&sent, &changed).is_err(), "byte {at} as {byte:#x}");
                    tried += 1;
                }
            }
            // A byte too few, and one too many.
            let mut changed = sent.body.clone();
            changed.remove(at);
            assert!(decode_any_size(&sent, &changed).is_err(), "without byte {at}");
        }
        assert!(tried > 5_000, "only {tried} changes were tried");
    }
}

#[test]
fn chunks_cannot_be_moved_left_out_or_borrowed() {
    let upload = |chunks: [&[u8]; 3]| Upload {
        chunks: chunks.map(<[u8]>::to_vec).to_vec(),
        ..Upload::default()
    };
    let sent = upload([b"one", b"two", b"ten"]).encode();
    let [one, two, ten, end] = *sent.pieces() else { panic!("four chunks") };
    let joined = |pieces: [&[u8]; 4]| pieces.concat();
    assert!(decode_any_size(&sent, &joined([one, two, ten, end])).is_ok());
    assert!(decode_any_size(&sent, &joined([two, one, ten, end])).is_err());
    assert!(decode_any_size(&sent, &joined([one, one, ten, end])).is_err());
    assert!(decode_any_size(&sent, &joined([one, two, end, b""])).is_err());
    let other = Upload { seed_header: "another", ..upload([b"one", b"two", b"ten"]) }.encode();
    let [borrowed, ..] = *other.pieces() else { panic!("four chunks") };
    assert!(decode_any_size(&sent, &joined([borrowed, two, ten, end])).is_err());
}

proptest! {
    #[test]
    fn how_the_bytes_arrive_changes_nothing(
        chunks in vec(vec(any::<u8>(), 1..40), 0..5),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        with_trailers in any::<bool>(),
    ) {
        let trailers = if with_trailers { vec![("x-a", "1"), ("x-b", "2")] } else { vec![] };
        let upload = Upload { chunks, trailers, ..Upload::default() };
        let sent = upload.encode();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(sent.body.len())).collect();
        cuts.sort_unstable();
        let mut decoder = sent.decoder().limits(ANY_SIZE);
        let (mut data, mut from) = (Vec::new(), 0);
        for cut in cuts.into_iter().chain([sent.body.len()]) {
            decoder.feed(&sent.body[from..cut], &mut data).unwrap();
            from = cut;
        }
        let found = decoder.finish().unwrap();
        prop_assert_eq!(data, upload.chunks.concat());
        prop_assert_eq!(found.iter().count(), upload.trailers.len());
    }

    #[test]
    fn arbitrary_bytes_are_answered(
        signed in any::<bool>(),
        pieces in vec(prop_oneof![
            vec(any::<u8>(), 0..24),
            "[0-9a-fA-F]{0,17}(;chunk-signature=[0-9a-f]{62,65})?\r?\n".prop_map(String::into_bytes),
            "(x-a:1|x-amz-trailer-signature:[0-9a-f]{63,65}|0)?\r?\n".prop_map(String::into_bytes),
        ], 0..8),
    ) {
        let sent = if signed {
            Upload { trailers: vec![("x-a", "1")], ..Upload::default() }.encode()
        } else {
            Upload::unsigned("x-a", 10)
        };
        let outcome = decode(sent, pieces.iter().map(Vec::as_slice));
        prop_assert!(!signed || outcome.is_err());
    }
}

const ANY_SIZE: Limits =
    Limits { signed_chunk: 1 << 20, smallest_chunk: 0, trailers: 16, trailer_bytes: 8192 };

/// What a client is to send. Signed unless said otherwise.
#[derive(Default)]
struct Upload {
    chunks: Vec<Vec<u8>>,
    trailers: Vec<(&'static str, &'static str)>,
    seed_header: &'static str,
}

/// A request on its way, signed in the test's own words with AWS's signer for Rust.
struct Sent {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// Where each chunk ends.
    ends: Vec<usize>,
}

impl Upload {
    fn encode(&self) -> Sent {
        let form = if self.trailers.is_empty() { "" } else { "-TRAILER" };
        let announced: Vec<&str> = self.trailers.iter().map(|(name, _)| *name).collect();
        let length: usize = self.chunks.iter().map(Vec::len).sum();
        let (headers, seed) = head(
            &format!("STREAMING-AWS4-HMAC-SHA256-PAYLOAD{form}"),
            length,
            &announced.join(","),
            self.seed_header,
        );
        let (mut body, mut ends, mut previous) = (Vec::new(), Vec::new(), seed);
        for chunk in self.chunks.iter().map(Vec::as_slice).chain([&b""[..]]) {
            let hashes = format!("{}\n{}", hex(b""), hex(chunk));
            previous = sign(&format!(
                "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n{SCOPE}\n{previous}\n{hashes}"
            ));
            body.extend(format!("{:x};chunk-signature={previous}\r\n", chunk.len()).into_bytes());
            if !chunk.is_empty() {
                body.extend_from_slice(chunk);
                body.extend_from_slice(b"\r\n");
                ends.push(body.len());
            }
        }
        if !self.trailers.is_empty() {
            let canonical: String =
                self.trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
            let hash = hex(canonical.as_bytes());
            let signature = sign(&format!(
                "AWS4-HMAC-SHA256-TRAILER\n20130524T000000Z\n{SCOPE}\n{previous}\n{hash}"
            ));
            body.extend(canonical.replace('\n', "\r\n").into_bytes());
            body.extend(format!("x-amz-trailer-signature:{signature}\r\n").into_bytes());
        }
        body.extend_from_slice(b"\r\n");
        Sent { headers, body, ends }
    }

    /// The head of a body of `length` bytes without signatures, and of these trailers.
    fn unsigned(trailers: &str, length: usize) -> Sent {
        let (headers, _) = head("STREAMING-UNSIGNED-PAYLOAD-TRAILER", length, trailers, "");
        Sent { headers, body: Vec::new(), ends: Vec::new() }
    }
}

impl Sent {
    fn decoder(&self) -> ChunkedBody {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, &**value)).collect();
        decoder("/b/k", &headers).unwrap()
    }

    fn pieces(&self) -> Vec<&[u8]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let ends = self.ends.iter().copied().chain([self.body.len()]);
        starts.zip(ends).map(|(start, end)| &self.body[start..end]).collect()
    }
}

fn head(
    form: &str,
    length: usize,
    trailers: &str,
    more: &str,
) -> (Vec<(&'static str, String)>, String) {
    let mut headers = vec![
        ("host", "s3.amazonaws.com".to_owned()),
        ("x-amz-content-sha256", form.to_owned()),
        ("x-amz-date", "20130524T000000Z".to_owned()),
        ("x-amz-decoded-content-length", length.to_string()),
        ("x-amz-meta-seed", more.to_owned()),
        ("x-amz-trailer", trailers.to_owned()),
    ];
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let canonical = format!("PUT\n/b/k\n\n{lines}\n{names}\n{form}");
    let seed = sign(&format!(
        "AWS4-HMAC-SHA256\n20130524T000000Z\n{SCOPE}\n{}",
        hex(canonical.as_bytes())
    ));
    headers.push((
        "authorization",
        format!(
            "AWS4-HMAC-SHA256 Credential={KEY_ID}/{SCOPE},SignedHeaders={names},Signature={seed}"
        ),
    ));
    (headers, seed)
}

fn sign(string_to_sign: &str) -> String {
    signature(SECRET, NOW, "us-east-1", "s3", string_to_sign)
}

fn hex(data: &[u8]) -> String {
    hex::encode(Sha256::digest(data))
}

fn decoder(path: &str, headers: &[(&str, &str)]) -> Result<ChunkedBody, AuthError> {
    let headers = headers.to_vec();
    let request = Request::new("PUT", path, "", &headers).profile(Profile::S3);
    let expected = ExpectedScope { service: "s3", regions: Regions::Only("us-east-1") };
    let scoped = Presented::parse(&request)?.check_freshness(NOW)?.check_scope(&expected)?;
    let key = SigningKey::derive(SECRET.as_bytes(), "20130524", "us-east-1", "s3");
    match scoped.verify_declared(&key)? {
        (_, DeclaredBody::Chunked(body)) => Ok(*body),
        (_, other) => panic!("{other:?}"),
    }
}

fn decode<'p>(
    sent: Sent,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Result<Trailers, BodyError> {
    let mut decoder = sent.decoder();
    pieces.into_iter().try_for_each(|piece| decoder.feed(piece, &mut Vec::new()))?;
    decoder.finish()
}

fn decode_any_size(sent: &Sent, body: &[u8]) -> Result<Trailers, BodyError> {
    let mut decoder = sent.decoder().limits(ANY_SIZE);
    decoder.feed(body, &mut Vec::new())?;
    decoder.finish()
}

/// What the encoding by its definition cannot tell apart: digits of a size, and names of trailers, in either case, and
/// white space around the value of a trailer.
fn same_framing(left: &[u8], right: &[u8]) -> bool {
    let lines = |body: &[u8]| -> Vec<Vec<u8>> {
        let lines = body.split(|byte| *byte == b'\n').map(|line| {
            let at = line.iter().position(|byte| b";:".contains(byte)).unwrap_or(0);
            let (start, rest) = line.split_at(at);
            [&start.to_ascii_lowercase(), rest].concat()
        });
        lines.collect()
    };
    lines(left) == lines(right)
}
