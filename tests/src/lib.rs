//! What the end-to-end tests share: a running daypass with AWS's own clients for it, requests
//! signed by hand or made from the models, and the `daypass` command as a process.
//!
//! The tests themselves are in `tests/e2e/`, one module for each story, in one binary, so that
//! AWS's SDK is linked once. `tests/rows/` runs nothing: it lays what operations need beside AWS's
//! facts.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is only used by tests may fail by panicking"
)]

mod command;
mod http;
mod issuer;
mod refusal;
mod sample;
mod signing;
mod world;

pub use command::{PATIENCE, Running, daypass, kill, run};
pub use http::{Answer, Sent};
pub use issuer::Issuer;
pub use refusal::{Refusal, Refused, invalid_token, mismatch, refusal};
pub use sample::{Filling, Samples, encoded};
pub use signing::Signing;
pub use world::{ACCOUNT, World, allow, deny, policy, session_keys, trust};
