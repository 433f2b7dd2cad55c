use crate::Version;
use crate::context::{ConditionContext, Scalar};
use crate::pattern::{ExactText, Pattern};

/// How text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StringComparison {
    Equals,
    EqualsIgnoringCase,
    Like,
}

#[derive(Debug)]
pub(super) enum StringTest {
    Equals(Box<[ExactText]>),
    EqualsIgnoringCase(Box<[ExactText]>),
    Like(Box<[Pattern]>),
}

impl StringTest {
    pub(super) fn new(comparison: StringComparison, values: &[&str], version: Version) -> Self {
        let exact = || values.iter().map(|value| ExactText::new(value, version)).collect();
        match comparison {
            StringComparison::Equals => Self::Equals(exact()),
            StringComparison::EqualsIgnoringCase => Self::EqualsIgnoringCase(exact()),
            StringComparison::Like => {
                Self::Like(values.iter().map(|value| Pattern::new(value, version)).collect())
            }
        }
    }

    pub(super) fn matches(&self, value: Scalar<'_>, context: &dyn ConditionContext) -> bool {
        let value = value.text();
        match self {
            Self::Equals(texts) => {
                texts.iter().any(|text| text.resolve(context).is_some_and(|text| text == value))
            }
            Self::EqualsIgnoringCase(texts) => texts.iter().any(|text| {
                text.resolve(context).is_some_and(|text| same_ignoring_case(&text, &value))
            }),
            Self::Like(patterns) => {
                patterns.iter().any(|pattern| pattern.matches(&value, context) == Some(true))
            }
        }
    }
}

fn same_ignoring_case(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}
