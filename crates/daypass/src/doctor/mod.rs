//! `daypass doctor`: finds out what is wrong, offline.

mod message;
mod signature;

pub(crate) use signature::signature;
