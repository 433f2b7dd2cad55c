use std::mem;

use memchr::memmem;

/// A part of a pattern between two `*`: bytes, and [`ONE`] for each `?`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    bytes: Box<[u8]>,
    /// Whether there is no `?`.
    literal: bool,
}

/// `?` in a pattern that is ready: a byte that no UTF-8 has.
pub(super) const ONE: u8 = 0xFF;

impl Segment {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), literal: !bytes.contains(&ONE) }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What follows the segment, if the text begins with it.
    pub(super) fn strip_from_start<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if self.bytes.is_empty() {
            return Some(text);
        }
        if self.literal {
            return text.strip_prefix(&*self.bytes);
        }
        let mut rest = text;
        for wanted in &self.bytes {
            let (&byte, after) = rest.split_first()?;
            rest = match *wanted {
                ONE => skip_continuations(after),
                wanted if wanted == byte => after,
                _ => return None,
            };
        }
        Some(rest)
    }

    /// What comes before the segment, if the text ends with it.
    pub(super) fn strip_from_end<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if self.bytes.is_empty() {
            return Some(text);
        }
        if self.literal {
            return text.strip_suffix(&*self.bytes);
        }
        let mut rest = text;
        for wanted in self.bytes.iter().rev() {
            let (&byte, before) = rest.split_last()?;
            rest = match *wanted {
                ONE => rest.get(..rest.iter().rposition(|byte| !is_continuation(*byte))?)?,
                wanted if wanted == byte => before,
                _ => return None,
            };
        }
        Some(rest)
    }

    /// What follows the segment where it first occurs.
    pub(super) fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if self.literal {
            return text.get(memmem::find(text, &self.bytes)? + self.bytes.len()..);
        }
        // Every place is tried at the same time: one bit of an integer for each that has come so
        // far in a block of the segment (the "shift-and" search of Baeza-Yates and Gonnet).
        let mut ends = vec![true; text.len() + 1];
        for block in self.bytes.chunks(64) {
            let block = Block::new(block);
            let mut places = 0;
            let mut ends = ends.iter_mut();
            let mut begins = mem::take(ends.next()?);
            for (byte, end) in text.iter().zip(ends) {
                places = block.step(places, begins, *byte);
                begins = mem::replace(end, places & block.last != 0);
            }
        }
        let end = ends.iter().position(|end| *end)?;
        text.get(end..).map(skip_continuations)
    }
}

/// Up to 64 bytes of a segment, a bit for each.
struct Block {
    /// Those that a byte of the text matches.
    by_byte: [u64; 256],
    /// Those that are [`ONE`].
    ones: u64,
    last: u64,
}

impl Block {
    fn new(bytes: &[u8]) -> Self {
        let mut block = Self { by_byte: [0; 256], ones: 0, last: 0 };
        let mut bit = 1;
        for byte in bytes {
            match block.by_byte.get_mut(usize::from(*byte)) {
                _ if *byte == ONE => block.ones |= bit,
                Some(matching) => *matching |= bit,
                None => {}
            }
            block.last = bit;
            bit <<= 1;
        }
        block
    }

    /// The places after one more byte of the text; a new one if the segment may begin here.
    fn step(&self, places: u64, begins: bool, byte: u8) -> u64 {
        let matching = self.by_byte.get(usize::from(byte)).copied().unwrap_or_default();
        let next = places << 1 | u64::from(begins);
        if is_continuation(byte) {
            // Of a character that a `?` has taken, or as the pattern wants it.
            (next & matching) | (places & self.ones)
        } else {
            next & (matching | self.ones)
        }
    }
}

/// Whether the byte continues a character of UTF-8.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

fn skip_continuations(text: &[u8]) -> &[u8] {
    let first = text.iter().position(|byte| !is_continuation(*byte)).unwrap_or(text.len());
    text.get(first..).unwrap_or_default()
}
