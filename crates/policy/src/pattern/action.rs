use super::{Glob, GlobSet};

/// The patterns of actions, in which case means nothing.
#[derive(Debug)]
pub(crate) struct ActionPatterns(GlobSet);

/// The action that is asked for, in lower case.
#[derive(Debug)]
pub(crate) struct AskedAction(Box<str>);

impl AskedAction {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_ascii_lowercase().into())
    }
}

impl ActionPatterns {
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let lower = |pattern: &str| Glob::new(&pattern.to_ascii_lowercase());
        Self(GlobSet::new(patterns.into_iter().map(lower)))
    }

    /// Whether any of the patterns matches an action of whatever case.
    pub(crate) fn matches(&self, action: &str) -> bool {
        self.cover(&AskedAction::new(action))
    }

    /// Whether any of the patterns matches.
    pub(crate) fn cover(&self, asked: &AskedAction) -> bool {
        self.0.matches(&asked.0)
    }
}
