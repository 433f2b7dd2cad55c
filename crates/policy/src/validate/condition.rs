use crate::condition::{Family, Operator, date};
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

/// Whether every value of a `Date…` operator is a date.
pub(super) fn has_readable_dates(block: &Node<'_>) -> bool {
    let operators = block.as_object().unwrap_or_default();
    operators
        .iter()
        .filter(|operator| {
            let operator = Operator::parse(&operator.key);
            operator.is_some_and(|operator| matches!(operator.family, Family::Date(_)))
        })
        .flat_map(|operator| operator.value.as_object().unwrap_or_default())
        .flat_map(|key| key.value.as_list())
        .all(|value| scalar_text(value).and_then(date::parse).is_some())
}
