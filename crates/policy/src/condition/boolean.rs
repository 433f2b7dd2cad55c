use crate::context::Scalar;

#[derive(Debug)]
pub(super) struct BoolTest(Box<[bool]>);

impl BoolTest {
    pub(super) fn new(values: &[&str]) -> Self {
        Self(values.iter().filter_map(|value| parse(value)).collect())
    }

    pub(super) fn matches(&self, value: Scalar<'_>) -> bool {
        let value = match value {
            Scalar::Bool(value) => Some(value),
            Scalar::Text(text) => parse(text),
            Scalar::Number(_) | Scalar::Date(_) | Scalar::Ip(_) => None,
        };
        value.is_some_and(|value| self.0.contains(&value))
    }
}

/// `true` asks that the key be absent, `false` that it be present.
#[derive(Debug)]
pub(super) struct NullTest(Box<[bool]>);

impl NullTest {
    pub(super) fn new(values: &[&str]) -> Self {
        Self(values.iter().filter_map(|value| parse(value)).collect())
    }

    pub(super) fn holds(&self, present: bool) -> bool {
        self.0.contains(&!present)
    }
}

fn parse(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
