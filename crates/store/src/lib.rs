//! Bytes with transactions: preconditions, one commit, a change feed.
//!
//! A [`Store`] keeps keys and values and knows nothing of what they mean. A writer states what it
//! relied on as [`Precondition`]s; the store commits all of its [`Write`]s at once or, when a
//! precondition no longer holds, none. Every commit has a [`Revision`] and reaches the [`Feed`] in
//! the order of revisions before the commit is answered, so that a view built from the feed never
//! lags behind an answer.
//!
//! Engines: [`MemoryStore`]. An engine is right when it passes the suite of this crate (feature
//! `suite`).

mod memory;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
mod transaction;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub use memory::MemoryStore;
pub use transaction::{Precondition, Revision, Transaction, Write};

/// A transactional store of bytes.
pub trait Store: fmt::Debug + Send + Sync {
    /// Delivers everything to `feed` at one revision, and from then on each change in order.
    /// A store has one feed; a later one takes its place.
    fn subscribe(&self, feed: Arc<dyn Feed>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Commits all writes at once if every precondition holds. When this answers
    /// [`Commit::Done`], the feed has seen the change.
    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Commit, StoreError>>;
}

/// Who follows a store: the in-memory view.
///
/// Calls come one at a time, in the order of revisions.
pub trait Feed: Send + Sync {
    /// Everything that the store holds, at one revision.
    fn load(&self, revision: Revision, entries: &mut dyn Iterator<Item = Entry<'_>>);

    /// One committed transaction.
    fn apply(&self, revision: Revision, writes: &[Write]);
}

/// A key with its value and the revision that last wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a [u8],
    /// The value.
    pub value: &'a [u8],
    /// The commit that wrote the value.
    pub revision: Revision,
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// All writes are in, at this revision.
    Done(Revision),
    /// A precondition no longer held; nothing was written. Read again and decide again.
    Conflict,
}

/// The engine could not do its work; whether the writes are in is not known.
#[derive(Debug, thiserror::Error)]
#[error("the store is unavailable")]
pub struct StoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A future on the heap, so that [`Store`] can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
