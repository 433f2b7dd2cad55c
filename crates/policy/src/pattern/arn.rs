use daypass_ident::ArnParts;

use super::{Glob, GlobSet, Pattern, Template};
use crate::Version;
use crate::context::ConditionContext;

/// Several patterns of ARNs, one of which must match.
#[derive(Debug)]
pub(crate) struct ArnPatterns {
    /// Those that say the first five fields outright: no wildcard of theirs can cross a colon
    /// between two fields, so they are matched against the whole text.
    whole: GlobSet,
    by_field: Box<[ArnPattern]>,
}

/// The ARN that is asked for: its text, and its fields if it has them all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedArn<'a> {
    text: &'a str,
    parts: Option<ArnParts<'a>>,
}

impl<'a> AskedArn<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, parts: ArnParts::parse(text) }
    }
}

impl ArnPatterns {
    /// The patterns of resources, in which variables count only after the fifth colon. `None` when
    /// one of them is no ARN.
    pub(crate) fn resources(texts: &[&str], version: Version) -> Option<Self> {
        let (whole, by_field) = Self::divide(texts, version);
        let by_field = by_field.into_iter().map(|text| ArnPattern::resource(text, version));
        Some(Self { whole, by_field: by_field.collect::<Option<_>>()? })
    }

    /// The patterns of a condition, in which variables count everywhere. One that is no ARN
    /// matches nothing.
    pub(crate) fn conditions(texts: &[&str], version: Version) -> Self {
        let (whole, by_field) = Self::divide(texts, version);
        let by_field = by_field.into_iter().filter_map(|text| ArnPattern::condition(text, version));
        Self { whole, by_field: by_field.collect() }
    }

    /// `None` when none matches, and one would if its variables had values.
    pub(crate) fn matches(
        &self,
        asked: &AskedArn<'_>,
        context: &dyn ConditionContext,
    ) -> Option<bool> {
        if self.whole.matches(asked.text) {
            return Some(true);
        }
        let Some(parts) = &asked.parts else { return Some(false) };
        let mut answer = Some(false);
        for pattern in &self.by_field {
            match pattern.matches(parts, context) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    fn divide<'t>(texts: &[&'t str], version: Version) -> (GlobSet, Vec<&'t str>) {
        let (whole, by_field): (Vec<_>, Vec<_>) =
            texts.iter().partition(|text| is_outright(text, version));
        (GlobSet::new(whole.into_iter().map(Glob::new)), by_field)
    }
}

/// Whether a pattern has no variables, and no wildcards in its first five fields.
fn is_outright(text: &str, version: Version) -> bool {
    ArnParts::parse(text).is_some_and(|arn| {
        let fields = [arn.partition, arn.service, arn.region, arn.account];
        !fields.iter().any(|field| field.contains(['*', '?', '$']))
            && Template::pattern(arn.resource, version).is_none()
    })
}

/// An ARN whose six fields are matched one by one, so that a wildcard never crosses the colon
/// between two of them; the sixth keeps its own colons.
#[derive(Debug, Clone, PartialEq)]
struct ArnPattern {
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
    fn resource(text: &str, version: Version) -> Option<Self> {
        Self::new(text, Version::V2008, version, Short::Anything)
    }

    /// A condition's pattern: variables count everywhere.
    fn condition(text: &str, version: Version) -> Option<Self> {
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
    fn matches(&self, arn: &ArnParts<'_>, context: &dyn ConditionContext) -> Option<bool> {
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
    use proptest::prelude::*;

    use super::*;
    use crate::context::ContextMap;

    fn resource(pattern: &str, arn: &str) -> Option<bool> {
        let context = ContextMap::new()
            .with("aws:username", "bob")
            .with("aws:PrincipalAccount", "123456789012");
        ArnPatterns::resources(&[pattern], Version::V2012)
            .unwrap()
            .matches(&AskedArn::new(arn), &context)
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
        assert!(ArnPatterns::resources(&["aws:iam"], Version::V2012).is_none());
    }

    #[test]
    fn conditions_take_variables_everywhere_and_no_short_forms() {
        let context = ContextMap::new().with("aws:PrincipalAccount", "123456789012");
        let arn = AskedArn::new("arn:aws:iam::123456789012:role/a:b");
        let matches =
            |pattern, version| ArnPatterns::conditions(&[pattern], version).matches(&arn, &context);
        let pattern = "arn:aws:iam::${aws:PrincipalAccount}:role/*";
        assert_eq!(matches(pattern, Version::V2012), Some(true));
        assert_eq!(matches(pattern, Version::V2008), Some(false));
        assert_eq!(matches("arn:aws:iam::*", Version::V2012), Some(false));
        assert_eq!(matches("*", Version::V2012), Some(false));
    }

    proptest! {
        #[test]
        fn agrees_with_matching_each_by_its_fields(
            patterns in proptest::collection::vec("arn(:[ab*]?){1,6}(:[a:*?]{0,3})?", 0..4),
            text in "arn(:[ab]?){4}(:[ab:]{0,3})?",
        ) {
            let asked = AskedArn::new(&text);
            let expected = asked.parts.is_some_and(|parts| {
                patterns.iter().any(|pattern| {
                    let pattern = ArnPattern::resource(pattern, Version::V2012).unwrap();
                    pattern.matches(&parts, &()) == Some(true)
                })
            });
            let patterns: Vec<_> = patterns.iter().map(String::as_str).collect();
            let patterns = ArnPatterns::resources(&patterns, Version::V2012).unwrap();
            prop_assert_eq!(patterns.matches(&asked, &()), Some(expected));
        }
    }
}
