//! A signature in its parts: AWS's to begin with, then as a client with some mistake would have made it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{path::PathForm, query::QueryForm, seen::Seen};
use crate::{Algorithm, key::hex};

/// Everything that goes into a signature.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) method: Vec<u8>,
    pub(super) path: PathForm<'a>,
    pub(super) query: QueryForm<'a>,
    /// Names and values, each to become a line.
    pub(super) headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The names in the line of signed headers.
    pub(super) list: Vec<Vec<u8>>,
    pub(super) payload: Vec<u8>,
    /// The empty line between headers and list.
    pub(super) blank_line: bool,
    pub(super) lines: Vec<Line>,
    pub(super) time: Vec<u8>,
    /// Date, region, service, terminator, as the string to sign has them.
    pub(super) scope: [Vec<u8>; 4],
    pub(super) final_newline: bool,
    pub(super) key: Key,
}

/// A line of the string to sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Algorithm,
    Time,
    Scope,
    /// The scope after the access key id: the whole credential.
    Credential,
    Hash,
    UpperCaseHash,
    /// The canonical request itself.
    Request,
}

/// How the signing key is derived.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) prefix: bool,
    /// Date, region, service, terminator.
    pub(super) scope: [Vec<u8>; 4],
    /// The parts of the scope, in the order in which they are hashed in.
    pub(super) steps: Vec<usize>,
    /// Whether a step takes the hexadecimal form of the one before it.
    pub(super) hexadecimal: bool,
    /// Whether key and message change places.
    pub(super) swapped: bool,
}

impl<'a> Draft<'a> {
    /// The signature as AWS computes it.
    pub(super) fn correct(seen: &Seen<'a>) -> Self {
        let scope = seen.scope.map(|part| part.as_bytes().to_vec());
        Self {
            method: seen.method.as_bytes().to_vec(),
            path: PathForm::correct(seen.path, seen.path_style),
            query: QueryForm::correct(seen.query, seen.presigned),
            headers: seen.signed_lines(),
            list: seen.list.iter().map(|name| name.as_bytes().to_vec()).collect(),
            payload: seen.payload.clone(),
            blank_line: true,
            lines: vec![Line::Algorithm, Line::Time, Line::Scope, Line::Hash],
            time: seen.signed_at.basic().to_vec(),
            scope: scope.clone(),
            final_newline: false,
            key: Key {
                secret: Zeroizing::new(seen.secret.to_vec()),
                prefix: true,
                scope,
                steps: vec![0, 1, 2, 3],
                hexadecimal: false,
                swapped: false,
            },
        }
    }

    pub(super) fn canonical_request(&self) -> Vec<u8> {
        let mut out = self.method.clone();
        out.push(b'\n');
        self.path.write(&mut out);
        out.push(b'\n');
        self.query.write(&mut out);
        out.push(b'\n');
        for (name, value) in &self.headers {
            out.extend_from_slice(name);
            out.push(b':');
            out.extend_from_slice(value);
            out.push(b'\n');
        }
        if self.blank_line {
            out.push(b'\n');
        }
        out.extend_from_slice(&self.list.join(&b';'));
        out.push(b'\n');
        out.extend_from_slice(&self.payload);
        out
    }

    pub(super) fn string_to_sign(&self, access_key_id: &str, canonical: &[u8]) -> Vec<u8> {
        let line = |line: &Line| match line {
            Line::Algorithm => Algorithm::HmacSha256.as_str().into(),
            Line::Time => self.time.clone(),
            Line::Scope => self.scope.join(&b'/'),
            Line::Credential => [access_key_id.as_bytes(), b"/", &self.scope.join(&b'/')].concat(),
            Line::Hash => hex(Sha256::digest(canonical).into()).to_vec(),
            Line::UpperCaseHash => hex(Sha256::digest(canonical).into()).to_ascii_uppercase(),
            Line::Request => canonical.to_vec(),
        };
        let mut text = self.lines.iter().map(line).collect::<Vec<_>>().join(&b'\n');
        if self.final_newline {
            text.push(b'\n');
        }
        text
    }

    /// The bytes of the signature. Whoever has them can sign this request: they leave the doctor for nobody.
    pub(super) fn signature(&self, access_key_id: &str) -> [u8; 32] {
        let text = self.string_to_sign(access_key_id, &self.canonical_request());
        let key = self.key.derive();
        if self.key.swapped { hmac(&text, &key) } else { hmac(&key, &text) }
    }
}

impl Key {
    fn derive(&self) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::new());
        if self.prefix {
            key.extend_from_slice(b"AWS4");
        }
        key.extend_from_slice(&self.secret);
        for step in &self.steps {
            let part = self.scope.get(*step).map(Vec::as_slice).unwrap_or_default();
            let next = if self.swapped { hmac(part, &key) } else { hmac(&key, part) };
            key = Zeroizing::new(if self.hexadecimal { hex(next).to_vec() } else { next.to_vec() });
        }
        key
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "RFC 2104 lets an HMAC key have any length")]
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Case, *};
    use crate::{ExpectedScope, PathStyle, PayloadHash, Presented, Regions, Request};

    proptest! {
        /// The doctor has a form of its own for what is right, which must be the verifier's.
        #[test]
        fn what_is_right_is_what_the_verifier_computes(
            path in "(/[a-z.%2F ~]{0,3}){0,4}",
            query in "([a-z+%2C]{0,3}=?[a-z+ ]{0,2}&?){0,4}",
            value in "[ a-z\"]{0,8}",
            body in "[a-z]{0,4}",
            is_s3 in any::<bool>(),
        ) {
            let authorization = "AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host;x, Signature=0";
            let headers = [("Host", "h"), ("X-Amz-Date", "20150830T123600Z"), ("X", &value), ("Authorization", authorization)];
            let style = if is_s3 { PathStyle::S3 } else { PathStyle::Normalized };
            let request = Request::new("GET", &path, &query, &headers).path_style(style);
            let Ok(presented) = Presented::parse(&request) else { return Ok(()) };
            let case = Case {
                request,
                body: body.as_bytes(),
                secret: b"secret",
                other_secrets: &[],
                session_token: None,
                expected: ExpectedScope { service: "s", regions: Regions::Only("r") },
                now: 0,
            };
            let draft = Draft::correct(&Seen::new(&case, &presented));
            let (payload, canonical) = (PayloadHash::of(body.as_bytes()), draft.canonical_request());
            prop_assert_eq!(String::from_utf8_lossy(&canonical), presented.canonical_request(&payload));
            let string = draft.string_to_sign("A", &canonical);
            prop_assert_eq!(String::from_utf8_lossy(&string), presented.string_to_sign(&payload));
            let key = crate::SigningKey::derive(b"secret", "20150830", "r", "s");
            prop_assert_eq!(hex(draft.signature("A")), key.sign(&string));
        }
    }
}
