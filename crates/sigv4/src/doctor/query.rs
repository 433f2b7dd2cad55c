//! Mistakes in the query.

use percent_encoding::percent_decode;

use super::{
    Hypotheses,
    mistake::MistakeKind::{
        QueryAddition, QueryEmptyValue, QueryEncoding, QueryOrder, QueryPlus, SessionToken,
    },
    seen::Seen,
};
use crate::path::write_encoded;

/// The third line of a canonical request.
#[derive(Clone)]
pub(super) struct QueryForm<'a> {
    /// Raw names and values; no value where there is no equal sign.
    pairs: Vec<(&'a [u8], Option<&'a [u8]>)>,
    sorted: bool,
    space_as_plus: bool,
    plus_is_space: bool,
    empty: Empty,
    encoding: Encoding,
}

/// What becomes of a parameter without a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    Kept,
    /// Without the equal sign.
    Bare,
    LeftOut,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Once,
    Wire,
    Decoded,
    Twice,
    LowerCase,
}

impl<'a> QueryForm<'a> {
    pub(super) fn correct(wire: &'a str, presigned: bool) -> Self {
        let mut pairs = pairs(wire.as_bytes());
        if presigned {
            pairs.retain(|(name, _)| decoded(name, false) != b"X-Amz-Signature");
        }
        Self {
            pairs,
            sorted: true,
            space_as_plus: false,
            plus_is_space: false,
            empty: Empty::Kept,
            encoding: Encoding::Once,
        }
    }

    /// Signs these parameters too.
    pub(super) fn add(&mut self, wire: &'a [u8]) {
        self.pairs.extend(pairs(wire));
        self.plus_is_space = true;
    }

    /// Signs no parameter.
    pub(super) fn clear(&mut self) {
        self.pairs.clear();
    }

    /// Reads each bare `+` as a space.
    pub(super) fn set_spaced(&mut self) {
        self.plus_is_space = true;
    }

    pub(super) fn is_spaced(&self) -> bool {
        self.plus_is_space
    }

    /// Whether its values stand in it as they are, so that nobody can tell where one ends.
    pub(super) fn is_plain(&self) -> bool {
        self.encoding == Encoding::Decoded
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut texts: Vec<(Vec<u8>, Vec<u8>)> = self
            .pairs
            .iter()
            .filter(|(_, value)| {
                self.empty != Empty::LeftOut || value.is_some_and(|value| !value.is_empty())
            })
            .map(|(name, value)| (self.encode(name), self.encode(value.unwrap_or_default())))
            .collect();
        if self.sorted {
            texts.sort();
        }
        for (position, (name, value)) in texts.iter().enumerate() {
            if position > 0 {
                out.push(b'&');
            }
            out.extend_from_slice(name);
            if self.empty != Empty::Bare || !value.is_empty() {
                out.push(b'=');
            }
            out.extend_from_slice(value);
        }
    }

    fn encode(&self, raw: &[u8]) -> Vec<u8> {
        let decoded = decoded(raw, self.plus_is_space);
        let once = || {
            let mut out = Vec::new();
            write_encoded(&decoded, &mut out);
            if self.space_as_plus { replace(&out, b"%20", b"+") } else { out }
        };
        match self.encoding {
            Encoding::Once => once(),
            Encoding::Wire => raw.to_vec(),
            Encoding::Decoded => decoded,
            Encoding::Twice => {
                let mut out = Vec::new();
                write_encoded(&once(), &mut out);
                out
            }
            Encoding::LowerCase => lower_case_escapes(&once()),
        }
    }
}

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    all.likely(
        QueryOrder,
        "query order",
        "the query was signed in the order in which it was sent; sort it by encoded name, then by encoded value",
        |draft| draft.query.sorted = false,
    );
    all.likely(
        QueryPlus,
        "query space",
        "a space in the query was signed as `+`; sign it as `%20`",
        |draft| draft.query.space_as_plus = true,
    );
    if seen.plus_may_be_space {
        all.reading("query plus", |draft| draft.query.set_spaced());
    } else {
        all.likely(
            QueryPlus,
            "query plus",
            "a `+` in the query was signed as a space, and one in `X-Amz-…` is a plus sign; send a space as `%20` and \
             a plus sign as `%2B`",
            |draft| draft.query.set_spaced(),
        );
    }
    all.likely(
        QueryPlus,
        "query plus",
        "a `+` in the query was signed as it stands; sign it as `%2B` where it is a plus sign, and as `%20` where it is \
         a space",
        |draft| (draft.query.plus_is_space, draft.query.space_as_plus) = (true, true),
    );
    all.likely(
        QueryEmptyValue,
        "query empty",
        "parameters without a value were left out of the canonical query; sign each as its name and `=`",
        |draft| draft.query.empty = Empty::LeftOut,
    );
    all.likely(
        QueryEmptyValue,
        "query empty",
        "parameters without a value were signed without `=`; sign each as its name and `=`",
        |draft| draft.query.empty = Empty::Bare,
    );
    for (encoding, advice) in [
        (
            Encoding::Wire,
            "the query was signed as it was sent; encode all but `A-Z a-z 0-9 - . _ ~` anew",
        ),
        (Encoding::Decoded, "the query was signed without percent encoding"),
        (
            Encoding::Twice,
            "the query was encoded twice; decode what is encoded already, then encode once",
        ),
        (
            Encoding::LowerCase,
            "the percent escapes of the query were signed in lower case; write `%2F`, not `%2f`",
        ),
    ] {
        all.unlikely(QueryEncoding, "query encoding", advice, move |draft| {
            draft.query.encoding = encoding
        });
    }
    all.unlikely(
        QueryAddition,
        "query parameters",
        "the query was left out of the signature",
        |draft| draft.query.clear(),
    );
    let names = pairs(seen.query.as_bytes()).into_iter().map(|(name, _)| name);
    for name in names.take(MOST_PARAMETERS) {
        let text = String::from_utf8_lossy(&decoded(name, false)).into_owned();
        let leave_out = move |draft: &mut super::Draft<'a>| {
            draft.query.pairs.retain(|(other, _)| *other != name);
        };
        if text == "X-Amz-Security-Token" {
            let advice = "the session token joined the query after signing; sign it with the rest of the query";
            all.likely(SessionToken, "query parameters", advice, leave_out);
        } else {
            let advice = format!(
                "the parameter `{text}` joined the query after signing, or was left out of it"
            );
            all.unlikely(QueryAddition, "query parameters", advice, leave_out);
        }
    }
}

fn pairs(wire: &[u8]) -> Vec<(&[u8], Option<&[u8]>)> {
    wire.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            (parts.next().unwrap_or_default(), parts.next())
        })
        .collect()
}

fn decoded(raw: &[u8], plus_is_space: bool) -> Vec<u8> {
    let space = |byte: &u8| if plus_is_space && *byte == b'+' { b' ' } else { *byte };
    let raw: Vec<u8> = raw.iter().map(space).collect();
    percent_decode(&raw).collect()
}

/// The text with each percent escape in lower-case hexadecimal.
pub(super) fn lower_case_escapes(text: &[u8]) -> Vec<u8> {
    let mut since_percent = 3;
    text.iter()
        .map(|byte| {
            since_percent = if *byte == b'%' { 0 } else { since_percent + 1 };
            if since_percent <= 2 { byte.to_ascii_lowercase() } else { *byte }
        })
        .collect()
}

/// The text with every `from` as `to`.
pub(super) fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        match rest.strip_prefix(from) {
            Some(after) => {
                out.extend_from_slice(to);
                rest = after;
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

/// More than a presigned URL of STS has.
const MOST_PARAMETERS: usize = 12;
