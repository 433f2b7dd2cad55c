//! The query string: its escapes, the authentication it may carry, and its canonical form.

use std::{borrow::Cow, cmp::Ordering};

use memchr::memchr;
use percent_encoding::{percent_decode, percent_encode};

use crate::{
    error::AuthError,
    path::{RESERVED, write_encoded},
};

/// How a bare `+` in a query string is read.
///
/// RFC 3986 has it as itself, HTML's forms as a space, and signers differ: some sign the `+` of a URL as `%2B`, others
/// sign a space as `%20` and then send it as `+`. A signature covers one of the two, so both are accepted, each request
/// is read one way as a whole, and the way in which its signature holds is what it means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plus {
    /// It is itself: signed as `%2B`.
    #[default]
    Literal,
    /// It is a space: signed as `%20`.
    Space,
}

impl Plus {
    /// What stands for it with every reader.
    #[cfg(feature = "tower")]
    pub(crate) fn escape(self) -> &'static str {
        match self {
            Self::Literal => "%2B",
            Self::Space => "%20",
        }
    }
}

/// The authentication parameters of a presigned request.
#[derive(Default)]
pub(crate) struct AuthParameters<'a> {
    pub(crate) algorithm: Option<Cow<'a, [u8]>>,
    pub(crate) credential: Option<Cow<'a, [u8]>>,
    pub(crate) date: Option<Cow<'a, [u8]>>,
    pub(crate) expires: Option<Cow<'a, [u8]>>,
    pub(crate) region_set: Option<Cow<'a, [u8]>>,
    pub(crate) security_token: Option<Cow<'a, [u8]>>,
    pub(crate) signature: Option<Cow<'a, [u8]>>,
    pub(crate) signed_headers: Option<Cow<'a, [u8]>>,
    /// The first of these names that occurs more than once.
    pub(crate) repeated: Option<Cow<'a, [u8]>>,
    /// Whether one of these values has a bare `+`. They are read before the signature is verified, with a `+` as
    /// itself, so that the signature may not give it another meaning.
    pub(crate) has_plus: bool,
}

impl<'a> AuthParameters<'a> {
    /// Reads a query string, and refuses one with a broken percent escape anywhere in it.
    pub(crate) fn read(query: &'a str) -> Result<Self, AuthError> {
        let mut found = Self::default();
        for (name, value) in pairs(query) {
            refuse_broken_escape(name)?;
            refuse_broken_escape(value)?;
            let name = decode(name, Plus::Literal);
            let slot = match name.as_ref() {
                b"X-Amz-Algorithm" => &mut found.algorithm,
                b"X-Amz-Credential" => &mut found.credential,
                b"X-Amz-Date" => &mut found.date,
                b"X-Amz-Expires" => &mut found.expires,
                b"X-Amz-Region-Set" => &mut found.region_set,
                SECURITY_TOKEN => &mut found.security_token,
                SIGNATURE => &mut found.signature,
                b"X-Amz-SignedHeaders" => &mut found.signed_headers,
                _ => continue,
            };
            found.has_plus |= has_plus(value);
            if slot.is_some() {
                found.repeated.get_or_insert(name);
            } else {
                *slot = Some(decode(value, Plus::Literal));
            }
        }
        Ok(found)
    }
}

/// Whether a part of a query string has a bare `+`.
pub(crate) fn has_plus(raw: &[u8]) -> bool {
    memchr(b'+', raw).is_some()
}

/// Writes the canonical query string, without the parameters that were not there when it was signed.
pub(crate) fn write_canonical(query: &str, plus: Plus, added: &[&[u8]], out: &mut Vec<u8>) {
    if query.is_empty() {
        return;
    }
    let mut decoded: Vec<_> = pairs(query)
        .map(|(name, value)| (decode(name, plus), decode(value, plus)))
        .filter(|(name, _)| !added.contains(&name.as_ref()))
        .collect();
    decoded.sort_by(|(name, value), (other_name, other_value)| {
        cmp_encoded(name, other_name).then_with(|| cmp_encoded(value, other_value))
    });
    for (position, (name, value)) in decoded.iter().enumerate() {
        if position > 0 {
            out.push(b'&');
        }
        write_encoded(name, out);
        out.push(b'=');
        write_encoded(value, out);
    }
}

/// The raw names and values; a bare name has an empty value.
fn pairs(query: &str) -> impl Iterator<Item = (&[u8], &[u8])> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()))
}

fn decode(raw: &[u8], plus: Plus) -> Cow<'_, [u8]> {
    if plus == Plus::Literal || !has_plus(raw) {
        return percent_decode(raw).into();
    }
    // An escaped plus sign is one with either reading.
    let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

/// Compares as the encoded texts would, which differs from the decoded order (`%` sorts before letters).
fn cmp_encoded(left: &[u8], right: &[u8]) -> Ordering {
    let encoded = |raw| percent_encode(raw, RESERVED).flat_map(str::bytes);
    encoded(left).cmp(encoded(right))
}

fn refuse_broken_escape(component: &[u8]) -> Result<(), AuthError> {
    let mut rest = component;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let (_, escape) = rest.split_at(at);
        match escape {
            [_, high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after;
            }
            [_, high, low, ..] => {
                return Err(AuthError::IllegalEscape {
                    pair: String::from_utf8_lossy(&[*high, *low]).into_owned(),
                });
            }
            _ => return Err(AuthError::IncompleteEscape),
        }
    }
    Ok(())
}

pub(crate) const SIGNATURE: &[u8] = b"X-Amz-Signature";
pub(crate) const SECURITY_TOKEN: &[u8] = b"X-Amz-Security-Token";
