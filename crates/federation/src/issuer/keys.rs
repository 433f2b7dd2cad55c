use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::Secret;

use super::TokenAlgorithm;
use crate::oidc::sign::{SignError, SigningKey};

/// The keys of an issuer as they are kept and rotated: generations of one key for each algorithm, of
/// which the newest signs and all are published.
///
/// In writing they are one line that names the form, then a line for each generation, newest first: the
/// time in Unix seconds since when it signs, its number, and its two private keys (PKCS #8 in base64),
/// RSA's first. Empty lines and lines that begin with `#` count for nothing.
#[derive(Debug)]
pub struct IssuerKeys {
    newest: Arc<Generation>,
    /// Newest first.
    older: Vec<Arc<Generation>>,
}

#[derive(Debug)]
struct Generation {
    since: i64,
    /// Each has another, so that the names of its keys are its own.
    number: u32,
    rsa: SigningKey,
    ec: SigningKey,
}

impl IssuerKeys {
    /// The first line of the written form; another form has another number.
    pub const FORM: &str = "daypass issuer keys, version 1";

    /// As many generations as there can be.
    pub const MAX: usize = 8;

    /// One fresh generation; its RSA key takes a good part of a second to find. `now` is in Unix
    /// seconds.
    ///
    /// # Errors
    /// When the cryptographic library cannot make keys.
    pub fn generate(now: i64) -> Result<Self, SignError> {
        Ok(Self { newest: Arc::new(Generation::generate(now, 0)?), older: Vec::new() })
    }

    /// The newest `keep` of these generations, as far as there may be so many, under a fresh one, which
    /// signs from now on. `now` is in Unix seconds.
    ///
    /// # Errors
    /// When the cryptographic library cannot make keys.
    pub fn rotated(&self, keep: usize, now: i64) -> Result<Self, SignError> {
        // A clock that was put back does not turn the order.
        let now = now.max(self.newest.since);
        let newest = Generation::generate(now, self.newest.number.wrapping_add(1))?;
        let keep = keep.min(Self::MAX - 1);
        let older = self.generations().take(keep).map(Arc::clone).collect();
        Ok(Self { newest: Arc::new(newest), older })
    }

    /// Of each generation the names of its keys, as in a token's `kid`, and since when it signs or
    /// signed, in Unix seconds. Newest first.
    pub fn list(&self) -> impl Iterator<Item = ([&str; 2], i64)> {
        self.generations().map(|one| ([one.rsa.id(), one.ec.id()], one.since))
    }

    /// The keys from their written form, whose lines come with their numbers.
    ///
    /// # Errors
    /// When it is not in that form, or has too many generations.
    pub fn parse<'t>(
        mut lines: impl Iterator<Item = (usize, &'t str)>,
    ) -> Result<Self, ParseIssuerKeysError> {
        if lines.next().is_none_or(|(_, first)| first.trim_end() != Self::FORM) {
            return Err(ParseIssuerKeysError::Form);
        }
        let mut generations: Vec<Arc<Generation>> = Vec::new();
        for (at, line) in lines {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let one = Generation::parse(line).ok_or(ParseIssuerKeysError::Line(at))?;
            if generations.last().is_some_and(|newer| newer.since < one.since) {
                return Err(ParseIssuerKeysError::Order(at));
            }
            if generations.iter().any(|newer| newer.number == one.number) {
                return Err(ParseIssuerKeysError::Twice(at));
            }
            if generations.len() == Self::MAX {
                return Err(ParseIssuerKeysError::TooMany);
            }
            generations.push(Arc::new(one));
        }
        let mut generations = generations.into_iter();
        let newest = generations.next().ok_or(ParseIssuerKeysError::None)?;
        Ok(Self { newest, older: generations.collect() })
    }

    /// The keys in writing, as [`parse`](Self::parse) reads them.
    ///
    /// # Errors
    /// When the cryptographic library cannot write a key.
    pub fn to_text(&self) -> Result<Secret<String>, SignError> {
        let lines = self.generations().map(|one| one.line()).collect::<Result<Vec<_>, _>>()?;
        // With room for all, so that growing leaves no copy behind.
        let room: usize = lines.iter().map(|line| line.expose().len()).sum();
        let mut text = String::with_capacity(Self::FORM.len() + NOTE.len() + room);
        text.push_str(Self::FORM);
        text.push_str(NOTE);
        lines.iter().for_each(|line| text.push_str(line.expose()));
        Ok(Secret::new(text))
    }

    /// The key that signs with this algorithm.
    pub(super) fn newest(&self, algorithm: TokenAlgorithm) -> &SigningKey {
        match algorithm {
            TokenAlgorithm::Rs256 => &self.newest.rsa,
            TokenAlgorithm::Es384 => &self.newest.ec,
        }
    }

    /// Every key, in the order in which AWS publishes its own.
    pub(super) fn all(&self) -> impl Iterator<Item = &SigningKey> {
        self.generations().flat_map(|one| [&one.rsa, &one.ec])
    }

    fn generations(&self) -> impl Iterator<Item = &Arc<Generation>> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

impl Generation {
    fn generate(since: i64, number: u32) -> Result<Self, SignError> {
        let rsa = SigningKey::generate(&rsa_id(number), TokenAlgorithm::Rs256.into())?;
        let ec = SigningKey::generate(&ec_id(number), TokenAlgorithm::Es384.into())?;
        Ok(Self { since, number, rsa, ec })
    }

    /// The generation in writing, with its line break.
    fn line(&self) -> Result<Secret<String>, SignError> {
        let [rsa, ec] = [&self.rsa, &self.ec]
            .map(|key| key.to_pkcs8().map(|der| Secret::new(STANDARD.encode(der.expose()))));
        let (rsa, ec) = (rsa?, ec?);
        let (since, number) = (self.since, self.number);
        Ok(Secret::new(format!("{since} {number} {} {}\n", rsa.expose(), ec.expose())))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.trim_end().split(' ');
        let (since, number) = (parts.next()?, parts.next()?);
        let (rsa, ec) = (decode(parts.next()?)?, decode(parts.next()?)?);
        if parts.next().is_some() {
            return None;
        }
        let since = since.parse().ok().filter(|since| *since >= 0)?;
        let number = number.parse().ok()?;
        let rsa =
            SigningKey::from_pkcs8(&rsa_id(number), TokenAlgorithm::Rs256.into(), &rsa).ok()?;
        let ec = SigningKey::from_pkcs8(&ec_id(number), TokenAlgorithm::Es384.into(), &ec).ok()?;
        Some(Self { since, number, rsa, ec })
    }
}

/// Why a text is not that of an issuer's keys. No message shows anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseIssuerKeysError {
    /// The first line is another.
    #[error("the first line is not {:?}", IssuerKeys::FORM)]
    Form,
    /// The line with this number is no generation of keys.
    #[error(
        "line {0} is not a time in Unix seconds, a number, and the private keys of RSA and P-384 in \
         base64"
    )]
    Line(usize),
    /// The generation in this line is newer than the one before it.
    #[error("the keys in line {0} are newer than those before them")]
    Order(usize),
    /// The generation in this line has the number of another.
    #[error("the number in line {0} is that of other keys")]
    Twice(usize),
    /// There is no key.
    #[error("there are no issuer keys")]
    None,
    /// There are more than [`IssuerKeys::MAX`].
    #[error("there are more than {} generations of issuer keys", IssuerKeys::MAX)]
    TooMany,
}

/// The name that AWS gives its own.
fn rsa_id(number: u32) -> String {
    format!("RSA_{number}")
}

fn ec_id(number: u32) -> String {
    format!("EC384_{number}")
}

fn decode(text: &str) -> Option<Secret<Vec<u8>>> {
    STANDARD.decode(text).ok().map(Secret::new)
}

const NOTE: &str =
    "\n# Secret: whoever has these says who others are. They are rotated with the sealing keys.\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_are_told_apart_and_the_oldest_go() {
        let mut keys = IssuerKeys::generate(100).unwrap();
        for number in 1..=3 {
            keys = keys.rotated(2, 100 + i64::from(number)).unwrap();
        }
        let listed: Vec<_> = keys.list().collect();
        let expected =
            [(["RSA_3", "EC384_3"], 103), (["RSA_2", "EC384_2"], 102), (["RSA_1", "EC384_1"], 101)];
        assert_eq!(listed, expected);
        assert_eq!(keys.rotated(9, 50).unwrap().list().next().unwrap().1, 103, "clock put back");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let keys = IssuerKeys::generate(i64::MAX).unwrap().rotated(1, 0).unwrap();
        let text = keys.to_text().unwrap();
        assert!(text.expose().lines().all(|line| line.len() < 2_048), "a file has room for eight");
        let read = IssuerKeys::parse((1..).zip(text.expose().lines())).unwrap();
        assert!(keys.list().eq(read.list()));
        assert!(keys.all().map(SigningKey::jwk).eq(read.all().map(SigningKey::jwk)));
        let shown = format!("{keys:?}");
        assert!(shown.len() < text.expose().len() / 8, "no private key fits in there: {shown}");
    }

    #[test]
    fn what_are_no_keys() {
        use ParseIssuerKeysError::{Form, Line, None, Order, TooMany, Twice};

        let text = IssuerKeys::generate(5).unwrap().to_text().unwrap();
        let line = text.expose().lines().last().unwrap();
        let keys = line.strip_prefix("5 0 ").unwrap();
        let (rsa, ec) = keys.split_once(' ').unwrap();
        let form = IssuerKeys::FORM;
        let nine: String = (0..9).map(|number| format!("5 {number} {keys}\n")).collect();
        let cases = [
            (String::new(), Form),
            ("daypass issuer keys, version 2\n".to_owned(), Form),
            (format!("{form}\n# {line}\n\n"), None),
            (format!("{form}\n\n{keys}\n"), Line(3)),
            (format!("{form}\n{line} \n{line} x\n"), Line(3)),
            (format!("{form}\n-1 0 {keys}\n"), Line(2)),
            (format!("{form}\n5 -1 {keys}\n"), Line(2)),
            (format!("{form}\n5 0 {ec} {rsa}\n"), Line(2)),
            (format!("{form}\n5 0 {rsa} {rsa}\n"), Line(2)),
            (format!("{form}\n5 0 {rsa}\n"), Line(2)),
            (format!("{form}\n5 1 {keys}\n6 0 {keys}\n"), Order(3)),
            (format!("{form}\n5 1 {keys}\n5 1 {keys}\n"), Twice(3)),
            (format!("{form}\n{nine}"), TooMany),
        ];
        for (text, error) in cases {
            let parsed = IssuerKeys::parse((1..).zip(text.lines()));
            assert_eq!(parsed.unwrap_err(), error, "{text:.80}");
        }
    }
}
