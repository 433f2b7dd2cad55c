use super::comparison::Comparison;
use crate::context::Scalar;

#[derive(Debug)]
pub(super) struct NumericTest {
    comparison: Comparison,
    values: Box<[f64]>,
}

impl NumericTest {
    pub(super) fn new(comparison: Comparison, values: &[&str]) -> Self {
        Self { comparison, values: values.iter().filter_map(|value| parse(value)).collect() }
    }

    pub(super) fn matches(&self, value: Scalar<'_>) -> bool {
        let number = match value {
            Scalar::Text(text) => parse(text),
            Scalar::Number(number) => Some(widen(number)),
            Scalar::Date(date) => Some(widen(date.as_second())),
            Scalar::Bool(_) | Scalar::Ip(_) => None,
        };
        number.is_some_and(|number| {
            self.values.iter().any(|value| self.comparison.holds(&number, value))
        })
    }
}

/// A whole or decimal number; not the names that Rust also takes for one.
fn parse(text: &str) -> Option<f64> {
    let digits =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    if text.bytes().all(digits) { text.parse().ok() } else { None }
}

#[expect(clippy::as_conversions, reason = "counts and seconds, far below 2^53")]
fn widen(number: i64) -> f64 {
    number as f64
}
