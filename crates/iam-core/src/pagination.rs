//! Lists, a page at a time (IAM API Reference: `Marker`, `MaxItems`, `IsTruncated`).

use std::borrow::Borrow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use daypass_model::ServiceError;

use crate::errors::ValidationError;

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub(crate) marker: Option<String>,
}

/// What a request says about the page that it wants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paging<'a> {
    /// The operation: the marker of one list is not good for another.
    pub(crate) list: &'static str,
    pub(crate) marker: Option<&'a str>,
    pub(crate) max_items: Option<i32>,
}

/// The `Paging` of an operation's input.
macro_rules! paging {
    ($input:expr) => {
        $crate::pagination::Paging {
            list: <Self as ::daypass_model::Operation>::NAME,
            marker: $input.marker.as_deref(),
            max_items: $input.max_items,
        }
    };
}
pub(crate) use paging;

impl Paging<'_> {
    /// The page of `items` that is asked for. The items come in the order of their keys, which
    /// are unique; the marker is the last key of a page, so that what is made or deleted between
    /// two pages neither repeats nor hides any other item.
    ///
    /// # Errors
    /// `ValidationError` for a marker that this list did not give.
    pub(crate) fn page<T, K: Borrow<str>>(
        self,
        items: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> K,
    ) -> Result<Page<T>, ServiceError> {
        self.page_from(|_| items, key)
    }

    /// As [`page`](Self::page), of a list that can begin behind a key: so a page costs what it holds,
    /// wherever in the list it is. `items` may begin before the key.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub(crate) fn page_from<T, K: Borrow<str>, I: IntoIterator<Item = T>>(
        self,
        items: impl FnOnce(Option<&str>) -> I,
        key: impl Fn(&T) -> K,
    ) -> Result<Page<T>, ServiceError> {
        let after = self.marker.map(|marker| open(self.list, marker)).transpose()?;
        let items = items(after.as_deref());
        let size = self.max_items.and_then(|max| usize::try_from(max).ok());
        let size = size.unwrap_or(DEFAULT_SIZE);
        let mut rest = items
            .into_iter()
            .skip_while(|item| after.as_deref().is_some_and(|after| key(item).borrow() <= after));
        let items: Vec<T> = rest.by_ref().take(size).collect();
        let more = rest.next().is_some();
        let last = items.last().filter(|_| more);
        let marker = last.map(|item| seal(self.list, key(item).borrow()));
        Ok(Page { items, marker })
    }
}

impl<T> Page<T> {
    /// The `IsTruncated` of an answer, which is always there.
    pub(crate) fn is_truncated(&self) -> Option<bool> {
        Some(self.marker.is_some())
    }

    /// The items in the form in which the answer lists them.
    pub(crate) fn shape<S>(&self, shape: impl FnMut(&T) -> S) -> Vec<S> {
        self.items.iter().map(shape).collect()
    }
}

/// An opaque marker: the key, and a sum that tells a marker from any other text.
fn seal(list: &str, key: &str) -> String {
    let mut bytes = sum(list, key).to_vec();
    bytes.extend_from_slice(key.as_bytes());
    URL_SAFE.encode(bytes)
}

fn open(list: &str, marker: &str) -> Result<String, ServiceError> {
    let key = || {
        let bytes = URL_SAFE.decode(marker).ok()?;
        let (found, key) = bytes.split_first_chunk()?;
        let key = std::str::from_utf8(key).ok()?;
        (*found == sum(list, key)).then(|| key.to_owned())
    };
    key().ok_or_else(|| ValidationError::Marker.into())
}

/// FNV-1a of 64 bits over the list's name and the key. It guards against mistakes; a marker
/// grants nothing, so that there is nothing to gain from making one up.
fn sum(list: &str, key: &str) -> [u8; 8] {
    let bytes = list.bytes().chain([0]).chain(key.bytes());
    bytes.fold(OFFSET, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(PRIME)).to_be_bytes()
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;
const DEFAULT_SIZE: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(
        items: &[&'static str],
        marker: Option<&str>,
        max_items: Option<i32>,
    ) -> Result<Page<&'static str>, ServiceError> {
        Paging { list: "ListThings", marker, max_items }.page(items.iter().copied(), |item| *item)
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let all = ["a", "b", "c", "d", "e"];
        for size in 1..=6 {
            let mut seen = Vec::new();
            let mut marker = None;
            loop {
                let page = page(&all, marker.as_deref(), Some(size)).unwrap();
                assert_eq!(page.is_truncated(), Some(page.marker.is_some()));
                assert!(page.items.len() <= usize::try_from(size).unwrap());
                seen.extend(page.items);
                marker = page.marker;
                if marker.is_none() {
                    break;
                }
            }
            assert_eq!(seen, all, "pages of {size}");
        }
    }

    #[test]
    fn a_page_has_a_hundred_items_unless_told_otherwise() {
        let all: Vec<String> = (0..101).map(|n| format!("{n:03}")).collect();
        let paging = Paging { list: "ListThings", marker: None, max_items: None };
        let page = paging.page(&all, |item| item.as_str()).unwrap();
        assert_eq!(page.items.len(), 100);
        assert!(page.marker.is_some());
    }

    #[test]
    fn the_next_page_stands_even_if_its_neighbour_is_gone() {
        let marker = page(&["a", "b", "c"], None, Some(2)).unwrap().marker;
        let next = page(&["a", "bb", "c"], marker.as_deref(), Some(2)).unwrap();
        assert_eq!(next.items, ["bb", "c"]);
    }

    #[test]
    fn a_marker_that_was_not_given_is_refused() {
        let good = page(&["a", "b"], None, Some(1)).unwrap().marker.unwrap();
        let foreign = seal("ListOthers", "a");
        let damaged = good.replacen(good.chars().next().unwrap(), "_", 1);
        let halved = good.split_at(good.len() / 2).0;
        for marker in ["", "a", "!", "AAAAAAAAAAAA", &foreign, &damaged, halved] {
            let error = page(&["a", "b"], Some(marker), None).unwrap_err();
            assert_eq!(error, ServiceError::from(ValidationError::Marker), "{marker:?}");
        }
    }
}
