use std::fmt;
use std::sync::OnceLock;

use regex::Regex;

use crate::Bounds;
use crate::rule::length_of;

/// A pattern of the model: what a text must be, from its first character to its last.
pub struct Pattern {
    shown: &'static str,
    advice: Option<&'static str>,
    test: Test,
}

enum Test {
    /// Every character belongs to one class.
    Characters { at_least: usize, allowed: fn(char) -> bool },
    /// Anything else; compiled when first needed.
    Regex { source: &'static str, length: Bounds, compiled: OnceLock<Option<Regex>> },
}

impl Pattern {
    /// A pattern of the form `[class]*` or `[class]+`; `shown` is its text in the model.
    ///
    /// `advice` replaces the generic refusal by the service's own sentence.
    pub const fn characters(
        shown: &'static str,
        advice: Option<&'static str>,
        at_least: usize,
        allowed: fn(char) -> bool,
    ) -> Self {
        Self { shown, advice, test: Test::Characters { at_least, allowed } }
    }

    /// A pattern of any other form, see [`Pattern::characters`]; `source` says the same in the
    /// syntax of the regex crate.
    pub const fn regex(
        shown: &'static str,
        advice: Option<&'static str>,
        source: &'static str,
    ) -> Self {
        Self::regex_of_length(shown, advice, source, Bounds::ANY)
    }

    /// A pattern, see [`Pattern::regex`], that also says how long a text may be in a way that `source` cannot.
    pub const fn regex_of_length(
        shown: &'static str,
        advice: Option<&'static str>,
        source: &'static str,
        length: Bounds,
    ) -> Self {
        let test = Test::Regex { source, length, compiled: OnceLock::new() };
        Self { shown, advice, test }
    }

    /// The pattern as the model writes it, which is how refusals print it.
    pub const fn shown(&self) -> &'static str {
        self.shown
    }

    /// The sentence that a service says instead of printing the pattern.
    pub const fn advice(&self) -> Option<&'static str> {
        self.advice
    }

    /// Whether the whole text matches. A pattern that cannot be compiled matches nothing.
    pub fn matches(&self, text: &str) -> bool {
        match &self.test {
            Test::Characters { at_least, allowed } => {
                text.len() >= *at_least && text.chars().all(allowed)
            }
            Test::Regex { source, length, compiled } => {
                let regex = compiled.get_or_init(|| compile(source));
                length.allows(length_of(text))
                    && regex.as_ref().is_some_and(|regex| regex.is_match(text))
            }
        }
    }

    /// Whether the pattern can be used at all; generated tables are tested for it.
    pub fn is_sound(&self) -> bool {
        match &self.test {
            Test::Characters { .. } => true,
            Test::Regex { source, .. } => compile(source).is_some(),
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.shown).finish()
    }
}

/// Compiles a pattern so that it matches whole texts only.
fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(&format!(r"\A(?:{pattern})\z")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    static NAME: Pattern = Pattern::characters(r"[\w]+", None, 1, |c| matches!(c, 'a'..='z' | '_'));
    static VERSION: Pattern = Pattern::regex("v[1-9][0-9]*", None, "v[1-9][0-9]*");
    static ALIAS: Pattern = Pattern::regex_of_length(
        "[a-z](-?[a-z])+",
        None,
        "[a-z](-?[a-z])+",
        Bounds::new(Some(3), Some(5)),
    );
    static BROKEN: Pattern = Pattern::regex("(", None, "(");

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        assert!(NAME.matches("a_b"));
        assert!(!NAME.matches(""));
        assert!(!NAME.matches("a b"));
        assert!(VERSION.matches("v12"));
        for text in ["", "v0", "xv1", "v1x", "v1\n"] {
            assert!(!VERSION.matches(text), "{text:?}");
        }
    }

    #[test]
    fn a_pattern_can_limit_the_length() {
        for (text, matches) in
            [("ab", false), ("abc", true), ("a-bcd", true), ("abcdef", false), ("a--b", false)]
        {
            assert_eq!(ALIAS.matches(text), matches, "{text}");
        }
    }

    #[test]
    fn a_broken_pattern_lets_nothing_through() {
        assert!(!BROKEN.is_sound());
        assert!(!BROKEN.matches("("));
    }
}
