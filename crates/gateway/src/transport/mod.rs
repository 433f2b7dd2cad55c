//! Connections, and whole requests from them. What a request means is not known here.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod limits;
pub(crate) mod listen;
pub(crate) mod stack;
