//! The policies that users, groups and roles hold: inline and attached ones, and the boundaries
//! of users and roles (IAM User Guide, "Policies and permissions in IAM").
//!
//! AWS has an operation for each kind of holder. What they do is written once, for any [`Holder`];
//! the file of an operation has it and its three forms.

mod attached;
mod boundary;
mod holder;
mod inline;

#[cfg(test)]
mod tests;

pub(crate) use attached::list_all as attached;
use holder::{Bounded, Holder};
