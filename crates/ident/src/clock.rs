use std::fmt;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
///
/// It shows the years from 1970 to 9999, which every form of a time can write; moved beyond, it
/// stands at the first or the last of these seconds.
#[derive(Debug)]
pub struct ManualClock<C = SystemClock> {
    base: C,
    /// Seconds that this clock is ahead of its base while it runs.
    ahead: AtomicI64,
    /// Whether there is a time in `frozen_at`, so that a clock that runs is read without a lock.
    frozen: AtomicBool,
    frozen_at: Mutex<Option<DateTime>>,
}

impl<C: Clock> ManualClock<C> {
    /// A clock that follows `base`.
    pub fn new(base: C) -> Self {
        Self {
            base,
            ahead: AtomicI64::new(0),
            frozen: AtomicBool::new(false),
            frozen_at: Mutex::new(None),
        }
    }

    /// Stops at `at` until the clock is moved or released.
    pub fn freeze(&self, at: DateTime) {
        self.stop(&mut self.lock(), at);
    }

    /// Stops where the clock stands. Answers where that is.
    pub fn freeze_now(&self) -> DateTime {
        let mut frozen_at = self.lock();
        let now = frozen_at.unwrap_or_else(|| self.running());
        self.stop(&mut frozen_at, now);
        now
    }

    /// Moves the clock to `to`: if it is frozen it stands there, else it runs on from that second.
    pub fn set(&self, to: DateTime) {
        let mut frozen_at = self.lock();
        match &mut *frozen_at {
            Some(at) => *at = shown(to),
            None => {
                let ahead = to.secs().saturating_sub(self.base.now().secs());
                self.ahead.store(ahead, Ordering::Release);
            }
        }
    }

    /// Moves the clock by this many seconds, frozen or running, backwards if there are less than
    /// none.
    pub fn advance(&self, seconds: i64) {
        let mut frozen_at = self.lock();
        match &mut *frozen_at {
            Some(at) => *at = later(*at, seconds),
            None => {
                let ahead = self.ahead.load(Ordering::Acquire).saturating_add(seconds);
                self.ahead.store(ahead, Ordering::Release);
            }
        }
    }

    /// Follows the base again, without an offset.
    pub fn release(&self) {
        let mut frozen_at = self.lock();
        *frozen_at = None;
        self.ahead.store(0, Ordering::Release);
        self.frozen.store(false, Ordering::Release);
    }

    /// Whether the clock can be moved to this second, in Unix time.
    pub fn can_show(&self, second: i64) -> bool {
        SECONDS.contains(&second)
    }

    /// Where the clock stands.
    pub fn reading(&self) -> Reading {
        let frozen_at = self.lock();
        let base = self.base.now();
        let now = frozen_at.unwrap_or_else(|| self.running_from(base));
        let offset_seconds = now.secs().saturating_sub(base.secs());
        Reading { now, is_frozen: frozen_at.is_some(), offset_seconds }
    }

    fn stop(&self, frozen_at: &mut Option<DateTime>, at: DateTime) {
        *frozen_at = Some(shown(at));
        self.frozen.store(true, Ordering::Release);
    }

    fn running(&self) -> DateTime {
        self.running_from(self.base.now())
    }

    fn running_from(&self, base: DateTime) -> DateTime {
        later(base, self.ahead.load(Ordering::Acquire))
    }

    fn lock(&self) -> MutexGuard<'_, Option<DateTime>> {
        self.frozen_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clock + Default> Default for ManualClock<C> {
    fn default() -> Self {
        Self::new(C::default())
    }
}

impl<C: Clock> Clock for ManualClock<C> {
    fn now(&self) -> DateTime {
        // Who reads while it is released sees it frozen or running, both of which it was.
        let frozen_at = self.frozen.load(Ordering::Acquire).then(|| *self.lock()).flatten();
        frozen_at.unwrap_or_else(|| self.running())
    }
}

/// Where a [`ManualClock`] stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The time that it shows.
    pub now: DateTime,
    /// Whether it stands still.
    pub is_frozen: bool,
    /// The seconds that it is ahead of the clock that it follows; less than none when behind.
    pub offset_seconds: i64,
}

fn later(time: DateTime, seconds: i64) -> DateTime {
    let moved = time.secs().saturating_add(seconds);
    shown(DateTime::from_secs_and_nanos(moved, time.subsec_nanos()))
}

/// The nearest time that a [`ManualClock`] shows.
fn shown(time: DateTime) -> DateTime {
    DateTime::from_secs_and_nanos(
        time.secs().clamp(*SECONDS.start(), *SECONDS.end()),
        time.subsec_nanos(),
    )
}

/// From 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z, in Unix seconds.
const SECONDS: RangeInclusive<i64> = 0..=253_402_300_799;

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
        clock.set(DateTime::from_secs(500));
        assert_eq!(clock.freeze_now(), DateTime::from_secs(500));
        clock.release();
        assert!(clock.now().secs() > 1_700_000_000);
    }

    #[test]
    fn a_running_clock_keeps_its_offset() {
        let clock = ManualClock::new(Stopped(5_000));
        clock.advance(10_000);
        assert_eq!(clock.now().secs(), 15_000);
        clock.set(DateTime::from_secs(2_000));
        assert_eq!(clock.now().secs(), 2_000);
        clock.advance(-500);
        assert_eq!(clock.now().secs(), 1_500);
        clock.release();
        assert_eq!(clock.now().secs(), 5_000);
    }

    #[test]
    fn freezing_stops_the_clock_where_it_stands() {
        let clock = ManualClock::new(SystemClock);
        clock.advance(10_000);
        let at = clock.freeze_now();
        assert!(at.secs() >= SystemClock.now().secs() + 9_990);
        assert_eq!((clock.now(), clock.freeze_now()), (at, at));
    }

    #[test]
    fn a_reading_tells_how_far_the_clock_was_moved() {
        let clock = ManualClock::new(Stopped(5_000));
        let reading = |secs, is_frozen, offset_seconds| Reading {
            now: DateTime::from_secs(secs),
            is_frozen,
            offset_seconds,
        };
        assert_eq!(clock.reading(), reading(5_000, false, 0));
        clock.advance(60);
        assert_eq!(clock.reading(), reading(5_060, false, 60));
        clock.freeze(DateTime::from_secs(1_000));
        assert_eq!(clock.reading(), reading(1_000, true, -4_000));
    }

    #[test]
    fn no_move_leads_beyond_what_can_be_written() {
        let clock = ManualClock::new(Stopped(5_000));
        for (seconds, end) in [(i64::MAX, *SECONDS.end()), (i64::MIN, 0)] {
            clock.release();
            clock.advance(seconds);
            clock.advance(seconds);
            assert_eq!(clock.now().secs(), end, "running");
            clock.set(DateTime::from_secs(seconds));
            assert_eq!(clock.now().secs(), end, "set");
            clock.freeze_now();
            clock.advance(seconds);
            assert_eq!(clock.now().secs(), end, "frozen");
            clock.freeze(DateTime::from_secs(seconds));
            assert_eq!(clock.now().secs(), end, "frozen there");
        }
    }

    /// A clock that shows one second.
    #[derive(Debug)]
    struct Stopped(i64);

    impl Clock for Stopped {
        fn now(&self) -> DateTime {
            DateTime::from_secs(self.0)
        }
    }
}
