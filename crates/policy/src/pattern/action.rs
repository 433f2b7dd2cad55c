use daypass_ident::fold_case;

use super::{Glob, GlobSet};

/// The patterns of actions, in which case means nothing.
#[derive(Debug)]
pub(crate) struct ActionPatterns(GlobSet);

/// The action that is asked for, its case folded. No action that AWS knows needs the heap.
#[derive(Debug)]
pub(crate) struct AskedAction {
    short: [u8; MAX_SHORT],
    len: usize,
    long: Option<Box<[u8]>>,
}

const MAX_SHORT: usize = 64;

impl AskedAction {
    pub(crate) fn new(text: &str) -> Self {
        let mut action = Self { short: [0; MAX_SHORT], len: text.len(), long: None };
        match action.short.get_mut(..text.len()).filter(|_| text.is_ascii()) {
            Some(short) => {
                short.copy_from_slice(text.as_bytes());
                short.make_ascii_lowercase();
            }
            None => action.long = Some(fold_case(text).into_owned().into_bytes().into()),
        }
        action
    }

    fn as_bytes(&self) -> &[u8] {
        match &self.long {
            Some(long) => long,
            None => self.short.get(..self.len).unwrap_or_default(),
        }
    }
}

impl ActionPatterns {
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let folded = |pattern: &str| Glob::new(&fold_case(pattern));
        Self(GlobSet::new(patterns.into_iter().map(folded)))
    }

    /// Whether any of the patterns matches an action of whatever case.
    pub(crate) fn matches(&self, action: &str) -> bool {
        self.cover(&AskedAction::new(action))
    }

    /// Whether any of the patterns matches.
    pub(crate) fn cover(&self, asked: &AskedAction) -> bool {
        self.0.match_bytes(asked.as_bytes())
    }
}
