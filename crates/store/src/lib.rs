//! Bytes with transactions: preconditions, one commit, a change feed.
