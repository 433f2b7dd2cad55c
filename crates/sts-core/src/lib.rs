//! What the operations of STS mean.
//!
//! A file for each operation, and what they share: how long a session lasts (`duration`), what tags
//! it carries (`tags`), which policies bound it (`session_policies`), and the making of its
//! credentials (`issue`). Issuing writes nothing: a session is its token.

mod assume_role;
mod duration;
mod errors;
pub mod generated;
mod get_access_key_info;
mod get_caller_identity;
mod get_session_token;
mod issue;
mod mfa;
mod session_policies;
mod tags;
#[cfg(test)]
mod testing;

pub use generated::{NOT_YET, OPERATIONS, dispatch};
