//! One-time codes as authenticator apps show them (RFC 6238, on RFC 4226): SHA-1, six digits, a new
//! code every thirty seconds.
//!
//! Time is counted in *steps*: thirty seconds each, from 1970. A code is good in the steps next to its
//! own too, and good once only: what was spent, and how often somebody guessed ([`Attempts`]), is for
//! the callers to remember.

mod attempts;
mod code;
mod seed;
mod window;

pub use attempts::Attempts;
pub use code::{Code, InvalidCode};
pub use seed::{InvalidSeed, Seed};
pub use window::Synchronized;

/// For how many seconds a device shows a code.
pub const STEP_SECONDS: i64 = 30;

/// The step in which a time lies, in Unix seconds.
#[must_use]
pub fn step_at(now: i64) -> i64 {
    now.div_euclid(STEP_SECONDS)
}
