//! What is kept for a while about requests that were refused, and who may read it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use daypass_ident::{AccountId, RequestId};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::json;

use crate::control::guard::is_from_this_machine;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;
use crate::request::verify::signer;

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
        let entries = self.lock();
        let mut buffer = [0; 36];
        let mut newest_first = entries.list.iter().rev();
        let found = newest_first
            .find(|entry| entry.id.encode(&mut buffer) == id && reader.may_read(entry.account));
        found.map(|entry| entry.item.clone())
    }
}

/// Who may read what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A client on the same machine: everything.
    Local,
    /// An account's root user, by their signature: what is of the account.
    Root(AccountId),
}

impl Reader {
    pub(crate) fn of(incoming: &Incoming) -> Option<Self> {
        if is_from_this_machine(incoming) {
            return Some(Self::Local);
        }
        let signer = signer(incoming, None, |_, _| {}).ok()?;
        let principal = signer.caller.principal();
        principal.is_root().then(|| Self::Root(principal.account()))
    }

    fn may_read(self, account: AccountId) -> bool {
        match self {
            Self::Local => true,
            Self::Root(own) => own == account,
        }
    }
}

/// What a reader is told, in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) text: Bytes,
    pub(crate) json: Bytes,
}

impl Reply {
    pub(crate) fn message(text: &'static str) -> Self {
        let json = json!({"message": text});
        Self { text: format!("{text}\n").into(), json: format!("{json}\n").into() }
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len() + self.json.len()
    }

    /// The answer in the form that the client prefers.
    pub(crate) fn respond(self, status: StatusCode, incoming: &Incoming) -> Response {
        let is_json =
            incoming.header(ACCEPT).is_some_and(|accept| accept.contains("application/json"));
        let (content_type, body) = match is_json {
            true => ("application/json", self.json),
            false => ("text/plain; charset=utf-8", self.text),
        };
        let length = body.len();
        let mut response = Response::new(Full::new(match incoming.head.method {
            Method::HEAD => Bytes::new(),
            _ => body,
        }));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CONTENT_LENGTH, length.into());
        response
    }
}

const MOST_KEPT: usize = 256;
const MOST_BYTES: usize = 8 << 20;

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
        let found = ids.iter().map(|id| kept.find(&id.to_string(), Reader::Local));
        let expected = (0..300).map(|number| (number >= 300 - MOST_KEPT).then_some(number));
        assert!(found.eq(expected));
        kept.clear();
        assert_eq!(kept.find(&ids[299].to_string(), Reader::Local), None);
    }

    #[test]
    fn large_ones_leave_less_room() {
        let kept = RecentDenials::default();
        let ids = [(); 3].map(|()| RequestId::generate(&SystemIds));
        let find = |id: &RequestId| kept.find(&id.to_string(), Reader::Local);
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
            (Reader::Local, true),
            (Reader::Root(AccountId::ZERO), true),
            (Reader::Root(other), false),
        ] {
            assert_eq!(kept.find(&id.to_string(), reader).is_some(), found, "{reader:?}");
        }
    }
}
