//! What the operations of IAM mean.
//!
//! A folder for each kind of entity; in it, its rules and a file for each of its operations. An
//! operation is an implementation of [`Handle`](daypass_authz::Handle): what its caller must be
//! allowed to do, and what it does in one transaction. Types, constraints and errors come from
//! [`daypass_model`]; what an operation is called is in [`generated`], with the way from names to
//! operations and the list of those that are not built yet.
//!
//! AWS's sentences are in `errors` and nowhere else.

mod access_key;
mod account;
mod boundary;
mod caller;
mod errors;
pub mod generated;
mod group;
mod held_policies;
mod need;
mod pagination;
mod policy;
mod quotas;
mod role;
mod tags;
#[cfg(test)]
mod testing;
mod user;

pub use generated::{NOT_YET, OPERATIONS, dispatch};
