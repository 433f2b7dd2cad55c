//! The lines between the data.

use memchr::memchr;

use super::error::BodyError;

/// Gathers lines from pieces of any size.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<u8>);

impl Lines {
    /// Takes the rest of a line from the input: the whole line with its line feed, once that is there, and what
    /// follows it.
    pub(super) fn next<'i>(
        &mut self,
        input: &'i [u8],
        limit: usize,
    ) -> Result<(Option<Vec<u8>>, &'i [u8]), BodyError> {
        let end = memchr(b'\n', input).map(|at| at + 1);
        let (piece, rest) = input.split_at(end.unwrap_or(input.len()));
        if self.0.len() + piece.len() > limit {
            return Err(BodyError::Malformed("a line is too long"));
        }
        self.0.extend_from_slice(piece);
        Ok((end.map(|_| std::mem::take(&mut self.0)), rest))
    }

    /// Gives back the memory of a line.
    pub(super) fn reuse(&mut self, mut line: Vec<u8>) {
        line.clear();
        self.0 = line;
    }
}

/// The line before a chunk.
pub(super) struct ChunkHead {
    pub(super) size: u64,
    /// As it was sent; zeros for a chunk without one.
    pub(super) signature: [u8; 64],
}

impl ChunkHead {
    /// Reads `size;chunk-signature=…`, or only the size, with its line end.
    pub(super) fn parse(line: &[u8], signed: bool) -> Result<Self, BodyError> {
        let text = line.strip_suffix(EMPTY).ok_or(NO_LINE_END)?;
        let (size, signature) = match (memchr(b';', text), signed) {
            (None, false) => (text, [0; 64]),
            (Some(at), true) => {
                let (size, extension) = text.split_at(at);
                let signature =
                    extension.strip_prefix(SIGNATURE).and_then(|text| text.try_into().ok());
                (size, signature.ok_or(BodyError::Malformed("a chunk without a signature"))?)
            }
            (None, true) => return Err(BodyError::Malformed("a chunk without a signature")),
            (Some(_), false) => {
                return Err(BodyError::Malformed("an unsigned chunk with an extension"));
            }
        };
        let size = parse_size(size).ok_or(BodyError::Malformed("a chunk without a size"))?;
        Ok(Self { size, signature })
    }
}

/// Refuses a line that is not empty.
pub(super) fn refuse_text(line: &[u8]) -> Result<(), BodyError> {
    if line == EMPTY { Ok(()) } else { Err(NO_LINE_END) }
}

/// Up to 16 hexadecimal digits of either case: clients differ.
fn parse_size(digits: &[u8]) -> Option<u64> {
    let all_hex = digits.iter().all(u8::is_ascii_hexdigit);
    let text =
        std::str::from_utf8(digits).ok().filter(|text| all_hex && text.len() <= MAX_DIGITS)?;
    u64::from_str_radix(text, 16).ok()
}

/// The line end, and so the empty line.
pub(super) const EMPTY: &[u8] = b"\r\n";
/// The longest line before a chunk.
pub(super) const MAX_HEAD: usize = MAX_DIGITS + SIGNATURE.len() + 64 + EMPTY.len();
const MAX_DIGITS: usize = 16;
const SIGNATURE: &[u8] = b";chunk-signature=";
const NO_LINE_END: BodyError = BodyError::Malformed("no line end where one should be");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        let signature = "ab".repeat(32);
        let signed = |size: &str| format!("{size};chunk-signature={signature}\r\n");
        for (line, expected) in [
            (signed("0"), Some(0)),
            (signed("10000"), Some(65_536)),
            (signed("fF"), Some(255)),
            (signed("00ff"), Some(255)),
            (signed("ffffffffffffffff"), Some(u64::MAX)),
            (signed("00000000000000000"), None),
            (signed(""), None),
            (signed(" 1"), None),
            (signed("+1"), None),
            (signed("0x1"), None),
            (signed("1;"), None),
            (signed("1").replace('-', "_"), None),
            (signed("1").replace("\r\n", "\n"), None),
            (signed("1").replace("ab\r", "a\r"), None),
            (signed("1").replace("ab\r", "abc\r"), None),
            ("1\r\n".into(), None),
            ("\r\n".into(), None),
            (String::new(), None),
        ] {
            let parsed = ChunkHead::parse(line.as_bytes(), true);
            assert_eq!(parsed.as_ref().ok().map(|head| head.size), expected, "{line}");
            assert!(parsed.is_err() || line.len() <= MAX_HEAD);
            assert!(parsed.is_err() || parsed.unwrap().signature == signature.as_bytes());
        }
        assert_eq!(ChunkHead::parse(b"1f\r\n", false).unwrap().size, 31);
        assert!(ChunkHead::parse(signed("1").as_bytes(), false).is_err());
    }

    #[test]
    fn lines_from_pieces() {
        let mut lines = Lines::default();
        assert_eq!(lines.next(b"ab", 4).unwrap(), (None, &b""[..]));
        assert_eq!(lines.next(b"c\nde", 4).unwrap(), (Some(b"abc\n".to_vec()), &b"de"[..]));
        assert!(lines.next(b"abcde", 4).is_err());
        assert!(lines.next(b"abcd\n", 4).is_err());
    }
}
