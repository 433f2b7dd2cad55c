use std::fmt;

use super::segment::{ONE, Segment};

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

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.match_bytes(text.as_bytes())
    }

    /// No recursion, and each segment is searched for once, from where the one before it was found:
    /// linear in the text, whatever the stars.
    pub(super) fn match_bytes(&self, text: &[u8]) -> bool {
        match self {
            Self::Text(whole) => same(whole, text),
            Self::Beginning(beginning) => begins(text, beginning),
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

fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && begins(a, b)
}

/// An empty box points nowhere. To compare with it, though it be no byte, costs a processor with
/// masked loads a hundred nanoseconds, for it begins a fault that it then hides.
pub(super) fn begins(text: &[u8], beginning: &[u8]) -> bool {
    beginning.is_empty() || text.starts_with(beginning)
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = match self {
            Self::Text(text) => text.to_vec(),
            Self::Beginning(beginning) => [beginning, b"*".as_slice()].concat(),
            Self::Segments(segments) => {
                let segments: Vec<_> = segments.iter().map(Segment::as_bytes).collect();
                segments.join(&b'*')
            }
        };
        let wildcards = |byte: &u8| if *byte == ONE { b'?' } else { *byte };
        let text: Vec<_> = joined.iter().map(wildcards).collect();
        write!(f, "Glob({:?})", String::from_utf8_lossy(&text))
    }
}

/// Puts a glob together from text with wildcards and text without.
#[derive(Default)]
pub(crate) struct GlobBuilder(Vec<u8>);

impl GlobBuilder {
    pub(crate) fn pattern(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                // A run of wildcards is its `?`s and at most one `*`.
                b'?' => match self.0.last_mut() {
                    Some(last) if *last == MANY => {
                        *last = ONE;
                        self.0.push(MANY);
                    }
                    _ => self.0.push(ONE),
                },
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
                Glob::Segments(segments.map(Segment::new).collect())
            }
        }
    }
}

/// `*` in a pattern that is ready: a byte that no UTF-8 has.
const MANY: u8 = 0xFE;

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
    fn repetitions_take_no_time_worth_mentioning() {
        let text = "a".repeat(1_000_000);
        let many = ["*a".repeat(100_000), "*?".repeat(100_000), "a".repeat(100_000)];
        for pattern in many.into_iter().chain(["a?".repeat(500)]) {
            assert!(!Glob::new(&format!("*{pattern}*c*")).matches(&text));
            assert!(!Glob::new(&format!("*{pattern}c*")).matches(&text));
        }
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
        fn agrees_with_the_definition(
            pattern in "[abé*?]{0,10}|[*](a[?]|[?]é){30,40}b?[*]a?|[*][aé?]{60,70}[*]",
            text in "[abé]{0,12}|(aé|ab){40,50}|[aé]{70,80}",
        ) {
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
