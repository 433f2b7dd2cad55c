use std::fmt;

/// Text with wildcards: `*` is any run of characters, the empty one included; `?` is exactly one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    elements: Box<[Element]>,
    ignore_case: bool,
}

impl Glob {
    pub(crate) fn new(text: &str) -> Self {
        let mut glob = GlobBuilder::default();
        glob.pattern(text);
        glob.build()
    }

    /// A pattern for names whose case means nothing, such as actions.
    pub(crate) fn ignoring_case(text: &str) -> Self {
        Self { ignore_case: true, ..Self::new(&text.to_ascii_lowercase()) }
    }

    /// Matches with two indices and one place to go back to: no recursion, no allocation, and at
    /// worst length times length steps whatever the pattern.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let (mut element, mut at) = (0, 0);
        let mut retry = None;
        loop {
            match (self.elements.get(element), text.get(at)) {
                (Some(Element::Many), _) => {
                    element += 1;
                    if element == self.elements.len() {
                        return true;
                    }
                    retry = Some((element, at));
                    continue;
                }
                (Some(Element::One), Some(&byte)) => {
                    element += 1;
                    at += character_len(byte);
                    continue;
                }
                (Some(Element::Byte(wanted)), Some(byte)) if self.same(*wanted, *byte) => {
                    element += 1;
                    at += 1;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            // The last `*` takes one character more.
            let Some((after, from)) = retry else { return false };
            let Some(&byte) = text.get(from) else { return false };
            (element, at) = (after, from + character_len(byte));
            retry = Some((element, at));
        }
    }

    fn same(&self, wanted: u8, byte: u8) -> bool {
        wanted == if self.ignore_case { byte.to_ascii_lowercase() } else { byte }
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: Vec<u8> = self.elements.iter().map(|element| element.as_byte()).collect();
        write!(f, "Glob({:?})", String::from_utf8_lossy(&text))
    }
}

/// Puts a glob together from text with wildcards and text without.
#[derive(Default)]
pub(crate) struct GlobBuilder(Vec<Element>);

impl GlobBuilder {
    pub(crate) fn pattern(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'?' => self.0.push(Element::One),
                // A run of `*` is one.
                b'*' if self.0.last() == Some(&Element::Many) => {}
                b'*' => self.0.push(Element::Many),
                _ => self.0.push(Element::Byte(byte)),
            }
        }
    }

    pub(crate) fn literal(&mut self, text: &str) {
        self.0.extend(text.bytes().map(Element::Byte));
    }

    pub(crate) fn build(self) -> Glob {
        Glob { elements: self.0.into(), ignore_case: false }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Byte(u8),
    One,
    Many,
}

impl Element {
    fn as_byte(self) -> u8 {
        match self {
            Self::Byte(byte) => byte,
            Self::One => b'?',
            Self::Many => b'*',
        }
    }
}

/// The length in UTF-8 of the character that begins with this byte.
fn character_len(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
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
        assert!(Glob::ignoring_case("IAM:Create*").matches("iam:createUser"));
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
