use crate::Pattern;

/// What the model asks of a text.
#[derive(Debug)]
pub struct TextRule {
    /// Its length in Unicode scalar values.
    pub length: Bounds,
    /// Its form.
    pub pattern: Option<&'static Pattern>,
    /// Whether refusals must not repeat it.
    pub sensitive: bool,
}

impl TextRule {
    /// Any text will do.
    pub const ANY: Self = Self { length: Bounds::ANY, pattern: None, sensitive: false };
    /// Any text will do, and none may be repeated.
    pub const SENSITIVE: Self = Self { sensitive: true, ..Self::ANY };

    pub(crate) fn accepts(&self, text: &str) -> bool {
        self.length.allows(length_of(text))
            && self.pattern.is_none_or(|pattern| pattern.matches(text))
    }
}

/// AWS counts Unicode scalar values, without normalising.
pub(crate) fn length_of(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// The least and the greatest that a length, a size or a number may be; both are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least, if there is one.
    pub min: Option<i64>,
    /// The greatest, if there is one.
    pub max: Option<i64>,
}

impl Bounds {
    /// No bounds.
    pub const ANY: Self = Self { min: None, max: None };

    /// Bounds on one side or both.
    pub const fn new(min: Option<i64>, max: Option<i64>) -> Self {
        Self { min, max }
    }

    pub(crate) fn allows(self, value: i64) -> bool {
        self.too_small(value).is_none() && self.too_great(value).is_none()
    }

    pub(crate) fn too_small(self, value: i64) -> Option<i64> {
        self.min.filter(|min| value < *min)
    }

    pub(crate) fn too_great(self, value: i64) -> Option<i64> {
        self.max.filter(|max| value > *max)
    }
}

/// An enumeration of the model: a fixed set of words.
pub trait Choice: Sized + Copy + 'static {
    /// All of its values in the model's order.
    const ALL: &'static [Self];

    /// The word of this value.
    fn as_str(self) -> &'static str;

    /// The value of a word; words are compared exactly.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.as_str() == word)
    }
}
