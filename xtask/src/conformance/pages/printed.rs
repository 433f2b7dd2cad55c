//! What a command printed, beside what the page says that it prints.

use std::sync::LazyLock;

use regex::Regex;

/// What differs from one run to the next, and what stands for it.
static VOLATILE: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    PATTERNS
        .into_iter()
        .filter_map(|(pattern, name)| Some((Regex::new(pattern).ok()?, name)))
        .collect()
});

const PATTERNS: [(&str, &str); 7] = [
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
    (r"(?-u:\b)A[A-Z]{3}[A-Z0-9]{12,}(?-u:\b)", "<id>"),
    (r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]+)?(Z|[+]00:00)?", "<time>"),
    (r"20[0-9]{6}T[0-9]{6}Z", "<time>"),
    (r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} GMT", "<time>"),
    (r"(?-u:\b)daypass [0-9]+[.][0-9]+[.][0-9]+[^ ]*( \([^)]*\))?", "daypass <version>"),
    (r"content-length: [0-9]+", "content-length: <n>"),
];

/// The first line of a page's text that was not printed, if there is one. A line `…` stands for any lines, and
/// `…` in a line for any text.
pub(crate) fn first_difference(shown: &str, printed: &str) -> Option<String> {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| steady(line.trim_end()));
        lines.filter(|line| !line.is_empty()).collect()
    };
    let (shown, printed) = (lines(shown), lines(printed));
    let mut rest = printed.iter();
    let mut anywhere = false;
    for line in &shown {
        if line == "…" {
            anywhere = true;
            continue;
        }
        let found = match anywhere {
            true => rest.by_ref().any(|printed| is_like(line, printed)),
            false => rest.next().is_some_and(|printed| is_like(line, printed)),
        };
        if !found {
            return Some(format!("the page shows {line:?}"));
        }
        anywhere = false;
    }
    match rest.next() {
        Some(more) if !anywhere => Some(format!("the page does not show {more:?}")),
        _ => None,
    }
}

fn steady(line: &str) -> String {
    VOLATILE.iter().fold(line.to_owned(), |line, (pattern, name)| {
        pattern.replace_all(&line, *name).into_owned()
    })
}

fn is_like(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|start| printed.strip_prefix(start)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(VOLATILE.len(), PATTERNS.len());
    }

    #[test]
    fn ids_and_times_may_differ_and_nothing_else() {
        for (shown, printed, same) in [
            ("as it is", "as it is", true),
            ("as it is", "as it was", false),
            ("one\ntwo", "one", false),
            ("one", "one\ntwo", false),
            ("one\n…", "one\ntwo\nthree", true),
            ("…\nthree", "one\ntwo\nthree", true),
            ("…\nfour", "one\ntwo\nthree", false),
            ("a … of …!", "a list of things!", true),
            ("a … of …!", "a list of things", false),
            ("\"AROAQAAAAAAAC6DVVSWUP:first\"", "\"AROAQAAAAAAAABCDEFGHI:first\"", true),
            ("\"AROAQAAAAAAAC6DVVSWUP:first\"", "\"AROAQAAAAAAAABCDEFGHI:other\"", false),
            ("2026-11-22T06:54:47Z", "2027-01-02T03:04:05Z", true),
        ] {
            assert_eq!(first_difference(shown, printed).is_none(), same, "{shown} / {printed}");
        }
    }
}
