use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_ident::{IdGen, Secret};
use zeroize::Zeroize as _;

use crate::KeyRing;
use crate::seal::{KeyId, MasterKey};

/// The sealing keys of a deployment as they are kept and rotated: of each, since when it seals.
/// What seals and opens with them is their [`ring`](Self::ring).
///
/// In writing they are one line that names the form, then a line for each key, newest first: the
/// time in Unix seconds, and 32 bytes in base64. Empty lines and lines that begin with `#` count for
/// nothing.
#[derive(Debug)]
pub struct SealingKeys {
    newest: SealingKey,
    /// Newest first.
    older: Vec<SealingKey>,
}

/// One key, which seals until there is a newer one.
#[derive(Debug, Clone)]
struct SealingKey {
    since: i64,
    master: MasterKey,
}

impl SealingKeys {
    /// As many keys as there can be.
    pub const MAX: usize = 8;

    /// For how many seconds a key that no longer seals is kept to open with: the longest session
    /// (36 hours), and an hour for every server of the deployment to take the new key.
    pub const OVERLAP: i64 = 37 * 3_600;

    /// One fresh key. `now` is in Unix seconds.
    #[must_use]
    pub fn generate(ids: &dyn IdGen, now: i64) -> Self {
        let newest = SealingKey { since: now, master: MasterKey::generate(ids) };
        Self { newest, older: Vec::new() }
    }

    /// These keys under a fresh one, which seals from now on. Of the older ones those stay that have
    /// sealed within the last [`OVERLAP`](Self::OVERLAP) seconds, or, where `keep` says how many, the
    /// newest of them.
    ///
    /// `now` is in Unix seconds.
    ///
    /// # Errors
    /// When more than [`MAX`](Self::MAX) keys would stay.
    pub fn rotated(
        &self,
        keep: Option<usize>,
        ids: &dyn IdGen,
        now: i64,
    ) -> Result<Self, TooManyKeys> {
        // A clock that was put back does not turn the order.
        let now = now.max(self.newest.since);
        let until = std::iter::once(now).chain(self.keys().map(|key| key.since));
        let stays = |(place, until): (usize, i64)| match keep {
            Some(keep) => place < keep,
            None => now.saturating_sub(until) < Self::OVERLAP,
        };
        let staying = self.keys().zip(until.enumerate()).take_while(|(_, key)| stays(*key));
        let older: Vec<SealingKey> = staying.map(|(key, _)| key.clone()).collect();
        if older.len() >= Self::MAX {
            return Err(TooManyKeys);
        }
        Ok(Self { newest: SealingKey { since: now, master: MasterKey::generate(ids) }, older })
    }

    /// What seals with the newest of the keys and opens with all.
    #[must_use]
    pub fn ring(&self) -> KeyRing {
        KeyRing::of(&self.newest.master, self.older.iter().map(|key| &key.master))
    }

    /// Of each key the id, which its tokens carry for everybody to see, and since when it seals or
    /// sealed, in Unix seconds. Newest first.
    pub fn list(&self) -> impl Iterator<Item = (KeyId, i64)> {
        self.keys().map(|key| (key.master.id(), key.since))
    }

    /// The keys from their written form.
    ///
    /// # Errors
    /// When it is not in that form, or has too many keys.
    pub fn parse(text: &str) -> Result<Self, ParseKeysError> {
        let mut lines = (1..).zip(text.lines());
        if lines.next().is_none_or(|(_, first)| first.trim_end() != FORM) {
            return Err(ParseKeysError::Form);
        }
        let mut keys: Vec<SealingKey> = Vec::new();
        for (number, line) in lines {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let key = parse_key(line).ok_or(ParseKeysError::Line(number))?;
            if keys.last().is_some_and(|newer| newer.since < key.since) {
                return Err(ParseKeysError::Order(number));
            }
            if keys.len() == Self::MAX {
                return Err(ParseKeysError::TooMany);
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let newest = keys.next().ok_or(ParseKeysError::None)?;
        Ok(Self { newest, older: keys.collect() })
    }

    /// The keys in writing, as [`parse`](Self::parse) reads them.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        // With room for all, so that growing leaves no copy behind.
        let mut text = String::with_capacity(FORM.len() + NOTE.len() + (Self::MAX + 1) * LINE);
        text.push_str(FORM);
        text.push_str(NOTE);
        for key in self.keys() {
            let material = Secret::new(STANDARD.encode(key.master.material()));
            let _ = writeln!(text, "{} {}", key.since, material.expose());
        }
        Secret::new(text)
    }

    fn keys(&self) -> impl Iterator<Item = &SealingKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

/// A rotation that would leave more than [`SealingKeys::MAX`] keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no more than {} sealing keys are kept", SealingKeys::MAX)]
pub struct TooManyKeys;

/// Why a text is not that of sealing keys. No message shows anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseKeysError {
    /// The first line is another.
    #[error("the first line is not {FORM:?}")]
    Form,
    /// The line with this number is no key.
    #[error("line {0} is not a time in Unix seconds and 32 bytes in base64")]
    Line(usize),
    /// The key in this line is newer than the one before it.
    #[error("the key in line {0} is newer than the one before it")]
    Order(usize),
    /// There is no key.
    #[error("there is no key")]
    None,
    /// There are more than [`SealingKeys::MAX`].
    #[error("there are more than {} keys", SealingKeys::MAX)]
    TooMany,
}

fn parse_key(line: &str) -> Option<SealingKey> {
    let (since, encoded) = line.trim_end().split_once(' ')?;
    let since = since.parse().ok().filter(|since| *since >= 0)?;
    // The decoder wants room for whole groups of four characters.
    let mut bytes = [0; 36];
    let decoded = STANDARD.decode_slice(encoded, &mut bytes);
    let master = match (decoded, bytes.first_chunk::<32>()) {
        (Ok(32), Some(material)) => Some(MasterKey::of(material)),
        _ => None,
    };
    bytes.zeroize();
    Some(SealingKey { since, master: master? })
}

/// The first line; another form has another number.
const FORM: &str = "daypass sealing keys, version 1";

const NOTE: &str = "\n# Secret: whoever has these makes sessions. Newest first; \"daypass keys rotate\" adds one.\n";

/// No line of a key is longer.
const LINE: usize = 80;

#[cfg(test)]
mod tests;
