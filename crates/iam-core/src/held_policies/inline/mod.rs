//! Policies that live and die with their holder.

mod delete;
mod get;
mod list;
mod put;
