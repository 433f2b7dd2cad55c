use std::fmt;

use memchr::memmem;

/// Text with wildcards: `*` is any run of characters, the empty one included; `?` is exactly one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Glob {
    /// No wildcard at all.
    Text(Box<[u8]>),
    /// A `*` at the end is the only wildcard.
    Beginning(Box<[u8]>),
    /// What stands before, between and after the `*`s.
    Segments(Box<[Segment]>),
}

impl Glob {
    pub(crate) fn new(text: &str) -> Self {
        let mut glob = GlobBuilder::default();
        glob.pattern(text);
        glob.build()
    }

    /// Text in which wildcards mean themselves.
    pub(crate) fn literal(text: &str) -> Self {
        Self::Text(text.as_bytes().into())
    }

    /// No recursion and no allocation. Each segment is searched for once, from where the one before
    /// it was found: linear in the text, but for segments that have a `?` between repetitions.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        match self {
            Self::Text(whole) => **whole == *text,
            Self::Beginning(beginning) => text.starts_with(beginning),
            Self::Segments(segments) => all_in_order(segments, text).is_some(),
        }
    }
}

/// `None` when they are not: the first must begin the text and the last end it.
fn all_in_order(segments: &[Segment], text: &[u8]) -> Option<()> {
    let (first, others) = segments.split_first()?;
    let rest = first.strip_from_start(text)?;
    let Some((last, between)) = others.split_last() else {
        return rest.is_empty().then_some(());
    };
    let rest = last.strip_from_end(rest)?;
    // The leftmost place of each leaves the most to those after it.
    between.iter().try_fold(rest, |rest, segment| segment.find(rest)).map(drop)
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = match self {
            Self::Text(text) => text.to_vec(),
            Self::Beginning(beginning) => [beginning, b"*".as_slice()].concat(),
            Self::Segments(segments) => {
                let segments: Vec<_> = segments.iter().map(|segment| &*segment.0).collect();
                segments.join(&b'*')
            }
        };
        let wildcards = |byte: &u8| if *byte == ONE { b'?' } else { *byte };
        let text: Vec<_> = joined.iter().map(wildcards).collect();
        write!(f, "Glob({:?})", String::from_utf8_lossy(&text))
    }
}

/// A run of bytes and of [`ONE`]s.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Segment(Box<[u8]>);

impl Segment {
    /// What follows the segment, if the text begins with it.
    fn strip_from_start<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let mut rest = text;
        for wanted in &self.0 {
            let (&byte, after) = rest.split_first()?;
            rest = match *wanted {
                ONE => rest.get(character_len(byte)..)?,
                wanted if wanted == byte => after,
                _ => return None,
            };
        }
        Some(rest)
    }

    /// What comes before the segment, if the text ends with it.
    fn strip_from_end<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let mut rest = text;
        for wanted in self.0.iter().rev() {
            let (&byte, before) = rest.split_last()?;
            rest = match *wanted {
                ONE => {
                    let at = rest.iter().rposition(|byte| !is_continuation(*byte))?;
                    rest.get(..at)?
                }
                wanted if wanted == byte => before,
                _ => return None,
            };
        }
        Some(rest)
    }

    /// What follows the segment where it first occurs.
    fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        if !self.0.contains(&ONE) {
            return text.get(memmem::find(text, &self.0)? + self.0.len()..);
        }
        let starts = (0..text.len()).filter_map(|at| text.get(at..));
        starts
            .filter(|from| from.first().is_some_and(|byte| !is_continuation(*byte)))
            .find_map(|from| self.strip_from_start(from))
    }
}

/// Puts a glob together from text with wildcards and text without.
#[derive(Default)]
pub(crate) struct GlobBuilder(Vec<u8>);

impl GlobBuilder {
    pub(crate) fn pattern(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'?' => self.0.push(ONE),
                // A run of `*` is one.
                b'*' if self.0.last() == Some(&MANY) => {}
                b'*' => self.0.push(MANY),
                _ => self.0.push(byte),
            }
        }
    }

    pub(crate) fn literal(&mut self, text: &str) {
        self.0.extend(text.bytes());
    }

    pub(crate) fn build(mut self) -> Glob {
        let first = self.0.iter().position(|byte| matches!(*byte, ONE | MANY));
        match first.and_then(|first| self.0.get(first..)) {
            None => Glob::Text(self.0.into()),
            Some([MANY]) => {
                self.0.pop();
                Glob::Beginning(self.0.into())
            }
            Some(_) => {
                let segments = self.0.split(|byte| *byte == MANY);
                Glob::Segments(segments.map(|segment| Segment(segment.into())).collect())
            }
        }
    }
}

/// `?` and `*` in a pattern that is ready: bytes that no UTF-8 has.
const ONE: u8 = 0xFF;
const MANY: u8 = 0xFE;

/// The length in UTF-8 of the character that begins with this byte.
fn character_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

/// Whether the byte continues a character of UTF-8.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "a/b:c", true),
            ("?", "", false),
            ("?", "é", true),
            ("??", "é", false),
            ("*?", "é", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("a**c", "ac", true),
            ("*ab", "aab", true),
            ("A", "a", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = Glob::new(&"*a".repeat(1000));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(20_000))));
    }

    /// The definition, in characters and with recursion.
    fn reference(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', rest @ ..], _) => {
                reference(rest, text) || (!text.is_empty() && reference(pattern, &text[1..]))
            }
            (['?', rest @ ..], [_, after @ ..]) => reference(rest, after),
            ([p, rest @ ..], [t, after @ ..]) => p == t && reference(rest, after),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[abé*?]{0,10}", text in "[abé]{0,12}") {
            let expected = reference(
                &pattern.chars().collect::<Vec<_>>(),
                &text.chars().collect::<Vec<_>>(),
            );
            prop_assert_eq!(Glob::new(&pattern).matches(&text), expected);
        }

        #[test]
        fn never_panics(pattern in any::<String>(), text in any::<String>()) {
            let _ = Glob::new(&pattern).matches(&text);
        }
    }
}
