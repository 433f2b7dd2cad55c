//! Managed policies that a holder shares with others.

mod attach;
mod detach;
mod list;

pub(crate) use list::list_all;
