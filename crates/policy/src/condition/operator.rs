use super::comparison::Comparison;
use super::string::StringComparison;

/// A condition operator: `ForAnyValue:StringNotLikeIfExists` in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) set: Set,
    pub(crate) family: Family,
    /// `…Not…`: holds when the positive operator does not.
    pub(crate) negated: bool,
    /// `…IfExists`: holds when the request lacks the key.
    pub(crate) if_exists: bool,
}

/// What a set operator asks of a key with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    None,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// What is compared, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    String(StringComparison),
    Numeric(Comparison),
    Date(Comparison),
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

impl Operator {
    /// The operator of a name in any case, or `None` when there is none.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::find(name, str::eq_ignore_ascii_case)
    }

    /// Whether IAM takes this name in a document that it saves, where case counts.
    pub(crate) fn is_name(name: &str) -> bool {
        Self::find(name, |a, b| a == b).is_some()
    }

    /// The names without set operators and `IfExists`.
    pub(crate) fn base_names() -> impl Iterator<Item = &'static str> {
        BASES.iter().map(|(name, ..)| *name)
    }

    fn find(name: &str, same: fn(&str, &str) -> bool) -> Option<Self> {
        let (set, rest) = match name.split_once(':') {
            Some((prefix, rest)) if same(prefix, "ForAllValues") => (Set::All, rest),
            Some((prefix, rest)) if same(prefix, "ForAnyValue") => (Set::Any, rest),
            Some(_) => return None,
            None => (Set::None, name),
        };
        let suffix_at = rest.len().saturating_sub(IF_EXISTS.len());
        let (base, if_exists) = match rest.split_at_checked(suffix_at) {
            Some((base, suffix)) if same(suffix, IF_EXISTS) => (base, true),
            _ => (rest, false),
        };
        let (_, family, negated) = BASES.iter().find(|(named, ..)| same(base, named))?;
        if if_exists && *family == Family::Null {
            return None;
        }
        Some(Self { set, family: *family, negated: *negated, if_exists })
    }
}

const IF_EXISTS: &str = "IfExists";

/// Every base name, what it compares, and whether it is the negation of that.
const BASES: [(&str, Family, bool); 27] = [
    ("StringEquals", Family::String(StringComparison::Equals), false),
    ("StringNotEquals", Family::String(StringComparison::Equals), true),
    ("StringEqualsIgnoreCase", Family::String(StringComparison::EqualsIgnoringCase), false),
    ("StringNotEqualsIgnoreCase", Family::String(StringComparison::EqualsIgnoringCase), true),
    ("StringLike", Family::String(StringComparison::Like), false),
    ("StringNotLike", Family::String(StringComparison::Like), true),
    ("NumericEquals", Family::Numeric(Comparison::Equal), false),
    ("NumericNotEquals", Family::Numeric(Comparison::Equal), true),
    ("NumericLessThan", Family::Numeric(Comparison::Less), false),
    ("NumericLessThanEquals", Family::Numeric(Comparison::LessOrEqual), false),
    ("NumericGreaterThan", Family::Numeric(Comparison::Greater), false),
    ("NumericGreaterThanEquals", Family::Numeric(Comparison::GreaterOrEqual), false),
    ("DateEquals", Family::Date(Comparison::Equal), false),
    ("DateNotEquals", Family::Date(Comparison::Equal), true),
    ("DateLessThan", Family::Date(Comparison::Less), false),
    ("DateLessThanEquals", Family::Date(Comparison::LessOrEqual), false),
    ("DateGreaterThan", Family::Date(Comparison::Greater), false),
    ("DateGreaterThanEquals", Family::Date(Comparison::GreaterOrEqual), false),
    ("Bool", Family::Bool, false),
    ("BinaryEquals", Family::Binary, false),
    ("IpAddress", Family::Ip, false),
    ("NotIpAddress", Family::Ip, true),
    ("ArnEquals", Family::Arn, false),
    ("ArnLike", Family::Arn, false),
    ("ArnNotEquals", Family::Arn, true),
    ("ArnNotLike", Family::Arn, true),
    ("Null", Family::Null, false),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        assert_eq!(
            Operator::parse("ForAnyValue:StringNotLikeIfExists"),
            Some(Operator {
                set: Set::Any,
                family: Family::String(StringComparison::Like),
                negated: true,
                if_exists: true,
            }),
        );
        assert_eq!(Operator::parse("forallvalues:BOOL"), Operator::parse("ForAllValues:Bool"));
        assert!(Operator::is_name("ForAllValues:Null"));
        for name in
            ["", "IfExists", "NullIfExists", "Equals", "ForAnyValues:Bool", "Bool:Bool", "é"]
        {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
        assert!(!Operator::is_name("stringequals"));
    }
}
