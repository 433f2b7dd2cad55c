//! Sealed, self-contained session tokens.
