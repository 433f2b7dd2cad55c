//! The one meaning of "the case of letters does not count".
//!
//! AWS compares the names of condition keys, tag keys and IAM entities as Java's
//! `String.equalsIgnoreCase` does: character by character, each turned to upper case and then to
//! lower case by Unicode's simple mappings, which are of one character to one, and of no locale.
//! So the Kelvin sign U+212A is a `k`, the long s U+017F an `s`, and the dotless and the dotted I,
//! U+0131 and U+0130, are an `i`; but `ß` is not `ss`. All rooms compare by this module: where one
//! folds by ASCII and another by Unicode, a key passes one check and is taken for another in the next.
//!
//! Characters outside the Basic Multilingual Plane are folded too, as in Java 16 and later.
//!
//! What another specification defines by ASCII stays with ASCII: names of HTTP headers and hosts,
//! hexadecimal digits, the words `true` and `false`.

use std::borrow::Cow;

/// Whether two names are one when the case of letters does not count.
#[must_use]
pub fn eq_ignore_case(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().map(fold).eq(other.chars().map(fold))
}

/// The text that all names have in common that [`eq_ignore_case`] takes for one. Of ASCII it is the
/// text in lower case.
#[must_use]
pub fn fold_case(text: &str) -> Cow<'_, str> {
    let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_folded) {
        Cow::Borrowed(text)
    } else if text.is_ascii() {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Owned(text.chars().map(fold).collect())
    }
}

/// What follows `prefix` in a name that begins with it when the case of letters does not count.
#[must_use]
pub fn strip_prefix_ignore_case<'a>(name: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = name.chars();
    for expected in prefix.chars() {
        rest.next().filter(|found| fold(*found) == fold(expected))?;
    }
    Some(rest.as_str())
}

fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    // The standard library has the full mappings only. A character whose full mapping is longer than
    // one has a simple mapping of its own, or none; taking none leads to the same folded character.
    let mut upper = character.to_uppercase();
    let upper = match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
    };
    // The dotted I alone has a longer lower case; its simple one is the first character of that.
    upper.to_lowercase().next().unwrap_or(upper)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each line is one class: all of its members are equal, and none is equal to one of another line.
    const CLASSES: &[&[&str]] = &[
        &["k", "K", "\u{212a}"],
        &["s", "S", "\u{17f}"],
        &["i", "I", "\u{131}", "\u{130}"],
        &["\u{df}", "\u{1e9e}"],
        &["ss", "SS", "\u{17f}S"],
        &["\u{3c3}", "\u{3c2}", "\u{3a3}"],
        &["\u{e5}", "\u{c5}", "\u{212b}"],
        &["a\u{30a}", "A\u{30a}"],
        &["\u{3c9}", "\u{3a9}", "\u{2126}"],
        &["\u{b5}", "\u{3bc}", "\u{39c}"],
        &["\u{1c4}", "\u{1c5}", "\u{1c6}"],
        &["\u{1f80}", "\u{1f88}"],
        &["\u{fb03}"],
        &["ffi", "FFI"],
        &["\u{10400}", "\u{10428}"],
        &["Team-Key", "tEAM-\u{212a}EY"],
        &["\u{e9}", "\u{c9}"],
        &["e"],
        &[""],
    ];

    #[test]
    fn the_classes_are_javas() {
        let all = || {
            CLASSES.iter().enumerate().flat_map(|(n, class)| class.iter().map(move |it| (n, *it)))
        };
        for (class, one) in all() {
            for (other_class, other) in all() {
                assert_eq!(eq_ignore_case(one, other), class == other_class, "{one:?} {other:?}");
                assert_eq!(
                    fold_case(one) == fold_case(other),
                    class == other_class,
                    "{one:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn every_character_folds_once_and_like_its_upper_and_lower_case() {
        for character in '\0'..=char::MAX {
            let folded = fold(character);
            assert_eq!(fold(folded), folded, "{character:?}");
            let one = |mut mapped: Box<dyn Iterator<Item = char>>| {
                mapped.next().filter(|_| mapped.next().is_none())
            };
            for mapped in
                [one(Box::new(character.to_lowercase())), one(Box::new(character.to_uppercase()))]
            {
                assert_eq!(mapped.map_or(folded, fold), folded, "{character:?} {mapped:?}");
            }
        }
    }

    #[test]
    fn what_is_folded_already_is_not_copied() {
        assert!(matches!(fold_case("aws:requesttag/team_1"), Cow::Borrowed(_)));
        assert_eq!(fold_case("AWS:RequestTag/\u{212a}"), "aws:requesttag/k");
    }

    #[test]
    fn prefixes_are_compared_alike() {
        for (name, prefix, expected) in [
            ("AWS:X", "aws:", Some("X")),
            ("aw\u{17f}:\u{212a}", "aws:", Some("\u{212a}")),
            ("aws", "aws:", None),
            ("\u{e9}", "aws:", None),
            ("anything", "", Some("anything")),
        ] {
            assert_eq!(strip_prefix_ignore_case(name, prefix), expected, "{name:?}");
        }
    }

    /// Texts of few characters, so that equal ones are met often.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[kK\u{212a}sS\u{17f}iI\u{131}\u{130}\u{df}]{0,3}", "\\PC{0,6}"]
    }

    proptest! {
        #[test]
        fn it_is_an_equivalence(one in text(), two in text(), three in text()) {
            prop_assert!(eq_ignore_case(&one, &one));
            prop_assert_eq!(eq_ignore_case(&one, &two), eq_ignore_case(&two, &one));
            if eq_ignore_case(&one, &two) && eq_ignore_case(&two, &three) {
                prop_assert!(eq_ignore_case(&one, &three));
            }
            prop_assert_eq!(eq_ignore_case(&one, &two), fold_case(&one) == fold_case(&two));
            prop_assert!(eq_ignore_case(&fold_case(&one), &one));
            prop_assert_eq!(fold_case(&one).chars().count(), one.chars().count());
            let together = format!("{one}{two}");
            prop_assert_eq!(strip_prefix_ignore_case(&together, &fold_case(&one)), Some(&*two));
        }
    }
}
