use super::Glob;

/// Several patterns, one of which must match. Those whose only wildcard is a `*` at the end, and
/// those without any, are found by one search, however many there are: some of AWS's own policies
/// name more than a thousand actions.
#[derive(Debug)]
pub(crate) struct GlobSet {
    /// Sorted by their texts.
    // INVARIANT: no entry covers another, so that only the last one not after a text can match it.
    entries: Box<[Entry]>,
    others: Box<[Glob]>,
}

#[derive(Debug)]
struct Entry {
    text: Box<[u8]>,
    /// Whether it also covers all that begins with the text.
    open: bool,
}

impl GlobSet {
    pub(crate) fn new(globs: impl IntoIterator<Item = Glob>) -> Self {
        let (mut entries, mut others) = (Vec::new(), Vec::new());
        for glob in globs {
            match glob {
                Glob::Text(text) => entries.push(Entry { text, open: false }),
                Glob::Beginning(text) => entries.push(Entry { text, open: true }),
                Glob::Segments(_) => others.push(glob),
            }
        }
        // Of the same text the open one comes first, and so covers the other.
        entries.sort_by(|a, b| a.text.cmp(&b.text).then(b.open.cmp(&a.open)));
        entries.dedup_by(|entry, before| before.covers(&entry.text));
        Self { entries: entries.into(), others: others.into() }
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.covers(text.as_bytes()) || self.others.iter().any(|glob| glob.matches(text))
    }

    fn covers(&self, text: &[u8]) -> bool {
        let after = self.entries.partition_point(|entry| *entry.text <= *text);
        let last = after.checked_sub(1).and_then(|at| self.entries.get(at));
        last.is_some_and(|entry| entry.covers(text))
    }
}

impl Entry {
    fn covers(&self, text: &[u8]) -> bool {
        if self.open { text.starts_with(&self.text) } else { *self.text == *text }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_matching_each_alone(
            patterns in proptest::collection::vec(r"[ab]{0,3}[*?]?[ab]{0,2}\*?", 0..8),
            text in r"[ab]{0,6}",
        ) {
            let globs: Vec<_> = patterns.iter().map(|pattern| Glob::new(pattern)).collect();
            let expected = globs.iter().any(|glob| glob.matches(&text));
            prop_assert_eq!(GlobSet::new(globs).matches(&text), expected);
        }
    }
}
