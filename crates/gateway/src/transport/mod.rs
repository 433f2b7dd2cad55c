//! Connections, and whole requests from them. What a request means is not known here.

pub(crate) mod body;
pub(crate) mod budget;
pub(crate) mod connection;
mod connections;
pub(crate) mod limits;
pub(crate) mod listen;
pub(crate) mod stack;
