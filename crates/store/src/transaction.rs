use bytes::Bytes;

/// The number of a commit; each commit has a greater one than the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

/// What one commit relies on and what it changes.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    /// All must hold, or nothing is written.
    pub preconditions: Vec<Precondition>,
    /// Carried out in this order.
    pub writes: Vec<Write>,
}

/// A key must still be as the writer saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precondition {
    /// The key.
    pub key: Bytes,
    /// The revision at which it was last written; `None`: there is no such key.
    pub revision: Option<Revision>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets a key's value.
    Put {
        /// The key.
        key: Bytes,
        /// Its new value.
        value: Bytes,
    },
    /// Removes a key; a key that is not there is no error.
    Delete {
        /// The key.
        key: Bytes,
    },
    /// Removes every key that begins with these bytes; with none, all keys.
    DeletePrefix {
        /// The beginning.
        prefix: Bytes,
    },
}
