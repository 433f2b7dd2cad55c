use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::{
    BoxFuture, Commit, Entry, Feed, Precondition, Revision, Store, StoreError, Transaction, Write,
};

/// Keeps everything in memory; gone when the process ends.
#[derive(Default)]
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere cannot leave a half-made commit: nothing in a commit panics between its
    /// first write and its last.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn subscribe(&self, feed: Arc<dyn Feed>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let mut inner = self.lock();
            let mut entries = inner.entries.iter().map(|(key, kept)| Entry {
                key,
                value: &kept.value,
                revision: kept.revision,
            });
            feed.load(inner.revision, &mut entries);
            inner.feed = Some(feed);
            Ok(())
        })
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Commit, StoreError>> {
        Box::pin(async move {
            let mut inner = self.lock();
            if !transaction.preconditions.iter().all(|condition| inner.holds(condition)) {
                return Ok(Commit::Conflict);
            }
            let revision = Revision(inner.revision.0 + 1);
            inner.revision = revision;
            if let Some(feed) = &inner.feed {
                feed.apply(revision, &transaction.writes);
            }
            // Kept as they are: bytes that are cloned take more memory.
            for write in transaction.writes {
                inner.write(write, revision);
            }
            Ok(Commit::Done(revision))
        })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values hold secrets: only their number is shown.
        f.debug_struct("MemoryStore")
            .field("entries", &self.lock().entries.len())
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<Bytes, Kept>,
    revision: Revision,
    feed: Option<Arc<dyn Feed>>,
}

struct Kept {
    value: Bytes,
    revision: Revision,
}

impl Inner {
    fn write(&mut self, write: Write, revision: Revision) {
        match write {
            Write::Put { key, value } => {
                self.entries.insert(key, Kept { value, revision });
            }
            Write::Delete { key } => {
                self.entries.remove(&key);
            }
            Write::DeletePrefix { prefix } => {
                self.entries.retain(|key, _| !key.starts_with(&prefix));
            }
        }
    }

    fn holds(&self, condition: &Precondition) -> bool {
        self.entries.get(&condition.key).map(|kept| kept.revision) == condition.revision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_the_suite() {
        crate::suite::run(MemoryStore::new);
    }

    #[test]
    fn debug_shows_no_values() {
        let store = MemoryStore::new();
        let put = Write::Put { key: "k".into(), value: "hunter2".into() };
        crate::suite::commit(&store, Transaction { writes: vec![put], ..Default::default() });
        assert!(!format!("{store:?}").contains("hunter2"));
    }
}
