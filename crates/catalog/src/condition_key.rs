use daypass_ident::{eq_ignore_case, strip_prefix_ignore_case};

/// A condition key as AWS documents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKey {
    /// The key, such as `iam:PassedToService`, or a pattern of keys with variable parts:
    /// `aws:RequestTag/${TagKey}`.
    pub name: &'static str,
    /// What its values are.
    pub value_type: KeyType,
    /// Whether a request may bring several values, for which policies need a set operator.
    pub multivalued: bool,
}

/// What the values of a condition key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Any text.
    Text,
    /// An ARN.
    Arn,
    /// True or false.
    Bool,
    /// A number.
    Numeric,
    /// A point in time.
    Date,
    /// An IP address.
    IpAddress,
}

impl ConditionKey {
    /// Whether a condition on `key` is one on this key. Case means nothing; each variable part
    /// stands for one character or more.
    #[must_use]
    pub fn covers(&self, key: &str) -> bool {
        covers(self.name, key)
    }

    /// Reads the name and the type.
    pub(crate) fn parse(fields: &mut dyn Iterator<Item = &'static str>) -> Option<Self> {
        let name = fields.next()?;
        let type_name = fields.next()?;
        let (type_name, multivalued) = match type_name.strip_prefix("ArrayOf") {
            Some(type_name) => (type_name, true),
            None => (type_name, false),
        };
        let value_type = match type_name {
            "String" => KeyType::Text,
            "ARN" => KeyType::Arn,
            "Bool" => KeyType::Bool,
            "Numeric" => KeyType::Numeric,
            "Date" => KeyType::Date,
            "IPAddress" => KeyType::IpAddress,
            _ => return None,
        };
        Some(Self { name, value_type, multivalued })
    }
}

/// Whether `text` is of the form of `pattern`, in which `${…}` is a part that varies.
pub(crate) fn covers(pattern: &str, text: &str) -> bool {
    let Some((fixed, rest)) = pattern.split_once("${") else {
        return eq_ignore_case(pattern, text);
    };
    let Some((_, rest)) = rest.split_once('}') else { return false };
    let Some(varying) = strip_prefix_ignore_case(text, fixed) else { return false };
    // Names have three variable parts at most, so that going back costs little.
    (varying.char_indices().skip(1).map(|(at, _)| at).chain([varying.len()]))
        .filter(|end| *end > 0)
        .filter_map(|end| varying.split_at_checked(end))
        .any(|(_, after)| covers(rest, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_parts_cover_one_character_or_more() {
        let cases = [
            ("aws:TagKeys", "AWS:tagkeys", true),
            ("aws:TagKeys", "aws:TagKey", false),
            ("aws:RequestTag/${TagKey}", "aws:requesttag/é", true),
            ("aws:RequestTag/${TagKey}", "aws:RequestTag/", false),
            ("a:b/${x}.value", "a:b/1.2.VALUE", true),
            ("a:b/${x}.value", "a:b/.value", false),
            ("a:b/${x}.value", "a:b/1.values", false),
            ("token.${Domain}.ghe.com:${claim}", "token.x.ghe.com:sub", true),
            ("token.${Domain}.ghe.com:${claim}", "token.x.ghe.com:", false),
            ("a${x", "a1", false),
        ];
        for (name, key, expected) in cases {
            let known = ConditionKey { name, value_type: KeyType::Text, multivalued: false };
            assert_eq!(known.covers(key), expected, "{name} {key}");
        }
    }
}
