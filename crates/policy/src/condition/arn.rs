use crate::Version;
use crate::context::{ConditionContext, Scalar};
use crate::pattern::{ArnPatterns, AskedArn};

/// ARNs with wildcards; `ArnEquals` and `ArnLike` are the same.
#[derive(Debug)]
pub(super) struct ArnTest(ArnPatterns);

impl ArnTest {
    pub(super) fn new(values: &[&str], version: Version) -> Self {
        Self(ArnPatterns::conditions(values, version))
    }

    pub(super) fn matches(&self, value: Scalar<'_>, context: &dyn ConditionContext) -> bool {
        let Scalar::Text(text) = value else { return false };
        self.0.matches(&AskedArn::new(text), context) == Some(true)
    }
}
