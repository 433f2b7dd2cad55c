//! Text that does nothing to the terminal that shows it.
//!
//! Names, policies and parameters of requests may hold any character, and whoever wrote them is not
//! whoever reads them on a terminal. There an escape character begins a sequence that moves the cursor,
//! changes the title or answers as if somebody typed; a character for text from right to left puts
//! what follows in another order; a line separator makes one line look like two.

use std::borrow::Cow;

/// The text with each character escaped that steers a terminal, and with its line feeds.
///
/// Escaped are the control characters of ASCII (C0 and DELETE) and of Latin-1 (C1), those that change
/// the direction of text (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and the line and
/// paragraph separators U+2028 and U+2029. The escapes are JSON's, such as `\u001b`, so that JSON
/// stays JSON with the same meaning.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, |character| character != '\n' && steers(character))
}

/// As [`printable`], for a value that stands within a line: its line feeds are escaped, too.
#[must_use]
pub fn printable_line(value: &str) -> Cow<'_, str> {
    escape(value, steers)
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&is_escaped) else { return Cow::Borrowed(text) };
    let (before, rest) = text.split_at(first);
    let mut escaped = before.to_owned();
    for character in rest.chars() {
        match character {
            _ if !is_escaped(character) => escaped.push(character),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ => {
                let digits = [12, 8, 4, 0].map(|shift| u32::from(character) >> shift & 0xf);
                escaped.push_str("\\u");
                escaped.extend(digits.iter().filter_map(|digit| char::from_digit(*digit, 16)));
            }
        }
    }
    Cow::Owned(escaped)
}

/// All of them are of the Basic Multilingual Plane, so that four digits are enough.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        for (text, expected) in [
            ("\u{1b}[2J", "\\u001b[2J"),
            ("\u{1b}]0;title\u{7}", "\\u001b]0;title\\u0007"),
            ("\u{9b}31m\u{90}", "\\u009b31m\\u0090"),
            ("a\u{0}\u{8}\u{7f}b", "a\\u0000\\u0008\\u007fb"),
            ("over\rwritten\tfar", "over\\rwritten\\tfar"),
            ("\u{202e}gnp.exe\u{2069}\u{61c}\u{200f}", "\\u202egnp.exe\\u2069\\u061c\\u200f"),
            ("one\u{2028}two\u{2029}", "one\\u2028two\\u2029"),
            ("one\ntwo", "one\ntwo"),
        ] {
            assert_eq!(printable(text), expected);
            assert_eq!(printable_line(text), expected.replace('\n', "\\n"));
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["", "arn:aws:iam::123456789012:user/a", "日本語 עברית العربية é 🙂", "\\u001b"]
        {
            assert!(matches!(printable_line(text), Cow::Borrowed(it) if it == text));
        }
    }

    proptest! {
        #[test]
        fn nothing_that_steers_is_left(text: String) {
            prop_assert!(!printable_line(&text).contains(steers));
            prop_assert_eq!(printable(&text).split('\n').count(), text.split('\n').count());
            prop_assert_eq!(printable(&printable(&text)).into_owned(), printable(&text).into_owned());
        }
    }
}
