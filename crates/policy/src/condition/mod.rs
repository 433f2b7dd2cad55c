//! Conditions (IAM User Guide, "IAM JSON policy elements: Condition operators").

mod arn;
mod binary;
mod boolean;
mod comparison;
pub(crate) mod date;
mod ip;
mod numeric;
mod operator;
mod string;

use daypass_ident::fold_case;

use crate::Version;
use crate::context::{ConditionContext, ContextValue, Scalar};
use crate::document::scalar_text;
use crate::json::Node;
use arn::ArnTest;
use binary::BinaryTest;
use boolean::{BoolTest, NullTest};
use date::DateTest;
use ip::IpTest;
pub(crate) use ip::is_range;
use numeric::NumericTest;
pub(crate) use operator::{Family, Operator, Set};
pub(crate) use string::StringComparison;
use string::StringTest;

/// One operator applied to one key: a line of a condition block.
#[derive(Debug)]
pub(crate) struct Condition {
    operator: Operator,
    /// Its case folded.
    key: Box<str>,
    test: Test,
}

impl Condition {
    /// All the conditions of a block, or `None` when one is not understood.
    pub(crate) fn all(block: &Node<'_>, version: Version) -> Option<Box<[Self]>> {
        let mut conditions = Vec::new();
        for member in block.as_object()? {
            let keys = member.value.as_object()?;
            if keys.is_empty() {
                continue;
            }
            let operator = Operator::parse(&member.key)?;
            for key in keys {
                let values: Vec<_> =
                    key.value.as_list().iter().map(scalar_text).collect::<Option<_>>()?;
                conditions.push(Self {
                    operator,
                    key: fold_case(&key.key).into(),
                    test: Test::new(operator.family, &values, version),
                });
            }
        }
        Some(conditions.into())
    }

    pub(crate) fn holds(&self, context: &dyn ConditionContext) -> bool {
        // A key with an empty set of values is as good as absent.
        let value = context.get(&self.key).filter(|value| !value.is_empty());
        match (&self.test, value) {
            (Test::Null(test), value) => test.holds(value.is_some()),
            (_, None) => self.holds_without_key(),
            (_, Some(value)) => self.holds_for(&value, context),
        }
    }

    fn holds_without_key(&self) -> bool {
        match self.operator.set {
            Set::All => true,
            Set::Any => self.operator.if_exists,
            Set::None => self.operator.if_exists || self.operator.negated,
        }
    }

    fn holds_for(&self, value: &ContextValue<'_>, context: &dyn ConditionContext) -> bool {
        let holds = |value| self.test.matches(value, context) != self.operator.negated;
        match (value.scalar(), self.operator.set) {
            // A set operator takes a single value for a set of one.
            (Some(value), _) => holds(value),
            (None, Set::All) => value.scalars().all(holds),
            (None, Set::Any) => value.scalars().any(holds),
            // AWS matches a multivalued key by set operators only: neither an operator nor its
            // negation holds without one, however many values there are.
            (None, Set::None) => false,
        }
    }
}

/// The values of a condition, made ready for their operator; a negated operator's are those of
/// its positive twin. A value that is not of the operator's type matches nothing.
#[derive(Debug)]
enum Test {
    String(StringTest),
    Numeric(NumericTest),
    Date(DateTest),
    Bool(BoolTest),
    Binary(BinaryTest),
    Ip(IpTest),
    Arn(ArnTest),
    Null(NullTest),
}

impl Test {
    fn new(family: Family, values: &[&str], version: Version) -> Self {
        match family {
            Family::String(comparison) => {
                Self::String(StringTest::new(comparison, values, version))
            }
            Family::Numeric(comparison) => Self::Numeric(NumericTest::new(comparison, values)),
            Family::Date(comparison) => Self::Date(DateTest::new(comparison, values)),
            Family::Bool => Self::Bool(BoolTest::new(values)),
            Family::Binary => Self::Binary(BinaryTest::new(values)),
            Family::Ip => Self::Ip(IpTest::new(values)),
            Family::Arn => Self::Arn(ArnTest::new(values, version)),
            Family::Null => Self::Null(NullTest::new(values)),
        }
    }

    /// Whether the request's value matches any of the policy's.
    fn matches(&self, value: Scalar<'_>, context: &dyn ConditionContext) -> bool {
        match self {
            Self::String(test) => test.matches(value, context),
            Self::Numeric(test) => test.matches(value),
            Self::Date(test) => test.matches(value),
            Self::Bool(test) => test.matches(value),
            Self::Binary(test) => test.matches(value),
            Self::Ip(test) => test.matches(value),
            Self::Arn(test) => test.matches(value, context),
            Self::Null(_) => false,
        }
    }
}
