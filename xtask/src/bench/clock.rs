//! The one place of the bench that asks for the time: to measure is what it is for.

use std::time::{Instant, SystemTime};

/// This moment, for measuring from.
#[expect(clippy::disallowed_methods, reason = "what is measured is the real time")]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

/// The time of day, for signing.
#[expect(clippy::disallowed_methods, reason = "the server that is measured goes by the real time")]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}
