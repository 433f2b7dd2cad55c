use daypass_ident::fold_case;

use crate::Version;
use crate::context::{ConditionContext, Scalar};
use crate::pattern::{Glob, GlobSet, Template};

/// How text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StringComparison {
    Equals,
    EqualsIgnoringCase,
    Like,
}

#[derive(Debug)]
pub(super) struct StringTest {
    ignore_case: bool,
    /// Folded, where case is ignored.
    fixed: GlobSet,
    /// Those with variables.
    open: Box<[Template]>,
}

impl StringTest {
    pub(super) fn new(comparison: StringComparison, values: &[&str], version: Version) -> Self {
        let ignore_case = comparison == StringComparison::EqualsIgnoringCase;
        let (mut fixed, mut open) = (Vec::new(), Vec::new());
        for value in values {
            let template = match comparison {
                StringComparison::Like => Template::pattern(value, version),
                _ => Template::exact(value, version),
            };
            match template {
                Some(template) => open.push(template),
                None if comparison == StringComparison::Like => fixed.push(Glob::new(value)),
                None if ignore_case => fixed.push(Glob::literal(&fold_case(value))),
                None => fixed.push(Glob::literal(value)),
            }
        }
        Self { ignore_case, fixed: GlobSet::new(fixed), open: open.into() }
    }

    pub(super) fn matches(&self, value: Scalar<'_>, context: &dyn ConditionContext) -> bool {
        let value = value.text();
        if self.ignore_case {
            let value = fold_case(&value);
            let is_value = |text: String| fold_case(&text) == value;
            return self.fixed.matches(&value)
                || self.open.iter().any(|open| open.text(context).is_some_and(is_value));
        }
        self.fixed.matches(&value)
            || self.open.iter().any(|open| open.matches(&value, context) == Some(true))
    }
}
