//! What every engine must do. Each engine's tests call [`run`].
#![expect(clippy::panic, reason = "a test suite fails by panicking")]

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;

use crate::{Commit, Entry, Feed, Precondition, Revision, Store, Transaction, Write};

/// Runs every case on a fresh store of the engine.
///
/// # Panics
/// When the engine does not do what a store must.
pub fn run<S: Store>(fresh: impl Fn() -> S) {
    writes_reach_the_feed_in_order(&fresh());
    preconditions_decide(&fresh());
    a_conflict_writes_nothing(&fresh());
    a_prefix_goes_whole(&fresh());
    a_late_feed_sees_everything(&fresh());
}

/// Commits and waits for the answer.
///
/// # Panics
/// When the engine fails.
pub fn commit(store: &impl Store, transaction: Transaction) -> Commit {
    match wait(store.commit(transaction)) {
        Ok(commit) => commit,
        Err(error) => panic!("commit failed: {error:?}"),
    }
}

fn writes_reach_the_feed_in_order(store: &impl Store) {
    let mirror = follow(store);
    let first = done(commit(store, puts(&[("a", "1"), ("b", "1")])));
    let second = done(commit(store, puts(&[("a", "2")])));
    assert!(second > first, "revisions grow");
    assert_eq!(mirror.entries(), [("a", "2", second), ("b", "1", first)].map(owned));
}

fn preconditions_decide(store: &impl Store) {
    let first = done(commit(store, puts(&[("a", "1")])));
    let cases = [
        ("a", Some(first), true),
        ("a", None, false),
        ("a", Some(Revision(first.0 + 1_000)), false),
        ("absent", None, true),
        ("absent", Some(first), false),
    ];
    for (key, revision, holds) in cases {
        let preconditions =
            vec![Precondition { key: Bytes::from_static(key.as_bytes()), revision }];
        let answer = commit(store, Transaction { preconditions, writes: Vec::new() });
        assert_eq!(matches!(answer, Commit::Done(_)), holds, "{key} at {revision:?}");
    }
}

fn a_conflict_writes_nothing(store: &impl Store) {
    let mirror = follow(store);
    let mut transaction = puts(&[("a", "1"), ("b", "1")]);
    transaction.preconditions = vec![Precondition { key: "c".into(), revision: Some(Revision(7)) }];
    assert_eq!(commit(store, transaction), Commit::Conflict);
    assert_eq!(mirror.entries(), Vec::new());
}

fn a_prefix_goes_whole(store: &impl Store) {
    let mirror = follow(store);
    let kept = done(commit(store, puts(&[("a", "1"), ("ab", "1"), ("abc", "1"), ("b", "1")])));
    let delete = Write::DeletePrefix { prefix: "ab".into() };
    done(commit(store, Transaction { writes: vec![delete], ..Transaction::default() }));
    assert_eq!(mirror.entries(), [("a", "1", kept), ("b", "1", kept)].map(owned));
    assert_eq!(follow(store).entries(), mirror.entries());
}

fn a_late_feed_sees_everything(store: &impl Store) {
    let first = done(commit(store, puts(&[("a", "1")])));
    let second = done(commit(store, puts(&[("b", "2")])));
    assert_eq!(follow(store).entries(), [("a", "1", first), ("b", "2", second)].map(owned));
}

fn puts(pairs: &[(&'static str, &'static str)]) -> Transaction {
    let put = |&(key, value): &(&'static str, &'static str)| Write::Put {
        key: Bytes::from_static(key.as_bytes()),
        value: Bytes::from_static(value.as_bytes()),
    };
    Transaction { preconditions: Vec::new(), writes: pairs.iter().map(put).collect() }
}

fn done(commit: Commit) -> Revision {
    match commit {
        Commit::Done(revision) => revision,
        Commit::Conflict => panic!("a commit without preconditions conflicted"),
    }
}

fn owned((key, value, revision): (&str, &str, Revision)) -> (Bytes, Bytes, Revision) {
    (Bytes::copy_from_slice(key.as_bytes()), Bytes::copy_from_slice(value.as_bytes()), revision)
}

/// A copy of the store made from nothing but its feed.
#[derive(Default)]
struct Mirror(Mutex<BTreeMap<Bytes, (Bytes, Revision)>>);

impl Mirror {
    fn entries(&self) -> Vec<(Bytes, Bytes, Revision)> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(|(key, (value, at))| (key.clone(), value.clone(), *at)).collect()
    }
}

impl Feed for Mirror {
    fn load(&self, _: Revision, entries: &mut dyn Iterator<Item = Entry<'_>>) {
        let mut mine = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *mine = entries
            .map(|entry| {
                let value = Bytes::copy_from_slice(entry.value);
                (Bytes::copy_from_slice(entry.key), (value, entry.revision))
            })
            .collect();
    }

    fn apply(&self, revision: Revision, writes: &[Write]) {
        let mut mine = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    mine.insert(key.clone(), (value.clone(), revision));
                }
                Write::Delete { key } => {
                    mine.remove(key);
                }
                Write::DeletePrefix { prefix } => mine.retain(|key, _| !key.starts_with(prefix)),
            }
        }
    }
}

fn follow(store: &impl Store) -> Arc<Mirror> {
    let mirror = Arc::new(Mirror::default());
    if let Err(error) = wait(store.subscribe(mirror.clone())) {
        panic!("subscribe failed: {error:?}");
    }
    mirror
}

/// Polls a future to its end on this thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
        std::thread::yield_now();
    }
}
