//! Values of a condition key that make a condition hold, or not.

use super::key::is_always_there;
use super::variation::Variation;
use crate::condition::{Family, Operator, Set, date};
use crate::explain::{ConditionExplanation, StatementExplanation};

/// A condition of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) slot: usize,
    pub(super) statement: usize,
    pub(super) condition: usize,
}

/// Values for the key of a condition (`None`: no key) such that it holds, or does not, as is
/// wanted.
pub(super) fn find(now: &Variation<'_>, line: Line, wanted: bool) -> Option<Option<Vec<String>>> {
    let told = line.explain(now)?;
    let operator = Operator::parse(&told.operator)?;
    let does = |values: &Option<Vec<String>>| {
        let mut after = now.clone();
        after.set(&told.key, values.as_deref());
        line.explain(&after).is_some_and(|told| told.holds == wanted)
    };
    // Of several values those that do by themselves stay.
    let several = told.actual.as_deref().filter(|values| values.len() > 1).unwrap_or_default();
    let one = |value: &String| Some(vec![value.clone()]);
    let kept: Vec<_> =
        several.iter().take(MAX_TRIED).filter(|value| does(&one(value))).cloned().collect();
    let kept = (!kept.is_empty()).then_some(Some(kept));
    kept.into_iter().chain(candidates(operator, &told)).find(does)
}

impl Line {
    fn explain<'v>(self, variation: &'v Variation<'_>) -> Option<ConditionExplanation<'v>> {
        let policy = variation.slots.get(self.slot)?.policy();
        let told = StatementExplanation::of(policy, self.statement, &variation.request())?;
        told.conditions.into_iter().nth(self.condition)
    }
}

/// The values worth trying, the most telling first.
fn candidates(operator: Operator, told: &ConditionExplanation<'_>) -> Vec<Option<Vec<String>>> {
    let actual = told.actual.as_deref().unwrap_or_default();
    let expected = told.expected.iter().filter_map(|value| value.resolved.as_deref());
    let instances: Vec<_> =
        expected.take(MAX_TRIED).flat_map(|text| instances(operator.family, text)).collect();
    let mut tried: Vec<_> = instances.iter().map(|value| Some(vec![value.clone()])).collect();
    if operator.set != Set::None && !actual.is_empty() {
        let more = |value: &String| Some([actual, std::slice::from_ref(value)].concat());
        tried.extend(instances.iter().map(more));
    }
    if !is_always_there(&told.key) {
        tried.push(None);
    }
    tried.extend(others(operator.family).iter().map(|text| Some(vec![(*text).to_owned()])));
    tried
}

/// Values that stand to the expected one as some operator of the family asks.
fn instances(family: Family, expected: &str) -> Vec<String> {
    let around = |number: i64| [-1, 1].map(|step| number.saturating_add(step).to_string());
    let mut values = Vec::new();
    match family {
        Family::String(_) => values.push(expected.replace('*', "").replace('?', "x")),
        Family::Arn => values.push(expected.replace(['*', '?'], "x")),
        Family::Ip => return expected.split('/').next().map(str::to_owned).into_iter().collect(),
        Family::Bool => return vec![expected.to_ascii_lowercase()],
        Family::Null | Family::Binary => return values,
        Family::Numeric(_) | Family::Date(_) => {}
    }
    values.retain(|value| !value.is_empty());
    values.push(expected.to_owned());
    match family {
        Family::Numeric(_) => values.extend(expected.parse().into_iter().flat_map(around)),
        Family::Date(_) => {
            let seconds = date::parse(expected).map(|date| date.div_euclid(1000));
            values.extend(seconds.into_iter().flat_map(around));
        }
        _ => {}
    }
    values.dedup();
    values
}

/// Values unlike most.
fn others(family: Family) -> &'static [&'static str] {
    match family {
        Family::String(_) | Family::Binary | Family::Null => &["other"],
        Family::Arn => &["arn:aws:iam::000000000000:role/other"],
        Family::Ip => &["192.0.2.1", "2001:db8::1"],
        Family::Bool => &["true", "false"],
        Family::Numeric(_) | Family::Date(_) => &["0", "4102444800"],
    }
}

/// Policies may give a key hundreds of values; the first few tell enough.
const MAX_TRIED: usize = 4;
