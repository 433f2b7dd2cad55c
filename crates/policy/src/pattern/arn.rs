use super::{Glob, Pattern};
use crate::Version;
use crate::context::ConditionContext;
use daypass_ident::ArnParts;

/// An ARN whose six fields are matched one by one, so that a wildcard never crosses the colon
/// between two of them; the sixth keeps its own colons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArnPattern {
    /// Partition, service, region, account.
    fields: [Pattern; 4],
    rest: Pattern,
}

/// What the fields that a short pattern lacks stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Short {
    /// Anything, as in the resource of an identity policy.
    Anything,
    /// Nothing: the pattern is no ARN, as in a condition.
    Refused,
}

impl ArnPattern {
    /// A resource's pattern: variables count only after the fifth colon.
    pub(crate) fn resource(text: &str, version: Version) -> Option<Self> {
        Self::new(text, Version::V2008, version, Short::Anything)
    }

    /// A condition's pattern: variables count everywhere.
    pub(crate) fn condition(text: &str, version: Version) -> Option<Self> {
        Self::new(text, version, version, Short::Refused)
    }

    fn new(text: &str, fields: Version, rest: Version, short: Short) -> Option<Self> {
        let mut split = Fields(Some(text));
        if split.next()? != "arn" {
            return None;
        }
        let mut field = |version| match (split.next(), short) {
            (Some(text), _) => Some(Pattern::new(text, version)),
            (None, Short::Anything) => Some(Pattern::Fixed(Glob::new("*"))),
            (None, Short::Refused) => None,
        };
        let fields = [field(fields)?, field(fields)?, field(fields)?, field(fields)?];
        let rest = match (split.0, short) {
            (Some(text), _) => Pattern::new(text, rest),
            (None, Short::Anything) => Pattern::Fixed(Glob::new("*")),
            (None, Short::Refused) => return None,
        };
        Some(Self { fields, rest })
    }

    /// `None` when a variable has no value.
    pub(crate) fn matches(
        &self,
        arn: &ArnParts<'_>,
        context: &dyn ConditionContext,
    ) -> Option<bool> {
        let fields = [arn.partition, arn.service, arn.region, arn.account];
        for (pattern, field) in self.fields.iter().zip(fields) {
            if !pattern.matches(field, context)? {
                return Some(false);
            }
        }
        self.rest.matches(arn.resource, context)
    }
}

/// Splits at colons, except those inside `${…}`. What is not yet split stays in `.0`.
struct Fields<'a>(Option<&'a str>);

impl<'a> Iterator for Fields<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let end = end_of_field(text);
        let (field, rest) = text.split_at_checked(end)?;
        self.0 = rest.strip_prefix(':');
        Some(field)
    }
}

fn end_of_field(text: &str) -> usize {
    let last_brace = text.rfind('}');
    let mut inside = false;
    let mut previous = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // Only where it is closed is it a variable.
            b'{' if previous == b'$' && last_brace > Some(at) => inside = true,
            b'}' => inside = false,
            b':' if !inside => return at,
            _ => {}
        }
        previous = byte;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::ContextMap;

    fn resource(pattern: &str, arn: &str) -> Option<bool> {
        let context = ContextMap::new()
            .with("aws:username", "bob")
            .with("aws:PrincipalAccount", "123456789012");
        ArnPattern::resource(pattern, Version::V2012)
            .unwrap()
            .matches(&ArnParts::parse(arn).unwrap(), &context)
    }

    #[test]
    fn resources_match_field_by_field() {
        let bob = "arn:aws:iam::123456789012:user/bob";
        let cases = [
            ("arn:aws:iam::123456789012:user/bob", Some(true)),
            ("arn:aws:iam::123456789012:user/*", Some(true)),
            ("arn:aws:iam::*:user/b?b", Some(true)),
            ("arn:*:iam::*:*", Some(true)),
            ("arn:aws:iam::1*", Some(true)),
            ("arn:aws:iam", Some(true)),
            ("arn:aws:iam::123456789012:user/Bob", Some(false)),
            ("arn:aws:*:bob", Some(false)),
            ("arn:aws:i*:user/bob", Some(false)),
            ("arn:aws:iam::123456789012:user/${aws:username}", Some(true)),
            ("arn:aws:iam::123456789012:user/${aws:none}", None),
            // Before the fifth colon a variable is only text.
            ("arn:aws:iam::${aws:PrincipalAccount}:user/bob", Some(false)),
        ];
        for (pattern, expected) in cases {
            assert_eq!(resource(pattern, bob), expected, "{pattern}");
        }
        assert_eq!(resource("arn:aws:sns:*:*:a*z", "arn:aws:sns:r:1:a:b/z"), Some(true));
        assert_eq!(ArnPattern::resource("aws:iam", Version::V2012), None);
    }

    #[test]
    fn conditions_take_variables_everywhere_and_no_short_forms() {
        let context = ContextMap::new().with("aws:PrincipalAccount", "123456789012");
        let arn = ArnParts::parse("arn:aws:iam::123456789012:role/a:b").unwrap();
        let pattern = "arn:aws:iam::${aws:PrincipalAccount}:role/*";
        let matches =
            |version| ArnPattern::condition(pattern, version).unwrap().matches(&arn, &context);
        assert_eq!(matches(Version::V2012), Some(true));
        assert_eq!(matches(Version::V2008), Some(false));
        assert_eq!(ArnPattern::condition("arn:aws:iam::*", Version::V2012), None);
        assert_eq!(ArnPattern::condition("*", Version::V2012), None);
    }
}
