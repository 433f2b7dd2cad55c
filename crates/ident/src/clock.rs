use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;

/// Where the time comes from. Nothing else in daypass asks the system for it, so that a test can
/// freeze what expires without making every signature stale.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> DateTime;
}

/// The system's wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where daypass reads the time")]
    fn now(&self) -> DateTime {
        // A system set to before 1970 counts as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        DateTime::from_secs_and_nanos(since.as_secs().cast_signed(), since.subsec_nanos())
    }
}

/// A clock that follows another until it is frozen or moved: the service clock, by which whatever
/// expires is judged.
#[derive(Debug)]
pub struct ManualClock<C = SystemClock> {
    base: C,
    /// Seconds that this clock is ahead of its base while it runs.
    ahead: AtomicI64,
    frozen: AtomicBool,
    frozen_at: Mutex<DateTime>,
}

impl<C: Clock> ManualClock<C> {
    /// A clock that follows `base`.
    pub fn new(base: C) -> Self {
        Self {
            base,
            ahead: AtomicI64::new(0),
            frozen: AtomicBool::new(false),
            frozen_at: Mutex::new(DateTime::from_secs(0)),
        }
    }

    /// Stops at `at` until the clock is moved or released.
    pub fn freeze(&self, at: DateTime) {
        *self.frozen_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at;
        self.frozen.store(true, Ordering::Release);
    }

    /// Moves the clock by this many seconds, frozen or running.
    pub fn advance(&self, seconds: i64) {
        if self.frozen.load(Ordering::Acquire) {
            let mut at = self.frozen_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *at = later(*at, seconds);
        } else {
            self.ahead.fetch_add(seconds, Ordering::AcqRel);
        }
    }

    /// Follows the base again, without an offset.
    pub fn release(&self) {
        self.ahead.store(0, Ordering::Release);
        self.frozen.store(false, Ordering::Release);
    }
}

impl<C: Clock + Default> Default for ManualClock<C> {
    fn default() -> Self {
        Self::new(C::default())
    }
}

impl<C: Clock> Clock for ManualClock<C> {
    fn now(&self) -> DateTime {
        if self.frozen.load(Ordering::Acquire) {
            return *self.frozen_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        later(self.base.now(), self.ahead.load(Ordering::Acquire))
    }
}

fn later(time: DateTime, seconds: i64) -> DateTime {
    DateTime::from_secs_and_nanos(time.secs().saturating_add(seconds), time.subsec_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_stands_still_until_it_is_moved() {
        let clock = ManualClock::new(SystemClock);
        clock.freeze(DateTime::from_secs(1_000));
        assert_eq!(clock.now(), DateTime::from_secs(1_000));
        clock.advance(60);
        assert_eq!(clock.now(), DateTime::from_secs(1_060));
        clock.release();
        assert!(clock.now().secs() > 1_700_000_000);
    }

    #[test]
    fn a_running_clock_keeps_its_offset() {
        let clock = ManualClock::new(SystemClock);
        clock.advance(10_000);
        assert!(clock.now().secs() >= SystemClock.now().secs() + 9_990);
    }
}
