//! What the doctor looks at: a request and its claims, copied out of whatever they came in.

use super::Case;
use crate::{Carrier, PathStyle, Timestamp, claims::Claims, key::PayloadHash};

/// A request whose signature could be read.
pub(super) struct Seen<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) path_style: PathStyle,
    pub(super) presigned: bool,
    /// Whether the query has a bare `+` that is a space if it was signed as one.
    pub(super) plus_may_be_space: bool,
    /// Names as they were sent, and raw values.
    pub(super) headers: Vec<(&'a str, &'a [u8])>,
    /// The signed headers as AWS would have them: lower case, sorted, each once; and those that were sent.
    pub(super) list: Vec<String>,
    pub(super) sent_list: Vec<String>,
    pub(super) authority: Option<Vec<u8>>,
    pub(super) body: &'a [u8],
    pub(super) payload: Vec<u8>,
    pub(super) access_key_id: &'a str,
    /// Date, region, service, terminator.
    pub(super) scope: [&'a str; 4],
    pub(super) signed_at: Timestamp,
    pub(super) secret: &'a [u8],
    pub(super) other_secrets: &'a [(&'a str, &'a [u8])],
    pub(super) session_token: Option<&'a str>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(case: &Case<'a>, claims: &'a Claims<'a>) -> Self {
        let request = &case.request;
        let mut headers = Vec::new();
        request.headers.visit(&mut |name, value| headers.push((name, value)));
        let credential = claims.credential();
        let sent_list: Vec<String> = claims.signed_headers().names().map(str::to_owned).collect();
        let mut list: Vec<String> =
            sent_list.iter().map(|name| name.to_ascii_lowercase()).collect();
        list.sort();
        list.dedup();
        let mut authority = None;
        request.visit_signed(b":authority", |value| authority = Some(value.to_vec()));
        let payload = match claims.content_sha256() {
            Some(declared) => declared.payload(),
            None => PayloadHash::of(case.body),
        };
        Self {
            method: request.method,
            path: request.path,
            query: request.query,
            path_style: request.profile.path_style,
            presigned: claims.carrier() == Carrier::Query,
            plus_may_be_space: claims.plus_may_be_space,
            headers,
            list,
            sent_list,
            authority,
            body: case.body,
            payload: payload.as_bytes().to_vec(),
            access_key_id: credential.access_key_id,
            scope: [credential.date, credential.region, credential.service, credential.terminator],
            signed_at: claims.signed_at(),
            secret: case.secret,
            other_secrets: case.other_secrets,
            session_token: case.session_token.or(claims.security_token()),
        }
    }

    pub(super) fn is_signed(&self, name: &str) -> bool {
        self.list.iter().any(|signed| signed == name)
    }

    /// The values of a header joined, each as `form` has it; `None` if the request has no such header.
    pub(super) fn value(&self, name: &str, form: fn(&[u8]) -> Vec<u8>) -> Option<Vec<u8>> {
        let values: Vec<Vec<u8>> = self
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| form(value))
            .collect();
        match (values.is_empty(), name) {
            (false, _) => Some(values.join(&b',')),
            (true, "host" | ":authority") => self.authority.clone(),
            (true, _) => None,
        }
    }

    /// The lines of the signed headers, as AWS has them. One that was not sent is empty.
    pub(super) fn signed_lines(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let line = |name: &String| {
            let value = self.value(name, trimmed).unwrap_or_default();
            (name.as_bytes().to_vec(), value)
        };
        self.list.iter().map(line).collect()
    }
}

/// A header value as AWS signs it: without the white space around it, each run of spaces inside as one.
pub(super) fn trimmed(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for byte in value.trim_ascii() {
        let is_blank = matches!(byte, b' ' | b'\r' | b'\n');
        match (is_blank, out.last()) {
            (true, Some(b' ')) => {}
            (true, _) => out.push(b' '),
            (false, _) => out.push(*byte),
        }
    }
    out
}

/// What stands for the hash of a payload that is not signed.
pub(super) const UNSIGNED: &[u8] = b"UNSIGNED-PAYLOAD";
