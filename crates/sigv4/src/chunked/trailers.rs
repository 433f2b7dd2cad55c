//! The headers after the last chunk.

use memchr::memchr;

use super::{Limits, chain::Chain, error::BodyError, lines};
use crate::claims::text;

/// The trailers of a chunked body, such as a checksum. If the body is signed, they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trailers(Vec<(String, Vec<u8>)>);

impl Trailers {
    /// The value of a trailer; `name` is in lower case.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter().find_map(|(other, value)| (other == name).then_some(value))
    }

    /// The names in lower case and sorted, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

/// Reads the trailers, line by line.
#[derive(Debug)]
pub(super) struct Reader {
    /// The names in `x-amz-trailer`, in lower case and sorted.
    announced: Vec<String>,
    signed: bool,
    signature: Option<[u8; 64]>,
    bytes: usize,
    /// A line feed came without its carriage return, so an empty line must follow: minio-go ends trailers so.
    bare: bool,
    found: Trailers,
}

impl Reader {
    /// For the trailers that the value of `x-amz-trailer` names.
    pub(super) fn new(announced: &[u8], signed: bool) -> Self {
        let names = announced.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        let mut announced: Vec<_> = names.filter(|name| !name.is_empty()).map(lower).collect();
        announced.sort_unstable();
        Self {
            announced,
            signed,
            signature: None,
            bytes: 0,
            bare: false,
            found: Trailers::default(),
        }
    }

    /// How long the next line may be at the most.
    pub(super) fn room(&self, limits: &Limits) -> usize {
        limits.trailer_bytes.saturating_sub(self.bytes).saturating_add(lines::EMPTY.len())
    }

    /// Takes a line with its line end, and says whether it was the last.
    pub(super) fn take(&mut self, line: &[u8], limits: &Limits) -> Result<bool, BodyError> {
        self.bytes += line.len();
        if line == lines::EMPTY {
            return match (std::mem::take(&mut self.bare), self.signed, self.signature) {
                (true, _, _) => Ok(false),
                (false, true, None) => Err(BodyError::Trailers("they are not signed")),
                (false, _, _) => Ok(true),
            };
        }
        if self.bare || self.signature.is_some() {
            return Err(BodyError::Trailers("a line where they should end"));
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let whole = line.strip_suffix(b"\r");
        self.bare = whole.is_none();
        let line = whole.unwrap_or(line);
        let colon = memchr(b':', line).ok_or(BodyError::Trailers("a line without a colon"))?;
        let (name, value) = line.split_at(colon);
        let (name, value) = (lower(name), value.get(1..).unwrap_or_default().trim_ascii());
        if self.signed && name == SIGNATURE {
            let signature =
                value.try_into().map_err(|_| BodyError::Trailers("an odd signature"))?;
            self.signature = Some(signature);
        } else if self.found.0.len() == limits.trailers {
            return Err(BodyError::Trailers("there are too many"));
        } else {
            self.found.0.push((name, value.to_vec()));
        }
        Ok(false)
    }

    /// Checks all of them together: that they are the announced ones, and their signature.
    pub(super) fn check(&mut self, chain: Option<&mut Chain>) -> Result<(), BodyError> {
        let found = &mut self.found.0;
        found.sort_unstable();
        if let (Some(chain), Some(signature)) = (chain, &self.signature) {
            chain.check_trailers(&canonical(found), signature)?;
        }
        if found.iter().map(|(name, _)| name).eq(&self.announced) {
            Ok(())
        } else {
            Err(BodyError::Trailers("they are others than the head announced"))
        }
    }

    pub(super) fn finish(self) -> Trailers {
        self.found
    }
}

/// A line `name:value` for each, in the order of the names.
fn canonical(trailers: &[(String, Vec<u8>)]) -> Vec<u8> {
    let line = |(name, value): &(String, Vec<u8>)| [name.as_bytes(), b":", value, b"\n"].concat();
    trailers.iter().flat_map(line).collect()
}

fn lower(name: &[u8]) -> String {
    text(name.into()).to_ascii_lowercase()
}

pub(super) const TOO_LONG: BodyError = BodyError::Trailers("they are too long");
const SIGNATURE: &str = "x-amz-trailer-signature";
