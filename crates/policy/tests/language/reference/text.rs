//! Wildcards and policy variables (IAM User Guide, "Variables and tags").

use super::Keys;

/// One place of a pattern. Which characters are wildcards is settled before values are put in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Symbol {
    Exactly(char),
    /// `?`
    AnyOne,
    /// `*`
    AnyRun,
}

/// Where a text of a policy stands, which decides what is special in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    /// Whether `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    /// The keys that variables are replaced from: only of documents of 2012.
    pub(super) variables: Option<&'a Keys>,
}

/// The text as a pattern, or `None` when a variable has neither value nor default.
pub(super) fn pattern(text: &str, reading: Reading<'_>) -> Option<Vec<Symbol>> {
    let mut symbols = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_first = rest.split_at(first.len_utf8()).1;
        if let (Some(keys), Some((inside, after))) = (reading.variables, variable(rest)) {
            // What is put in is literal.
            symbols.extend(replacement(inside, keys)?.chars().map(Symbol::Exactly));
            rest = after;
            continue;
        }
        symbols.push(match first {
            '*' if reading.wildcards => Symbol::AnyRun,
            '?' if reading.wildcards => Symbol::AnyOne,
            other => Symbol::Exactly(other),
        });
        rest = after_first;
    }
    Some(symbols)
}

/// Whether the pattern takes the whole text, by asking after each symbol how much of the text the
/// symbols so far can have taken.
pub(super) fn matches(pattern: &[Symbol], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut taken: Vec<bool> = (0..=text.len()).map(|at| at == 0).collect();
    for symbol in pattern {
        taken = (0..=text.len())
            .map(|at| match symbol {
                Symbol::Exactly(wanted) => at > 0 && taken[at - 1] && text[at - 1] == *wanted,
                Symbol::AnyOne => at > 0 && taken[at - 1],
                Symbol::AnyRun => taken[..=at].contains(&true),
            })
            .collect();
    }
    taken[text.len()]
}

/// What stands inside a `${…}` that the text begins with, and what follows. One that does not end
/// is text.
fn variable(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("${")?.split_once('}')
}

fn replacement(inside: &str, keys: &Keys) -> Option<String> {
    // `${*}`, `${?}` and `${$}` stand for the characters themselves.
    if ["*", "?", "$"].contains(&inside) {
        return Some(inside.to_owned());
    }
    // A default: after a comma and a space, in single quotes.
    if let Some((key, default)) = inside.strip_suffix('\'').and_then(|text| text.split_once(", '"))
    {
        return Some(keys.variable(key).unwrap_or_else(|| default.to_owned()));
    }
    keys.variable(inside)
}

#[test]
fn a_pattern_takes_the_whole_text() {
    let matched = |text: &str, against: &str| {
        let reading = Reading { wildcards: true, variables: None };
        matches(&pattern(text, reading).unwrap(), against)
    };
    for (text, against) in [("", ""), ("*", ""), ("a*b?c", "abxbéc"), ("**", "x"), ("*a", "aba")] {
        assert!(matched(text, against), "{text} {against}");
    }
    for (text, against) in [("", "a"), ("?", ""), ("a*b", "abc"), ("A", "a"), ("*a?", "ba")] {
        assert!(!matched(text, against), "{text} {against}");
    }
}
