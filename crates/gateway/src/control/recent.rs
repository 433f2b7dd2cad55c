//! What is kept for a while about requests that were refused.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_ident::{AccountId, RequestId};

use crate::control::guard::Reader;

/// The newest of what was kept, each for a request of an account.
#[derive(Debug)]
pub(crate) struct RecentDenials<T>(Mutex<Entries<T>>);

#[derive(Debug)]
struct Entries<T> {
    /// The newest last.
    list: VecDeque<Entry<T>>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry<T> {
    id: RequestId,
    account: AccountId,
    bytes: usize,
    item: T,
}

impl<T> Default for RecentDenials<T> {
    fn default() -> Self {
        Self(Mutex::new(Entries { list: VecDeque::new(), bytes: 0 }))
    }
}

impl<T> RecentDenials<T> {
    /// Keeps an item of this many bytes, and lets the oldest go that no longer fit.
    pub(crate) fn keep(&self, id: RequestId, account: AccountId, bytes: usize, item: T) {
        let mut entries = self.lock();
        entries.bytes += bytes;
        entries.list.push_back(Entry { id, account, bytes, item });
        while entries.list.len() > MOST_KEPT || entries.bytes > MOST_BYTES {
            let Some(oldest) = entries.list.pop_front() else { break };
            entries.bytes -= oldest.bytes;
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.lock() = Entries { list: VecDeque::new(), bytes: 0 };
    }

    fn lock(&self) -> MutexGuard<'_, Entries<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> RecentDenials<T> {
    /// What is kept of the request with this id, if the reader may see it.
    pub(crate) fn find(&self, id: &str, reader: Reader) -> Option<T> {
        let mut buffer = [0; 36];
        self.newest(reader, |other, _| other.encode(&mut buffer) == id).map(|(_, item)| item)
    }

    /// The newest that the reader may see and that is wanted, with the id of its request.
    pub(crate) fn newest(
        &self,
        reader: Reader,
        mut is_wanted: impl FnMut(RequestId, &T) -> bool,
    ) -> Option<(RequestId, T)> {
        let entries = self.lock();
        let mut newest_first = entries.list.iter().rev();
        let found = newest_first
            .find(|entry| reader.may_read(entry.account) && is_wanted(entry.id, &entry.item));
        found.map(|entry| (entry.id, entry.item.clone()))
    }
}

const MOST_KEPT: usize = 256;
const MOST_BYTES: usize = 32 << 20;

#[cfg(test)]
mod tests {
    use daypass_ident::{AccountId, SystemIds};

    use super::*;

    #[test]
    fn the_oldest_go_first() {
        let kept = RecentDenials::default();
        let ids: Vec<RequestId> = (0..300).map(|_| RequestId::generate(&SystemIds)).collect();
        for (number, id) in ids.iter().enumerate() {
            kept.keep(*id, AccountId::ZERO, 1, number);
        }
        let found = ids.iter().map(|id| kept.find(&id.to_string(), Reader::LOCAL));
        let expected = (0..300).map(|number| (number >= 300 - MOST_KEPT).then_some(number));
        assert!(found.eq(expected));
        kept.clear();
        assert_eq!(kept.find(&ids[299].to_string(), Reader::LOCAL), None);
    }

    #[test]
    fn large_ones_leave_less_room() {
        let kept = RecentDenials::default();
        let ids = [(); 3].map(|()| RequestId::generate(&SystemIds));
        let find = |id: &RequestId| kept.find(&id.to_string(), Reader::LOCAL);
        for id in &ids {
            kept.keep(*id, AccountId::ZERO, MOST_BYTES / 2, ());
        }
        assert_eq!(ids.each_ref().map(find), [None, Some(()), Some(())]);
        kept.keep(ids[0], AccountId::ZERO, MOST_BYTES + 1, ());
        assert_eq!(ids.each_ref().map(find), [None, None, None]);
        kept.keep(ids[1], AccountId::ZERO, 1, ());
        assert_eq!(find(&ids[1]), Some(()));
    }

    #[test]
    fn a_root_user_finds_what_is_of_their_account() {
        let kept = RecentDenials::default();
        let id = RequestId::generate(&SystemIds);
        let other = AccountId::from_number(1).unwrap();
        kept.keep(id, AccountId::ZERO, 1, ());
        for (reader, found) in [
            (Reader::LOCAL, true),
            (Reader::root(AccountId::ZERO), true),
            (Reader::root(other), false),
        ] {
            assert_eq!(kept.find(&id.to_string(), reader).is_some(), found, "{reader:?}");
        }
    }

    #[test]
    fn the_newest_is_that_of_the_readers_account() {
        let kept = RecentDenials::default();
        let ids = [(); 3].map(|()| RequestId::generate(&SystemIds));
        let other = AccountId::from_number(1).unwrap();
        for (id, account) in ids.iter().zip([AccountId::ZERO, AccountId::ZERO, other]) {
            kept.keep(*id, account, 1, *id);
        }
        let newest = |reader, left_out: Option<RequestId>| {
            kept.newest(reader, |id, _| Some(id) != left_out).map(|(_, item)| item)
        };
        assert_eq!(newest(Reader::LOCAL, None), Some(ids[2]));
        assert_eq!(newest(Reader::root(AccountId::ZERO), None), Some(ids[1]));
        assert_eq!(newest(Reader::root(AccountId::ZERO), Some(ids[1])), Some(ids[0]));
        assert_eq!(newest(Reader::root(AccountId::from_number(2).unwrap()), None), None);
    }
}
