//! Whatever stands in a request, signed and unsigned.

use daypass_sigv4::{PathStyle, PayloadHash, Request, is_well_formed_path};

use crate::server::{self, assert_refused, scoped};

/// The input is the text of a request: `METHOD target`, lines of headers, an empty line, a body. (Its first byte
/// also says how the path is made canonical: a method in lower case is S3's.)
pub(crate) fn run(text: &[u8]) {
    let Some(mut message) = Message::parse(text) else { return };
    assert_refused(&message.request());

    message.authorize(&"0".repeat(64));
    // It may be presigned too.
    let Ok(claims) = scoped(&message.request()) else { return };
    let payload = PayloadHash::of(message.body);
    let canonical = claims.canonical_request(&payload);
    let signature = server::sign(&claims, message.body);
    let is_utf8 = message.headers.iter().all(|(_, value)| std::str::from_utf8(value).is_ok());
    assert_canonical_is_fixed(&message, &canonical, &payload);

    message.authorize(&signature);
    let signed = scoped(&message.request()).expect("another signature changes nothing else");
    assert_eq!(signed.canonical_request(&payload), canonical);
    if is_utf8 {
        let accepted = server::accepts(signed.clone(), server::SECRET, message.body);
        let is_short = signed.signed_headers().names().count() <= 128;
        assert_eq!(accepted, is_well_formed_path(&message.path) && is_short, "{canonical:?}");
    }
    assert!(!server::accepts(signed.clone(), b"another secret", message.body));
    let longer = [message.body, b"x"].concat();
    assert!(!server::accepts(signed, server::SECRET, &longer));
}

/// What is canonical already stays as it is; only a normalized path is encoded at each turn.
fn assert_canonical_is_fixed(message: &Message<'_>, canonical: &str, payload: &PayloadHash) {
    let mut lines = canonical.split('\n');
    let mut next = || lines.next().expect("a whole canonical request").to_owned();
    let (method, path, query) = (next(), next(), next());
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').expect("a header");
        headers.push((name.to_owned(), value.as_bytes().to_vec()));
    }
    let again = Message { method, path, query, headers, ..message.clone() };
    let again = Message { headers: again.with_authorization(&"0".repeat(64)), ..again };
    let again = scoped(&again.request()).expect("still presented").canonical_request(payload);
    let encoded_once_more = |path: &str| match message.style {
        PathStyle::S3 => path.to_owned(),
        _ => path.replace('%', "%25"),
    };
    for (at, (first, second)) in canonical.split('\n').zip(again.split('\n')).enumerate() {
        let expected = if at == 1 { encoded_once_more(first) } else { first.to_owned() };
        assert_eq!(second, expected, "line {at} of {canonical:?}");
    }
    assert_eq!(canonical.split('\n').count(), again.split('\n').count());
}

/// A request as a server would hand it on.
#[derive(Clone)]
struct Message<'a> {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, Vec<u8>)>,
    body: &'a [u8],
    style: PathStyle,
}

impl<'a> Message<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let end = text.windows(2).position(|window| window == b"\n\n").unwrap_or(text.len());
        let (head, body) = text.split_at(end);
        let mut lines = head.split(|byte| *byte == b'\n');
        let (method, target) = std::str::from_utf8(lines.next()?).ok()?.split_once(' ')?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let style = match method.bytes().next()? {
            b'a'..=b'z' => PathStyle::S3,
            _ => PathStyle::Normalized,
        };
        let mut headers = vec![("host".to_owned(), b"sts.amazonaws.com".to_vec())];
        for line in lines {
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                let (_, value) = headers.last_mut()?;
                value.extend_from_slice(b"\r\n");
                value.extend_from_slice(line);
            } else {
                let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
                let name = std::str::from_utf8(name).ok().filter(|name| is_token(name))?;
                let carries_the_signature = ["authorization", "x-amz-date", "date"];
                if !carries_the_signature.iter().any(|other| name.eq_ignore_ascii_case(other)) {
                    headers.push((name.to_owned(), value.get(1..)?.to_vec()));
                }
            }
        }
        headers.push(("x-amz-date".to_owned(), b"20150830T123600Z".to_vec()));
        Some(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: body.get(2..).unwrap_or_default(),
            style,
        })
    }

    fn request(&self) -> Request<'_> {
        Request::new(&self.method, &self.path, &self.query, &self.headers).path_style(self.style)
    }

    fn authorize(&mut self, signature: &str) {
        self.headers = self.with_authorization(signature);
    }

    /// The headers with a signature over all of them.
    fn with_authorization(&self, signature: &str) -> Vec<(String, Vec<u8>)> {
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| name != "authorization");
        let mut names: Vec<String> =
            headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names.dedup();
        let value = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, \
             SignedHeaders={}, Signature={signature}",
            names.join(";")
        );
        headers.push(("authorization".to_owned(), value.into_bytes()));
        headers
    }
}

/// RFC 9110, 5.6.2.
fn is_token(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}
