//! Requests that are odd, but no less signed: each has the canonical request that AWS would make of it.

use daypass_sigv4::{
    AuthError, ExpectedScope, PathStyle, PayloadHash, Presented, Regions, Request, SigningKey,
};
use sha2::{Digest, Sha256};

use crate::profiles::signature;

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;
const SCOPE: &str = "20150830/r/s/aws4_request";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Headers on the wire.
type Sent<'a> = &'a [(&'a str, &'a [u8])];

struct Odd<'a> {
    path: &'a str,
    query: &'a str,
    headers: Sent<'a>,
    style: PathStyle,
    /// Lines 2 and 3 of the canonical request, and that of the header beside host and date.
    canonical: (&'a str, &'a str, &'a [u8]),
    signed: &'a str,
}

const PLAIN: Odd<'_> = Odd {
    path: "/",
    query: "",
    headers: &[],
    style: PathStyle::Normalized,
    canonical: ("/", "", b""),
    signed: "host;x-amz-date",
};

impl Odd<'_> {
    /// Signs what the canonical request should be, and verifies what is sent.
    fn verify(&self) -> Result<(), AuthError> {
        let (path, query, line) = self.canonical;
        let mut lines = [b"host:h\n", &b"x-amz-date:20150830T123600Z\n"[..], line];
        lines.sort_unstable();
        let head = format!("GET\n{path}\n{query}\n").into_bytes();
        let tail = format!("\n{}\n{EMPTY}", self.signed).into_bytes();
        let canonical = [head, lines.concat(), tail].concat();
        let text = format!(
            "AWS4-HMAC-SHA256\n20150830T123600Z\n{SCOPE}\n{}",
            hex::encode(Sha256::digest(&canonical))
        );
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=A/{SCOPE}, SignedHeaders={}, Signature={}",
            self.signed,
            signature("secret", NOW, "r", "s", &text)
        );
        let mut headers = self.headers.to_vec();
        headers.extend([
            ("HOST", &b"h"[..]),
            ("X-Amz-Date", b"20150830T123600Z"),
            ("Authorization", authorization.as_bytes()),
        ]);
        let request = Request::new("GET", self.path, self.query, &headers).path_style(self.style);
        let expected = ExpectedScope { service: "s", regions: Regions::Only("r") };
        let key = SigningKey::derive(b"secret", "20150830", "r", "s");
        let scoped = Presented::parse(&request)?.check_freshness(NOW)?.check_scope(&expected)?;
        scoped.verify(&key, &PayloadHash::of(b"")).map(|_| ())
    }
}

#[test]
fn header_values() {
    let cases: &[(Sent<'_>, &[u8])] = &[
        (&[("My", b"v")], b"my:v\n"),
        // Repeated: joined in the order of the wire, whatever the case of the name and wherever it stands.
        (&[("my", b"2"), ("other", b"x"), ("MY", b"1"), ("My", b"2")], b"my:2,1,2\n"),
        (&[("my", b""), ("my", b"")], b"my:,\n"),
        (&[("my", b"a,b"), ("my", b" c ")], b"my:a,b,c\n"),
        // Empty, and only white space.
        (&[("my", b"")], b"my:\n"),
        (&[("my", b" \t ")], b"my:\n"),
        // White space around the value goes, and runs of spaces in it are one, quoted or not; a tab is no space.
        (&[("my", b"  a  b   c  ")], b"my:a b c\n"),
        (&[("my", b"\ta\tb\t")], b"my:a\tb\n"),
        (&[("my", b"a \t b")], b"my:a \t b\n"),
        (&[("my", b"\"a   b\"")], b"my:\"a b\"\n"),
        // Folded, with spaces and tabs, and with bare line feeds.
        (&[("my", b"a\r\n b")], b"my:a b\n"),
        (&[("my", b"a  \r\n\t  b\r\n c")], b"my:a b c\n"),
        (&[("my", b"a\n b")], b"my:a b\n"),
        // Not ASCII: UTF-8, Latin-1, and bytes that are neither.
        (&[("my", "gr\u{fc}\u{df}e".as_bytes())], "my:gr\u{fc}\u{df}e\n".as_bytes()),
        (&[("my", b"gr\xfc\xdfe")], b"my:gr\xfc\xdfe\n"),
        (&[("my", b"\xff\x00\x7f")], b"my:\xff\x00\x7f\n"),
        // A colon, a semicolon and an equal sign mean nothing here.
        (&[("my", b"a:b;c=d")], b"my:a:b;c=d\n"),
    ];
    for (headers, lines) in cases {
        let odd =
            Odd { headers, canonical: ("/", "", lines), signed: "host;my;x-amz-date", ..PLAIN };
        assert_eq!(odd.verify(), Ok(()), "{headers:?}");
    }
    // Where the name sorts is where the line stands.
    let odd = Odd {
        headers: &[("Z", b"1")],
        canonical: ("/", "", b"z:1\n"),
        signed: "host;x-amz-date;z",
        ..PLAIN
    };
    assert_eq!(odd.verify(), Ok(()));
    let odd = Odd {
        headers: &[("a", b"1")],
        canonical: ("/", "", b"a:1\n"),
        signed: "a;host;x-amz-date",
        ..PLAIN
    };
    assert_eq!(odd.verify(), Ok(()));
    // What is not signed may be anything.
    let odd = Odd { headers: &[("my", b"\xff"), ("user-agent", b"x")], ..PLAIN };
    assert_eq!(odd.verify(), Ok(()));
}

#[test]
fn repeated_values_are_not_interchangeable() {
    for headers in [
        &[("my", &b"1"[..]), ("my", b"2")][..],
        &[("my", b"2,1")],
        &[("my", b"1"), ("my", b"2"), ("my", b"")],
        &[("my", b"1,2,")],
        &[("my", b"1")],
        &[],
    ] {
        let odd = Odd {
            headers,
            canonical: ("/", "", b"my:1,2\n"),
            signed: "host;my;x-amz-date",
            ..PLAIN
        };
        let accepted = headers == [("my", &b"1"[..]), ("my", b"2")];
        assert_eq!(odd.verify().is_ok(), accepted, "{headers:?}");
    }
}

#[test]
fn queries() {
    for (query, canonical) in [
        // Empty values and bare names are one; an empty name is a name.
        ("a", "a="),
        ("a=", "a="),
        ("=", "="),
        ("=v", "=v"),
        ("a&b&a", "a=&a=&b="),
        ("&&a=1&&", "a=1"),
        ("a==1", "a=%3D1"),
        ("a=1=2", "a=1%3D2"),
        // Repeated names, each as often as it was sent, by value.
        ("a=2&a=1&a=2&a", "a=&a=1&a=2&a=2"),
        ("a=b&A=b", "A=b&a=b"),
        // By name first, and not as whole pairs, where `-` would sort before `=`.
        ("k-x=2&k=1&k0=3", "k=1&k-x=2&k0=3"),
        // By the encoded name: an escape comes before every letter.
        ("\u{e9}=1&z=2&%7B=3&A=4", "%7B=3&%C3%A9=1&A=4&z=2"),
        // Escapes in either case, needed or not, and letters that were not escaped.
        ("a=%2f%2F/", "a=%2F%2F%2F"),
        ("%61=%7e%41~A", "a=~A~A"),
        ("a=%C3%A9&a=\u{e9}", "a=%C3%A9&a=%C3%A9"),
        ("a=%FF%00", "a=%FF%00"),
        ("a=%2525", "a=%2525"),
        // A plus is a plus, or else a space: all of them.
        ("a=1+2&b=1%2B2&c=1%202", "a=1%2B2&b=1%2B2&c=1%202"),
        ("a=1+2&b=1%2B2&c=1%202", "a=1%202&b=1%2B2&c=1%202"),
        ("a=1+2&b=1+2", "a=1%2B2&b=1%2B2"),
        ("a=1+2&b=1+2", "a=1%202&b=1%202"),
        ("a+b=+&a%20=1", "a%20=1&a%20b=%20"),
        // What carries the signature elsewhere carries nothing here.
        ("X-Amz-Security-Token=+", "X-Amz-Security-Token=%20"),
        ("a=!*'();:@,/?[]$", "a=%21%2A%27%28%29%3B%3A%40%2C%2F%3F%5B%5D%24"),
        ("a=?b", "a=%3Fb"),
        ("a;b=1", "a%3Bb=1"),
    ] {
        let odd = Odd { query, canonical: ("/", canonical, b""), ..PLAIN };
        assert_eq!(odd.verify(), Ok(()), "{query}");
    }
    // Each request is read one way.
    for (query, canonical) in [
        ("a=1+2&b=1+2", "a=1%202&b=1%2B2"),
        ("a=1+2+3", "a=1%202%2B3"),
        ("a=1%2B2", "a=1%202"),
        ("a=1%202", "a=1%2B2"),
    ] {
        let odd = Odd { query, canonical: ("/", canonical, b""), ..PLAIN };
        assert_eq!(odd.verify(), Err(AuthError::Mismatch), "{query}");
    }
    // A query that does not authenticate is signed whole.
    let odd =
        Odd { query: "X-Amz-Signature=1", canonical: ("/", "X-Amz-Signature=1", b""), ..PLAIN };
    assert_eq!(odd.verify(), Ok(()));
    let odd = Odd { query: "X-Amz-Signature=1", canonical: ("/", "", b""), ..PLAIN };
    assert_eq!(odd.verify(), Err(AuthError::Mismatch));
}

#[test]
fn paths() {
    for (path, normalized, s3) in [
        ("", "/", "/"),
        ("/a%20b", "/a%2520b", "/a%20b"),
        ("/a%2Fb", "/a%252Fb", "/a%2Fb"),
        ("/a%2fb", "/a%252fb", "/a%2Fb"),
        ("/a b", "/a%20b", "/a%20b"),
        ("/a+b", "/a%2Bb", "/a%2Bb"),
        ("/%C3%A9", "/%25C3%25A9", "/%C3%A9"),
        ("/\u{e9}", "/%C3%A9", "/%C3%A9"),
        ("/%FF", "/%25FF", "/%FF"),
        ("/%2525", "/%252525", "/%2525"),
        ("/a//b/./c/../d/", "/a/b/d/", "/a//b/./c/../d/"),
        ("/a/..", "/", "/a/.."),
        // An encoded dot or slash takes no part in the resolution.
        ("/a/%2e%2e/b", "/a/%252e%252e/b", "/a/../b"),
        ("/a/...", "/a/...", "/a/..."),
        (
            "/:@!$&'()*,;=",
            "/%3A%40%21%24%26%27%28%29%2A%2C%3B%3D",
            "/%3A%40%21%24%26%27%28%29%2A%2C%3B%3D",
        ),
        ("/-._~", "/-._~", "/-._~"),
    ] {
        for (style, canonical) in [(PathStyle::Normalized, normalized), (PathStyle::S3, s3)] {
            let odd = Odd { path, style, canonical: (canonical, "", b""), ..PLAIN };
            assert_eq!(odd.verify(), Ok(()), "{path} {style:?}");
        }
    }
}

#[test]
fn the_authorization_header_itself() {
    let parse = |authorization: &[u8]| {
        let headers = [
            ("host", &b"h"[..]),
            ("x-amz-date", b"20150830T123600Z"),
            ("authorization", authorization),
        ];
        let presented = Presented::parse(&Request::new("GET", "/", "", &headers));
        presented.map(|presented| {
            (presented.access_key_id().to_owned(), presented.signed_headers().as_str().to_owned())
        })
    };
    let parts = ("A".to_owned(), "host;x-amz-date".to_owned());
    for odd in [
        "AWS4-HMAC-SHA256 Credential=A/d/r/s/t, SignedHeaders=host;x-amz-date, Signature=0",
        "AWS4-HMAC-SHA256 Credential=A/d/r/s/t,SignedHeaders=host;x-amz-date,Signature=0",
        "AWS4-HMAC-SHA256   Credential=A/d/r/s/t ,\t SignedHeaders=host;x-amz-date\t,   Signature=0  ",
        "  AWS4-HMAC-SHA256 Signature=0, SignedHeaders=host;x-amz-date, Credential=A/d/r/s/t",
        "AWS4-HMAC-SHA256 Credential=A/d/r/s/t, SignedHeaders=host;x-amz-date, Signature=0, Unknown=\"x\"",
        "AWS4-HMAC-SHA256 Credential=B, Credential=A/d/r/s/t, SignedHeaders=host;x-amz-date, Signature=0",
    ] {
        assert_eq!(parse(odd.as_bytes()), Ok(parts.clone()), "{odd}");
    }
    // Only a space ends the scheme, names are case-sensitive, and a comma has something on either side.
    for (odd, code) in [
        ("AWS4-HMAC-SHA256\tCredential=A, SignedHeaders=host, Signature=0", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 credential=A, SignedHeaders=host, Signature=0", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=A, SignedHeaders=host, Signature=0,", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=A,, SignedHeaders=host, Signature=0", "IncompleteSignature"),
        ("AWS4-HMAC-SHA256 Credential=A SignedHeaders=host Signature=0", "IncompleteSignature"),
    ] {
        assert_eq!(parse(odd.as_bytes()).unwrap_err().code(), code, "{odd}");
    }
    // Latin-1, as headers are.
    let latin1 = b"AWS4-HMAC-SHA256 Credential=\xe9/d/r/s/t, SignedHeaders=host, Signature=\xff";
    assert_eq!(parse(latin1).unwrap().0, "\u{e9}");
}
