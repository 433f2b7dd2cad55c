//! The managed policy that bounds what a user or role may do.

mod delete;
mod put;
