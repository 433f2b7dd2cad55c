//! SigV4a: the same four sources of truth as SigV4's.

mod signed;
mod vectors;
mod words;
