//! The tags that a session carries (IAM User Guide, "Pass session tags in AWS STS").

use daypass_model::sts::Tag;
use daypass_state::Caller;

use crate::errors::StsError;

/// A session's tags: those that the call passes and those inherited from the calling session.
#[derive(Debug)]
pub(crate) struct SessionTags {
    /// Passed first, then inherited.
    all: Vec<(String, String)>,
    passed: usize,
    /// The keys that a further session inherits.
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

    /// Checks what the call passes against itself and against what it inherits.
    pub(crate) fn check(&self) -> Result<(), StsError<'static>> {
        let (passed, inherited) = self.all.split_at_checked(self.passed).unwrap_or_default();
        for (number, (key, _)) in passed.iter().enumerate() {
            if key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
                return Err(StsError::ReservedTagKey);
            }
            if contains(passed.get(..number).unwrap_or_default(), key) {
                return Err(StsError::DuplicateTagKeys);
            }
            if contains(inherited, key) {
                return Err(StsError::TagIsInherited);
            }
        }
        if self.transitive.iter().any(|key| !contains(&self.all, key)) {
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

    /// Those that the call itself passes.
    pub(crate) fn passed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().take(self.passed)
    }

    pub(crate) fn transitive_keys(&self) -> &[String] {
        &self.transitive
    }
}

/// Keys and values, as [`Target::request_tags`](daypass_authz::Target::request_tags) takes them.
pub(crate) fn pairs(given: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    given.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// The transitive tags of the calling session.
fn inherited(caller: &Caller) -> impl Iterator<Item = (&str, &str)> {
    let claims = caller.session().map(|session| &session.claims);
    claims.into_iter().flat_map(|claims| {
        let transitive = |key: &str| {
            claims.transitive_tag_keys.iter().any(|transitive| transitive.eq_ignore_ascii_case(key))
        };
        let tags = claims.tags.iter().filter(move |(key, _)| transitive(key));
        tags.map(|(key, value)| (key.as_str(), value.as_str()))
    })
}

fn contains(tags: &[(String, String)], key: &str) -> bool {
    tags.iter().any(|(other, _)| other.eq_ignore_ascii_case(key))
}
