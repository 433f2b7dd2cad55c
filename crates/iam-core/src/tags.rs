//! Tags as IAM judges them (IAM User Guide, "Tags for IAM resources").

use daypass_ident::{eq_ignore_case, strip_prefix_ignore_case};
use daypass_model::ServiceError;
use daypass_model::iam::Tag;
use daypass_state::record::Tags;

use crate::errors::{InvalidInput, LimitExceeded};
use crate::pagination::{Page, Paging};
use crate::quotas::TAGS_PER_RESOURCE;

/// How the tag keys of a kind of entity are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyCase {
    /// `Team` and `team` are one key: users and roles.
    Ignored,
    /// `Team` and `team` are two keys: everything else.
    Significant,
}

impl KeyCase {
    fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Ignored => eq_ignore_case(one, other),
            Self::Significant => one == other,
        }
    }

    const fn duplicate_keys(self) -> InvalidInput<'static> {
        match self {
            Self::Ignored => InvalidInput::DuplicateTagKeysIgnoringCase,
            Self::Significant => InvalidInput::DuplicateTagKeys,
        }
    }

    /// Sets the tags of a request; those with a key that is there already give way.
    ///
    /// # Errors
    /// `InvalidInput` for a key given twice or reserved, `LimitExceeded` when the entity would
    /// have too many.
    pub(crate) fn put(self, tags: &mut Tags, given: &[Tag]) -> Result<(), ServiceError> {
        for (index, tag) in given.iter().enumerate() {
            if given.iter().take(index).any(|other| self.same(&other.key, &tag.key)) {
                return Err(self.duplicate_keys().into());
            }
            if is_reserved(&tag.key) {
                return Err(InvalidInput::ReservedTagKey(&tag.key).into());
            }
            tags.set(&tag.key, &tag.value, |one, other| self.same(one, other));
        }
        if tags.len() > TAGS_PER_RESOURCE {
            return Err(LimitExceeded::Tags.into());
        }
        Ok(())
    }

    /// Takes tags away; a key that is not there is as good as gone.
    pub(crate) fn remove(self, tags: &mut Tags, keys: &[String]) {
        for key in keys {
            tags.remove(key, |one, other| self.same(one, other));
        }
    }
}

/// Keys and values, as [`Target::request_tags`](daypass_authz::Target::request_tags) takes them.
pub(crate) fn pairs(given: &[Tag]) -> impl Iterator<Item = (&str, &str)> {
    given.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Tags in the form in which answers list them.
pub(crate) fn shape(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.to_owned(), value: value.to_owned() }).collect()
}

/// As [`shape`], but absent when there is none, as in answers about an entity.
pub(crate) fn shape_some(tags: &Tags) -> Option<Vec<Tag>> {
    (!tags.is_empty()).then(|| shape(tags))
}

/// As [`shape`], in the order of their keys: answers about identity providers have them so.
pub(crate) fn sorted(tags: &Tags) -> Vec<Tag> {
    let mut sorted = shape(tags);
    sorted.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    sorted
}

/// One page of tags, in the order of their keys. A tag's place stands for it in the marker, which
/// has 320 characters at most: a key of 128 letters from afar needs more.
///
/// # Errors
/// `ValidationError` for a marker that the list did not give.
pub(crate) fn page(tags: &Tags, paging: Paging<'_>) -> Result<Page<Tag>, ServiceError> {
    let placed = sorted(tags).into_iter().enumerate();
    let page = paging.page(placed, |(place, _)| format!("{place:03}"))?;
    let items = page.items.into_iter().map(|(_, tag)| tag).collect();
    Ok(Page { items, marker: page.marker })
}

/// Keys that AWS keeps for itself, in any case.
fn is_reserved(key: &str) -> bool {
    strip_prefix_ignore_case(key, RESERVED).is_some()
}

const RESERVED: &str = "aws:";

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.to_owned(), value: value.to_owned() }
    }

    fn put(case: KeyCase, rounds: &[&[(&str, &str)]]) -> Result<Vec<Tag>, ServiceError> {
        let mut tags = Tags::default();
        for round in rounds {
            let given: Vec<Tag> = round.iter().map(|(key, value)| tag(key, value)).collect();
            case.put(&mut tags, &given)?;
        }
        Ok(shape(&tags))
    }

    #[test]
    fn a_tag_set_again_takes_the_new_value_and_the_new_case() {
        let rounds: [&[_]; 2] = [&[("Team", "a"), ("Env", "b")], &[("team", "c")]];
        let ignored = put(KeyCase::Ignored, &rounds).unwrap();
        assert_eq!(ignored, [tag("team", "c"), tag("Env", "b")]);
        let significant = put(KeyCase::Significant, &rounds).unwrap();
        assert_eq!(significant, [tag("Team", "a"), tag("Env", "b"), tag("team", "c")]);
    }

    #[test]
    fn a_key_given_twice_or_reserved_is_refused() {
        let exactly = "Duplicate tag keys found.";
        let twice = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
        let reserved =
            "The tag key AWS:x is not valid. Tag keys starting with 'aws:' are reserved.";
        let cases: [(KeyCase, &[_], Option<&str>); 8] = [
            (KeyCase::Ignored, &[("a", "1"), ("A", "2")], Some(twice)),
            (KeyCase::Significant, &[("a", "1"), ("A", "2")], None),
            (KeyCase::Significant, &[("a", "1"), ("a", "2")], Some(exactly)),
            (KeyCase::Ignored, &[("AWS:x", "1")], Some(reserved)),
            (KeyCase::Ignored, &[("k", "1"), ("\u{212a}", "2")], Some(twice)),
            (KeyCase::Significant, &[("k", "1"), ("\u{212a}", "2")], None),
            (KeyCase::Ignored, &[("stra\u{df}e", "1"), ("STRASSE", "2")], None),
            // Unicode's full mapping, which IAM does not use, makes these one.
            (KeyCase::Ignored, &[("\u{130}", "1"), ("i\u{307}", "2")], None),
        ];
        for (case, given, expected) in cases {
            let message = put(case, &[given]).err().and_then(|error| error.message);
            assert_eq!(message.as_deref(), expected, "{given:?}");
        }
    }

    #[test]
    fn pages_of_the_longest_keys_have_markers_that_can_be_sent() {
        let mut tags = Tags::default();
        let long = |last: char| format!("{}{last}", "\u{20000}".repeat(127));
        let given = [tag(&long('b'), "2"), tag(&long('a'), "1"), tag(&long('c'), "3")];
        KeyCase::Ignored.put(&mut tags, &given).unwrap();
        let mut marker = None;
        for (value, more) in [("1", true), ("2", true), ("3", false)] {
            let paging = Paging { list: "L", marker: marker.as_deref(), max_items: Some(1) };
            let page = page(&tags, paging).unwrap();
            let values: Vec<_> = page.items.iter().map(|tag| tag.value.as_str()).collect();
            assert_eq!((values, page.marker.is_some()), (vec![value], more));
            assert!(page.marker.as_ref().is_none_or(|marker| marker.len() <= 320));
            marker = page.marker;
        }
    }

    #[test]
    fn there_are_fifty_tags_at_most() {
        let mut tags = Tags::default();
        let fifty: Vec<Tag> = (0..50).map(|n| tag(&format!("k{n}"), "")).collect();
        KeyCase::Ignored.put(&mut tags, &fifty).unwrap();
        KeyCase::Ignored.put(&mut tags, &[tag("K7", "again")]).unwrap();
        let error = KeyCase::Ignored.put(&mut tags.clone(), &[tag("one more", "")]).unwrap_err();
        assert_eq!(error.shape.code, "LimitExceeded");
        KeyCase::Ignored.remove(&mut tags, &["K7".to_owned(), "unknown".to_owned()]);
        assert_eq!(tags.len(), 49);
    }
}
