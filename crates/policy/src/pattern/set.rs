use super::Glob;
use super::glob::begins;

/// Several patterns, one of which must match. Those whose only wildcard is a `*` at the end, and
/// those without any, are found by one search, however many there are: some of AWS's own policies
/// name more than a thousand actions.
#[derive(Debug)]
pub(crate) struct GlobSet {
    simple: Option<Simple>,
    others: Box<[Glob]>,
}

impl GlobSet {
    pub(crate) fn new(globs: impl IntoIterator<Item = Glob>) -> Self {
        let (mut simple, mut others) = (Vec::new(), Vec::new());
        for glob in globs {
            match glob {
                Glob::Text(text) => simple.push((text, false)),
                Glob::Beginning(text) => simple.push((text, true)),
                Glob::Segments(_) => others.push(glob),
            }
        }
        Self { simple: Simple::new(simple), others: others.into() }
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.match_bytes(text.as_bytes())
    }

    /// Likewise, for what is known to be text.
    pub(super) fn match_bytes(&self, text: &[u8]) -> bool {
        self.simple.as_ref().is_some_and(|simple| simple.matches(text))
            || self.others.iter().any(|glob| glob.match_bytes(text))
    }
}

/// Texts and beginnings of texts. Most of what is asked for differs early from all of them, such as
/// an action of another service, and is told apart by comparing two integers.
#[derive(Debug)]
struct Simple {
    /// With what all of them begin.
    shared: Stem,
    /// What follows that, sorted.
    // INVARIANT: none matches another, so that only the last one not after a text can match it.
    entries: Box<[Entry]>,
}

#[derive(Debug)]
struct Entry {
    stem: Stem,
    /// Whether anything may follow.
    open: bool,
}

impl Simple {
    fn new(mut texts: Vec<(Box<[u8]>, bool)>) -> Option<Self> {
        // Of the same text the open one comes first, and matches the other too.
        texts.sort_by(|(a, a_open), (b, b_open)| a.cmp(b).then(b_open.cmp(a_open)));
        texts.dedup_by(|(text, _), (before, open)| match *open {
            true => text.starts_with(before),
            false => text == before,
        });
        let ((first, _), (last, _)) = (texts.first()?, texts.last()?);
        let shared = first.iter().zip(last).take_while(|(a, b)| a == b).count();
        let entry = |(text, open): &(Box<[u8]>, bool)| {
            Some(Entry { stem: Stem::new(text.get(shared..)?), open: *open })
        };
        Some(Self {
            shared: Stem::new(first.get(..shared)?),
            entries: texts.iter().map(entry).collect::<Option<_>>()?,
        })
    }

    fn matches(&self, text: &[u8]) -> bool {
        let Some(rest) = self.shared.strip_from(text, head(text)) else { return false };
        let head = head(rest);
        let after = self.entries.partition_point(|entry| entry.stem.is_not_after(rest, head));
        let last = after.checked_sub(1).and_then(|at| self.entries.get(at));
        last.is_some_and(|Entry { stem, open }| {
            stem.strip_from(rest, head).is_some_and(|rest| *open || rest.is_empty())
        })
    }
}

/// Text whose first bytes are compared as an integer.
#[derive(Debug)]
struct Stem {
    head: u64,
    /// Which bits of `head` are of the text.
    mask: u64,
    text: Box<[u8]>,
}

impl Stem {
    fn new(text: &[u8]) -> Self {
        let beyond = 64_usize.saturating_sub(8 * text.len());
        let mask = u32::try_from(beyond).ok().and_then(|bits| u64::MAX.checked_shl(bits));
        Self { head: head(text), mask: mask.unwrap_or_default(), text: text.into() }
    }

    /// What follows the stem in a text that begins with it.
    fn strip_from<'t>(&self, text: &'t [u8], head: u64) -> Option<&'t [u8]> {
        let begins = (head ^ self.head) & self.mask == 0 && begins(text, &self.text);
        if begins { text.get(self.text.len()..) } else { None }
    }

    fn is_not_after(&self, text: &[u8], head: u64) -> bool {
        self.head < head || (self.head == head && (self.text.is_empty() || *self.text <= *text))
    }
}

/// The first eight bytes, in the order of texts; of a shorter text, as if zeros followed.
fn head(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    match text.first_chunk() {
        Some(first) => bytes = *first,
        None => bytes.iter_mut().zip(text).for_each(|(byte, first)| *byte = *first),
    }
    u64::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_matching_each_alone(
            shared in "[ab]{0,9}",
            patterns in proptest::collection::vec(r"[ab\x00]{0,12}[*?]?[ab]{0,2}\*?", 0..8),
            text in r"[ab\x00]{0,14}",
        ) {
            let glob = |pattern: &String| Glob::new(&format!("{shared}{pattern}"));
            let globs: Vec<_> = patterns.iter().map(glob).collect();
            let set = GlobSet::new(globs.iter().cloned());
            let near = patterns.iter().map(|pattern| pattern.replace(['*', '?'], "a"));
            for text in near.chain([text]).map(|text| format!("{shared}{text}")) {
                let expected = globs.iter().any(|glob| glob.matches(&text));
                prop_assert_eq!(set.matches(&text), expected);
            }
        }
    }
}
