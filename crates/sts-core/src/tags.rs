//! The tags that a session carries (IAM User Guide, "Pass session tags in AWS STS").

use daypass_ident::{eq_ignore_case, strip_prefix_ignore_case};
use daypass_model::sts::Tag;
use daypass_state::{Caller, VouchedClaims};
use daypass_wire::Pattern;

use crate::errors::StsError;

/// A session's tags: those that the call passes and those inherited from the calling session.
#[derive(Debug, Default)]
pub(crate) struct SessionTags {
    /// Passed first, then inherited.
    all: Vec<(String, String)>,
    passed: usize,
    /// The keys that a further session inherits, in the same order.
    transitive: Vec<String>,
}

impl SessionTags {
    /// Without any check: what authorisation looks at before the call is found right or wrong.
    pub(crate) fn requested(
        tags: Option<&[Tag]>,
        transitive: Option<&[String]>,
        caller: &Caller,
    ) -> Self {
        let tags = tags.unwrap_or_default();
        let mut all: Vec<_> = tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
        let mut transitive = transitive.unwrap_or_default().to_vec();
        for (key, value) in inherited(caller) {
            all.push((key.to_owned(), value.to_owned()));
            transitive.push(key.to_owned());
        }
        Self { all, passed: tags.len(), transitive }
    }

    /// Those that an identity provider gives.
    pub(crate) fn vouched(claims: &VouchedClaims) -> Self {
        let VouchedClaims { tags, transitive_tag_keys, .. } = claims;
        Self { all: tags.clone(), passed: tags.len(), transitive: transitive_tag_keys.clone() }
    }

    #[cfg(test)]
    pub(crate) fn of(tags: Vec<(String, String)>) -> Self {
        Self { passed: tags.len(), all: tags, transitive: Vec::new() }
    }

    /// Whether they are what the parameter `Tags` may be: of one that comes from elsewhere no
    /// decoder has made sure.
    pub(crate) fn are_well_formed(&self) -> bool {
        self.all.len() <= MOST_TAGS
            && self.iter().all(|(key, value)| {
                (1..=LONGEST_KEY).contains(&key.chars().count())
                    && value.chars().count() <= LONGEST_VALUE
                    && TAG.matches(key)
                    && TAG.matches(value)
            })
    }

    /// Checks what the call passes against itself and against what it inherits.
    pub(crate) fn check(&self) -> Result<(), StsError<'static>> {
        let (passed, inherited) = self.all.split_at_checked(self.passed).unwrap_or_default();
        for (number, (key, _)) in passed.iter().enumerate() {
            let before = passed.get(..number).unwrap_or_default();
            check_key(key, before.iter().map(|(key, _)| key.as_str()))?;
        }
        if passed.iter().any(|(key, _)| contains(inherited, key)) {
            return Err(StsError::TagIsInherited);
        }
        // Inherited tags are transitive as they are: a call cannot make them so.
        let made_transitive = self.transitive.len().saturating_sub(inherited.len());
        if self.transitive.iter().take(made_transitive).any(|key| !contains(passed, key)) {
            return Err(StsError::TransitiveKeyWithoutTag);
        }
        Ok(())
    }

    /// All of them, with the keys that a further session inherits.
    pub(crate) fn into_parts(self) -> (Vec<(String, String)>, Vec<String>) {
        (self.all, self.transitive)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(crate) fn transitive_keys(&self) -> &[String] {
        &self.transitive
    }
}

/// Keys and values, as [`Target::request_tags`](daypass_authz::Target::request_tags) takes them.
pub(crate) fn pairs(given: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    given.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Checks tags that a call passes, and that no session gets.
pub(crate) fn check(given: &[Tag]) -> Result<(), StsError<'static>> {
    given.iter().enumerate().try_for_each(|(number, tag)| {
        let before = given.get(..number).unwrap_or_default();
        check_key(&tag.key, before.iter().map(|tag| tag.key.as_str()))
    })
}

/// Checks the key of a tag, given those before it.
fn check_key<'a>(
    key: &str,
    mut before: impl Iterator<Item = &'a str>,
) -> Result<(), StsError<'static>> {
    if strip_prefix_ignore_case(key, "aws:").is_some() {
        return Err(StsError::ReservedTagKey);
    }
    if before.any(|other| eq_ignore_case(other, key)) {
        return Err(StsError::DuplicateTagKeys);
    }
    Ok(())
}

/// The transitive tags of the calling session.
fn inherited(caller: &Caller) -> impl Iterator<Item = (&str, &str)> {
    let claims = caller.session().map(|session| &session.claims);
    claims.into_iter().flat_map(|claims| {
        let transitive = |key: &str| {
            claims.transitive_tag_keys.iter().any(|transitive| eq_ignore_case(transitive, key))
        };
        let tags = claims.tags.iter().filter(move |(key, _)| transitive(key));
        tags.map(|(key, value)| (key.as_str(), value.as_str()))
    })
}

fn contains(tags: &[(String, String)], key: &str) -> bool {
    tags.iter().any(|(other, _)| eq_ignore_case(other, key))
}

/// The parameter `Tags` of `AssumeRole` (STS API Reference); lengths are in characters.
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
static TAG: Pattern =
    Pattern::regex(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", None, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_gives_the_letters_that_the_parameter_takes() {
        let of = |key: &str, value: &str| {
            let tags = vec![(key.to_owned(), value.to_owned())];
            SessionTags::vouched(&VouchedClaims { tags, ..VouchedClaims::default() })
        };
        for (key, value) in [("team", ""), ("a b", "é²Ⅷ"), ("日本", "\u{a0}\u{2028}_.:/=+-@")]
        {
            assert!(of(key, value).are_well_formed(), "{key:?} {value:?}");
        }
        // A vowel sign is no letter to AWS, though it is alphabetic.
        for (key, value) in [("", "x"), ("team", "कि"), ("ⓐ", ""), ("a\n", ""), ("a", "b;c")]
        {
            assert!(!of(key, value).are_well_formed(), "{key:?} {value:?}");
        }
        let letters = |count| "é".repeat(count);
        assert!(of(&letters(128), &letters(256)).are_well_formed());
        assert!(!of(&letters(129), "").are_well_formed());
        assert!(!of("a", &letters(257)).are_well_formed());
    }
}
