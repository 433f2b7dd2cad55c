use std::sync::LazyLock;

use crate::ConditionKey;

/// The global condition key of this name, whose case means nothing; `aws:PrincipalTag/team` is
/// one, as `aws:PrincipalTag/${TagKey}`.
#[must_use]
pub fn global_condition_key(name: &str) -> Option<&'static ConditionKey> {
    global_condition_keys().iter().find(|key| key.covers(name))
}

/// The keys of no service, and those that the sessions of some services carry everywhere (IAM User
/// Guide, "AWS global condition context keys").
#[must_use]
pub fn global_condition_keys() -> &'static [ConditionKey] {
    &KEYS
}

static KEYS: LazyLock<Box<[ConditionKey]>> = LazyLock::new(read);

#[expect(clippy::expect_used, reason = "embedded data, all of which a test reads")]
fn read() -> Box<[ConditionKey]> {
    let key = |line: &'static str| ConditionKey::parse(&mut line.split('\t'));
    DATA.lines().map(key).collect::<Option<_>>().expect("well-formed lines")
}

static DATA: &str = include_str!("../data/global-condition-keys.tsv");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyType;

    #[test]
    fn keys_have_their_types() {
        let cases = [
            ("aws:PrincipalArn", KeyType::Arn, false),
            ("AWS:sourceip", KeyType::IpAddress, false),
            ("aws:CalledVia", KeyType::Text, true),
            ("aws:TagKeys", KeyType::Text, true),
            ("aws:CurrentTime", KeyType::Date, false),
            ("aws:MultiFactorAuthAge", KeyType::Numeric, false),
            ("aws:SecureTransport", KeyType::Bool, false),
            ("aws:PrincipalTag/team/x", KeyType::Text, false),
            ("aws:RequestTag/team", KeyType::Text, false),
        ];
        for (name, value_type, multivalued) in cases {
            let key = global_condition_key(name).expect(name);
            assert_eq!((key.value_type, key.multivalued), (value_type, multivalued), "{name}");
        }
        for name in
            ["", "aws:", "aws:PrincipalTag/", "aws:PrincipalTag", "aws:SourceI", "s3:prefix"]
        {
            assert!(global_condition_key(name).is_none(), "{name}");
        }
    }
}
