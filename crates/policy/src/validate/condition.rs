use crate::ValueType;
use crate::condition::{Family, Operator, date, is_range};
use crate::document::scalar_text;
use crate::json::Node;

/// Whether a condition block has the shape that the grammar gives it: operators that exist, each
/// with keys, each with text, numbers or booleans. An operator without keys may have any name.
pub(super) fn is_well_formed(block: &Node<'_>) -> bool {
    block.as_object().is_some_and(|operators| {
        operators.iter().all(|operator| {
            operator.value.as_object().is_some_and(|keys| {
                let values = keys.iter().flat_map(|key| key.value.as_list());
                (keys.is_empty() || Operator::is_name(&operator.key))
                    && values.map(scalar_text).all(|text| text.is_some())
            })
        })
    })
}

/// Whether the older parser can read every value as what its operator compares. Of `Bool` and `Null`
/// AWS's answer is not on record: they take whatever is written, and never hold for what is neither
/// true nor false.
pub(super) fn legacy_parses(block: &Node<'_>) -> bool {
    values(block).all(|(family, text)| match family {
        Family::Date(_) => date::parse(text).is_some(),
        Family::Numeric(_) => ValueType::Number.reads(text),
        Family::Ip => is_range(text),
        Family::Arn => is_arn(text),
        Family::String(_) | Family::Binary | Family::Bool | Family::Null => true,
    })
}

/// Whether every value of a `Date…` operator is a date.
pub(super) fn has_readable_dates(block: &Node<'_>) -> bool {
    values(block)
        .all(|(family, text)| !matches!(family, Family::Date(_)) || date::parse(text).is_some())
}

/// Whether every value of `BinaryEquals` is base64, with its padding.
pub(super) fn has_readable_bytes(block: &Node<'_>) -> bool {
    values(block).all(|(family, text)| family != Family::Binary || ValueType::Binary.reads(text))
}

/// The values of a block, each with what its operator compares.
fn values<'d>(block: &'d Node<'d>) -> impl Iterator<Item = (Family, &'d str)> {
    let operators = block.as_object().unwrap_or_default().iter();
    operators
        .filter_map(|member| Some((Operator::parse(&member.key)?.family, member)))
        .flat_map(|(family, member)| {
            let keys = member.value.as_object().unwrap_or_default().iter();
            keys.flat_map(|key| key.value.as_list()).map(move |value| (family, value))
        })
        .filter_map(|(family, value)| Some((family, scalar_text(value)?)))
}

/// An ARN of six fields, any of which may have wildcards, or `*`. So a variable cannot stand for a
/// whole ARN.
pub(crate) fn is_arn(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or_default();
    text == "*"
        || ((scheme == "arn" || scheme.contains(['*', '?'])) && text.matches(':').count() >= 5)
}
