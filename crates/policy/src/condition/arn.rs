use daypass_ident::ArnParts;

use crate::Version;
use crate::context::{ConditionContext, Scalar};
use crate::pattern::ArnPattern;

/// ARNs with wildcards; `ArnEquals` and `ArnLike` are the same.
#[derive(Debug)]
pub(super) struct ArnTest(Box<[ArnPattern]>);

impl ArnTest {
    pub(super) fn new(values: &[&str], version: Version) -> Self {
        Self(values.iter().filter_map(|value| ArnPattern::condition(value, version)).collect())
    }

    pub(super) fn matches(&self, value: Scalar<'_>, context: &dyn ConditionContext) -> bool {
        let Scalar::Text(text) = value else { return false };
        ArnParts::parse(text).is_some_and(|arn| {
            self.0.iter().any(|pattern| pattern.matches(&arn, context) == Some(true))
        })
    }
}
