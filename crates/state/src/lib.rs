//! Typed records over the store, and the in-memory view that requests read.
