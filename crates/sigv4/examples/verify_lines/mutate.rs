//! Requests that differ in one byte from one that was signed.

use std::ops::Range;

use serde::Serialize;

use crate::verify::Signed;

/// The part of a request that a mutant differs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    Method,
    Path,
    Query,
    Header,
    Body,
    Date,
    Scope,
    Signature,
}

/// The mutants of a request: some bytes of each part, and other ones with each `turn`.
pub(crate) fn mutants(signed: &Signed, turn: usize) -> impl Iterator<Item = (Part, Signed)> {
    let map = Map::of(signed);
    let mut all: Vec<(Part, Signed)> = Vec::new();
    let mut add = |part: Part, spots: Vec<Spot>| {
        let stride = spots.len().div_ceil(SPOTS_FOR_EACH_PART).max(1);
        all.extend(
            spots
                .iter()
                .skip(turn % stride)
                .step_by(stride)
                .map(|spot| (part, spot.change(signed))),
        );
    };
    add(Part::Method, spots(Field::Method, &signed.method, 0..signed.method.len()));
    add(Part::Path, or_append(Field::Path, spots(Field::Path, &signed.path, 0..signed.path.len())));
    add(Part::Query, or_append(Field::Query, map.query));
    add(Part::Header, map.headers);
    let body = (0..signed.body.len()).map(|at| Spot { field: Field::Body, at }).collect();
    add(Part::Body, or_append(Field::Body, body));
    add(Part::Date, map.date);
    add(Part::Scope, map.scope);
    add(Part::Signature, map.signature);
    all.into_iter()
        .filter(|(part, mutant)| *part != Part::Path || !is_same_path(signed, &mutant.path))
}

/// Whether only a segment differs that a `..` after it takes away: it is no part of what is signed.
fn is_same_path(signed: &Signed, path: &str) -> bool {
    fn resolved(path: &str) -> Vec<&str> {
        path.split('/').fold(Vec::new(), |mut kept, segment| {
            match segment {
                "" | "." => {}
                ".." => drop(kept.pop()),
                name => kept.push(name),
            }
            kept
        })
    }
    signed.service != "s3" && resolved(path) == resolved(&signed.path)
}

/// One byte of a request; beyond the end, one more byte.
#[derive(Clone, Copy)]
struct Spot {
    field: Field,
    at: usize,
}

#[derive(Clone, Copy)]
enum Field {
    Method,
    Path,
    Query,
    HeaderName(usize),
    HeaderValue(usize),
    Body,
}

impl Spot {
    fn change(self, signed: &Signed) -> Signed {
        let mut mutant = signed.clone();
        let text = match self.field {
            Field::Body => {
                match mutant.body.get_mut(self.at) {
                    Some(byte) => *byte ^= 1,
                    None => mutant.body.push(b'x'),
                }
                return mutant;
            }
            Field::Method => &mut mutant.method,
            Field::Path => &mut mutant.path,
            Field::Query => &mut mutant.query,
            Field::HeaderName(index) => match mutant.headers.get_mut(index) {
                Some((name, _)) => name,
                None => return mutant,
            },
            Field::HeaderValue(index) => match mutant.headers.get_mut(index) {
                Some((_, value)) => value,
                None => return mutant,
            },
        };
        match text.chars().nth(self.at) {
            None => text.push('x'),
            Some(_) => {
                *text = (text.chars().enumerate())
                    .map(|(at, char)| if at == self.at { swap(char) } else { char })
                    .collect();
            }
        }
        mutant
    }
}

/// Where the parts of a signature are, and what else is signed.
#[derive(Default)]
struct Map {
    query: Vec<Spot>,
    headers: Vec<Spot>,
    date: Vec<Spot>,
    scope: Vec<Spot>,
    signature: Vec<Spot>,
}

impl Map {
    fn of(signed: &Signed) -> Self {
        let mut map = Self::default();
        map.read_query(&signed.query);
        for (index, (name, value)) in signed.headers.iter().enumerate() {
            if name.eq_ignore_ascii_case("authorization") {
                map.read_authorization(index, value);
            }
        }
        let names = signed_headers(signed);
        for (index, (name, value)) in signed.headers.iter().enumerate() {
            let name_lower = name.to_ascii_lowercase();
            if name_lower == "x-amz-date" {
                map.date.extend(spots(Field::HeaderValue(index), value, 0..value.len()));
            } else if names.split(';').any(|signed| signed == name_lower) {
                map.headers.extend(spots(Field::HeaderName(index), name, 0..1));
                let value = spots(Field::HeaderValue(index), value, 0..value.len());
                map.headers.extend(or_append(Field::HeaderValue(index), value));
            }
        }
        map
    }

    fn read_query(&mut self, query: &str) {
        let mut start = 0;
        for pair in query.split('&') {
            let value = start + pair.find('=').map_or(pair.len(), |at| at + 1)..start + pair.len();
            let (part, range) = match pair.split_once('=') {
                Some(("X-Amz-Signature", _)) => (&mut self.signature, value),
                Some(("X-Amz-Credential", _)) => (&mut self.scope, value),
                Some(("X-Amz-Date", _)) => (&mut self.date, value),
                _ => (&mut self.query, start..start + pair.len()),
            };
            part.extend(spots(Field::Query, query, range));
            start += pair.len() + 1;
        }
    }

    fn read_authorization(&mut self, index: usize, value: &str) {
        for (label, part) in [("Credential=", &mut self.scope), ("Signature=", &mut self.signature)]
        {
            let Some(start) = value.find(label).map(|at| at + label.len()) else { continue };
            let length = value
                .get(start..)
                .and_then(|rest| rest.find(',').or(Some(rest.len())))
                .unwrap_or_default();
            part.extend(spots(Field::HeaderValue(index), value, start..start + length));
        }
    }
}

/// The list of signed headers, wherever it stands.
fn signed_headers(signed: &Signed) -> String {
    let header = (signed.headers.iter())
        .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        .and_then(|(_, value)| value.split("SignedHeaders=").nth(1))
        .and_then(|rest| rest.split(',').next());
    let parameter =
        signed.query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="));
    header.or(parameter).unwrap_or_default().replace("%3B", ";")
}

/// The letters and digits within a range: to change one of them changes what the text means. (To change a space or
/// the case of an escape may not.)
fn spots(field: Field, text: &str, range: Range<usize>) -> Vec<Spot> {
    (text.chars().enumerate())
        .filter(|(at, char)| range.contains(at) && char.is_ascii_alphanumeric())
        .map(|(at, _)| Spot { field, at })
        .collect()
}

/// Where there is no byte to change, one is added.
fn or_append(field: Field, spots: Vec<Spot>) -> Vec<Spot> {
    if spots.is_empty() { vec![Spot { field, at: usize::MAX }] } else { spots }
}

/// Another letter or digit, which is a hexadecimal digit if this one was, and never the same in another case.
fn swap(char: char) -> char {
    match char {
        '0'..='8' | 'a'..='e' | 'A'..='E' | 'g'..='y' | 'G'..='Y' => {
            char::from_u32(u32::from(char) + 1).unwrap_or('x')
        }
        '9' => '0',
        'f' => 'a',
        'F' => 'A',
        'z' => 'g',
        'Z' => 'G',
        _ => 'x',
    }
}

/// Enough to meet every byte of a part within some requests.
const SPOTS_FOR_EACH_PART: usize = 16;
