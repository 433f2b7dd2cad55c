//! Which steps are accepted (RFC 6238, sections 5.2 and 6).

use crate::{Code, Seed, step_at};

/// How many steps a code may be older or newer than the device's clock is taken to be: with its own
/// step that makes 90 seconds.
const TOLERANCE: i64 = 1;

/// How many steps a device's clock may be off when two codes in a row tell how far: ten minutes.
const REACH: i64 = 20;

/// What two codes in a row tell of a device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Synchronized {
    /// The step of the second code.
    pub step: i64,
    /// How many steps the device's clock is ahead of the service's; 0 when that is within the
    /// tolerance anyway.
    pub drift: i64,
}

impl Seed {
    /// The step of a code that is good at `now`, in Unix seconds, on a device whose clock is `drift`
    /// steps ahead. A step up to `newest_spent` is no longer good: it or a later one has been used.
    #[must_use]
    pub fn verify(
        &self,
        code: Code,
        now: i64,
        drift: i64,
        newest_spent: Option<i64>,
    ) -> Option<i64> {
        let middle = step_at(now).saturating_add(drift);
        let steps = middle.saturating_sub(TOLERANCE)..=middle.saturating_add(TOLERANCE);
        self.find(code, steps).filter(|step| newest_spent.is_none_or(|spent| *step > spent))
    }

    /// What two codes, which a device has shown one after the other, tell of its clock. `None`: they
    /// are not such, or of another time, or one of them is no longer good.
    ///
    /// Codes that were put in late look like those of a slow clock, as on AWS.
    #[must_use]
    pub fn synchronize(
        &self,
        [before, code]: [Code; 2],
        now: i64,
        newest_spent: Option<i64>,
    ) -> Option<Synchronized> {
        let now = step_at(now);
        let steps = now.saturating_sub(REACH)..=now.saturating_add(REACH);
        let step = self.find_pair(before, code, steps)?;
        if before == code || newest_spent.is_some_and(|spent| step - 1 <= spent) {
            return None;
        }
        let drift = step - now;
        Some(Synchronized { step, drift: if drift.abs() <= TOLERANCE { 0 } else { drift } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_015;

    fn seed() -> Seed {
        Seed::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap()
    }

    #[test]
    fn a_code_is_good_a_step_before_its_time_and_a_step_after() {
        let (seed, now) = (seed(), step_at(NOW));
        for (ahead, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = now + ahead;
            let expected = good.then_some(step);
            assert_eq!(seed.verify(seed.code_at(step), NOW, 0, None), expected, "{ahead}");
            let moved = seed.verify(seed.code_at(step + 5), NOW, 5, None);
            assert_eq!(moved, expected.map(|step| step + 5), "{ahead}, of a clock ahead");
        }
    }

    #[test]
    fn a_spent_step_is_good_no_more_nor_is_any_before_it() {
        let (seed, now) = (seed(), step_at(NOW));
        for (spent, good) in [(now - 2, true), (now - 1, true), (now, false), (now + 1, false)] {
            let step = seed.verify(seed.code_at(now), NOW, 0, Some(spent));
            assert_eq!(step.is_some(), good, "{spent}");
        }
    }

    #[test]
    fn two_codes_in_a_row_tell_how_far_a_clock_is_off() {
        let (seed, now) = (seed(), step_at(NOW));
        let pair = |ahead| [seed.code_at(now + ahead - 1), seed.code_at(now + ahead)];
        for (ahead, drift) in [(0, 0), (1, 0), (-1, 0), (-2, -2), (2, 2), (20, 20), (-20, -20)] {
            let expected = Some(Synchronized { step: now + ahead, drift });
            assert_eq!(seed.synchronize(pair(ahead), NOW, None), expected, "{ahead}");
        }
        assert_eq!(seed.synchronize(pair(21), NOW, None), None);
        assert_eq!(seed.synchronize(pair(-21), NOW, None), None);
        let [before, code] = pair(0);
        assert_eq!(seed.synchronize([code, before], NOW, None), None);
        assert_eq!(seed.synchronize([code, code], NOW, None), None);
        assert_eq!(seed.synchronize([before, code], NOW, Some(now - 1)), None);
        assert!(seed.synchronize([before, code], NOW, Some(now - 2)).is_some());
    }

    #[test]
    fn no_time_is_too_far_away() {
        let seed = seed();
        for now in [i64::MIN, -1, 0, i64::MAX] {
            let code = seed.code_at(step_at(now));
            assert!(seed.verify(code, now, 0, None).is_some(), "{now}");
            assert!(seed.verify(code, now, i64::MAX, None).is_none(), "{now}");
        }
    }
}
