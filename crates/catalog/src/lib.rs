//! AWS's own data: the managed policies.
//!
//! The data is part of the binary. `cargo xtask catalog` writes it from a package that follows
//! AWS; a process that never asks for an AWS managed policy never reads it, and a document is
//! inflated when somebody first asks for it.

mod documents;
mod managed_policy;

pub use managed_policy::{ManagedPolicy, managed_policies, managed_policy};
