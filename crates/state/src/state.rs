use std::collections::BTreeSet;
use std::sync::Arc;

use arc_swap::ArcSwap;
use daypass_ident::AccountId;
use daypass_store::{Commit, Entry, Feed, Revision, Store, StoreError, Transaction, Write};

use crate::{Draft, Tx, UnknownCodec, View};

/// The store and the view that follows it.
#[derive(Debug)]
pub struct State {
    store: Arc<dyn Store>,
    current: Arc<Current>,
}

impl State {
    /// Reads the store into a view and follows it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn Store>) -> Result<Self, StoreError> {
        let current = Arc::new(Current::default());
        store.subscribe(Arc::clone(&current) as Arc<dyn Feed>).await?;
        Ok(Self { store, current })
    }

    /// The newest view.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        self.current.0.load_full()
    }

    /// Commits what an operation wrote. A transaction that wrote nothing never conflicts.
    ///
    /// # Errors
    /// When the store fails; whether the writes are in is then not known.
    pub async fn commit(&self, tx: Tx) -> Result<Committed, CommitError> {
        if tx.is_empty() {
            return Ok(Committed::Done);
        }
        match self.store.commit(tx.into_transaction()?).await? {
            Commit::Done(_) => Ok(Committed::Done),
            Commit::Conflict => Ok(Committed::Conflict),
        }
    }

    /// Puts in whatever `goal` has otherwise than `base`, in one commit, unless the accounts have changed since
    /// the state was `seen`. `accounts` are all those in which `base` and `goal` differ; neither is of this store.
    ///
    /// # Errors
    /// When the store fails; whether the writes are in is then not known.
    pub async fn advance(
        &self,
        seen: &View,
        base: &View,
        goal: &View,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<Committed, CommitError> {
        let transaction = Draft::difference(seen, base, goal, accounts)?;
        if transaction.writes.is_empty() {
            return Ok(Committed::Done);
        }
        match self.store.commit(transaction).await? {
            Commit::Done(_) => Ok(Committed::Done),
            Commit::Conflict => Ok(Committed::Conflict),
        }
    }

    /// Puts the draft in the place of everything that is stored, in one commit.
    ///
    /// # Errors
    /// When the store fails; whether the writes are in is then not known.
    pub async fn replace(&self, draft: Draft) -> Result<(), CommitError> {
        let mut writes = vec![Write::DeletePrefix { prefix: Default::default() }];
        writes.extend(draft.into_writes()?);
        self.store.commit(Transaction { preconditions: Vec::new(), writes }).await?;
        Ok(())
    }
}

/// How a commit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// The writes are in, and in the view.
    Done,
    /// Something else was written to the account in the meantime; nothing was written. Run the
    /// operation again on a new view.
    Conflict,
}

/// The writes could not be committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record could not be encoded; nothing was written.
    #[error(transparent)]
    Codec(#[from] UnknownCodec),
}

/// The view that requests read, swapped whole after each commit.
#[derive(Debug, Default)]
struct Current(ArcSwap<View>);

impl Feed for Current {
    fn load(&self, _: Revision, entries: &mut dyn Iterator<Item = Entry<'_>>) {
        self.0.store(Arc::new(View::load(entries)));
    }

    fn apply(&self, revision: Revision, writes: &[Write]) {
        // Changes come one at a time, so nothing is lost between the read and the swap.
        let mut view = View::clone(&self.0.load());
        view.apply(revision, writes);
        self.0.store(Arc::new(view));
    }
}
