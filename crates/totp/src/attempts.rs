//! How often a code may be guessed (RFC 4226, section 7.3).
//!
//! Three codes in a million are good at any moment, so whoever may guess without end is right before
//! long. What AWS does about it is not on record; this is the RFC's scheme of delays: a few mistakes
//! are let go, and then each costs a wait that grows with their number. No wait is longer than a
//! quarter of an hour, so that whoever is shut out by somebody else's guesses is let in soon after
//! these end; who guesses all day is right with a chance of one in 1800, and of one in 3500 on each day
//! after that.

/// The wrong codes that were shown for one device since the last right one: how many, and when the
/// newest. One word, so that whoever shares it needs no lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts(u64);

impl Attempts {
    /// These and one more at `now`, in Unix seconds. `None`: it is too early for one more, and it does
    /// not count.
    ///
    /// It is counted before the code is looked at, so that of many guesses at once none is free. A
    /// right code puts [`Attempts::default`] in the place of all.
    #[must_use]
    pub fn and_one(self, now: i64) -> Option<Self> {
        let now = now.clamp(0, LATEST).unsigned_abs();
        // A clock that was put back by less than the wait ends no wait, one put back far does.
        let is_early = now.abs_diff(self.newest()) < self.wait();
        let count = (self.count() + 1).min(MOST);
        (!is_early).then_some(Self(now << COUNT_BITS | count))
    }

    /// The word itself.
    #[must_use]
    pub fn to_bits(self) -> u64 {
        self.0
    }

    /// The attempts of which [`to_bits`](Self::to_bits) was the word.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// For how many seconds after the newest no other counts.
    fn wait(self) -> u64 {
        if self.count() < LET_GO { 0 } else { self.count() * SECONDS_EACH }
    }

    fn count(self) -> u64 {
        self.0 & MOST_BITS
    }

    fn newest(self) -> u64 {
        self.0 >> COUNT_BITS
    }
}

/// Mistakes in a row that cost no wait, but the last of them.
const LET_GO: u64 = 5;

/// The RFC's example of its throttling parameter.
const SECONDS_EACH: u64 = 5;

/// From here on the wait grows no more: 15 minutes.
const MOST: u64 = 180;

const COUNT_BITS: u32 = 8;
const MOST_BITS: u64 = (1 << COUNT_BITS) - 1;
const LATEST: i64 = i64::MAX >> COUNT_BITS;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn after(count: usize) -> Attempts {
        (0..count).fold(Attempts::default(), |attempts, number| {
            // Far enough apart for each of them to count.
            let now = NOW - 1_000 * i64::try_from(count - 1 - number).unwrap();
            attempts.and_one(now).unwrap()
        })
    }

    #[test]
    fn each_mistake_beyond_the_first_few_costs_a_longer_wait() {
        let cases = [
            (0, 0),
            (1, 0),
            (4, 0),
            (5, 25),
            (6, 30),
            (7, 35),
            (179, 895),
            (180, 900),
            (181, 900),
            (1_000, 900),
        ];
        for (count, wait) in cases {
            let attempts = after(count);
            assert!(attempts.and_one(NOW + wait).is_some(), "{count}");
            if wait > 0 {
                assert_eq!(attempts.and_one(NOW), None, "{count}");
                assert_eq!(attempts.and_one(NOW + wait - 1), None, "{count}");
            }
        }
    }

    #[test]
    fn what_comes_too_early_does_not_prolong_the_wait() {
        let mut attempts = Attempts::default();
        let mut counted = 0;
        // One guess a second for a day.
        for now in NOW..NOW + 86_400 {
            if let Some(more) = attempts.and_one(now) {
                (attempts, counted) = (more, counted + 1);
            }
        }
        // Five at once; 176 more, with waits of 25 to 900 seconds before them, in 81 400 seconds; and
        // one every quarter of an hour.
        assert_eq!(counted, 5 + 176 + 5);
    }

    #[test]
    fn a_clock_that_was_put_back_ends_only_what_it_cannot_have_begun() {
        let attempts = after(5);
        assert_eq!(attempts.and_one(NOW - 24), None);
        assert!(attempts.and_one(NOW - 25).is_some());
    }

    proptest! {
        #[test]
        fn at_any_time_the_sixth_at_once_is_too_early(now: i64) {
            let five = (0..5).try_fold(Attempts::default(), |attempts, _| attempts.and_one(now));
            let five = Attempts::from_bits(five.unwrap().to_bits());
            prop_assert_eq!(five.and_one(now), None);
            prop_assert_eq!(five.count(), 5);
        }
    }
}
