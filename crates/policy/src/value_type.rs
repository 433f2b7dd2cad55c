use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::condition::date;

/// What the values of a condition key are (Service Authorization Reference, "Condition keys
/// table"): text, ARNs among it, or something that is written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Any text.
    Text,
    /// A whole or decimal number.
    Number,
    /// `true` or `false`, in any case.
    Bool,
    /// A point in time: ISO 8601, or seconds since 1970.
    Date,
    /// An IP address of either family.
    Address,
    /// Bytes in base64.
    Binary,
}

impl ValueType {
    /// Whether the condition operators of this type can read a value.
    #[must_use]
    pub fn reads(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Number => {
                // Not the names that Rust also takes for numbers.
                value.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
                    && value.parse::<f64>().is_ok()
            }
            Self::Bool => ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)),
            Self::Date => date::parse(value).is_some(),
            Self::Address => value.parse::<std::net::IpAddr>().is_ok(),
            Self::Binary => STANDARD.decode(value).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_type() {
        let cases = [
            (ValueType::Text, &["", "x"][..], &[][..]),
            (ValueType::Number, &["3", "-1.5", "2e3"], &["", "x", "1,5", "inf", "NaN"]),
            (ValueType::Bool, &["true", "False"], &["", "yes", "1"]),
            (ValueType::Date, &["2026-11-22", "2026-11-22T08:00:00Z", "1795334400"], &["", "soon"]),
            (ValueType::Address, &["192.0.2.1", "2001:db8::1"], &["", "192.0.2.0/24", "host"]),
            (ValueType::Binary, &["", "aGk="], &["?", "aGk"]),
        ];
        for (value_type, good, bad) in cases {
            for value in good {
                assert!(value_type.reads(value), "{value_type:?} {value:?}");
            }
            for value in bad {
                assert!(!value_type.reads(value), "{value_type:?} {value:?}");
            }
        }
    }
}
