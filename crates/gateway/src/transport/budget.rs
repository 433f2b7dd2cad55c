//! How many bytes the bodies of requests may hold at one time.
//!
//! A body is read whole before its signature can be verified, so anybody can make daypass hold one.
//! All bodies together have a budget. The requests that show no signature have a quarter of it, and
//! one peer has half of each, so that neither can use up what others need.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What the requests of one peer, or of all, may hold.
#[derive(Debug)]
pub(crate) struct BodyBudget {
    signed: Pool,
    unsigned: Pool,
}

impl BodyBudget {
    /// The budget of all bodies together, in bytes.
    pub(crate) fn of_all(bytes: usize) -> Self {
        let unsigned = bytes / 4;
        Self { signed: Pool::new(bytes - unsigned), unsigned: Pool::new(unsigned) }
    }

    /// The share that one peer has of it.
    pub(crate) fn of_peer(bytes: usize) -> Self {
        Self::of_all(bytes / 2)
    }

    /// Takes bytes for a body, if there are so many left.
    pub(crate) fn take(&self, claim: Claim, bytes: usize) -> bool {
        self.pool(claim).take(bytes)
    }

    /// Gives back what was taken.
    pub(crate) fn give_back(&self, claim: Claim, bytes: usize) {
        self.pool(claim).give_back(bytes);
    }

    fn pool(&self, claim: Claim) -> &Pool {
        match claim {
            Claim::Signed => &self.signed,
            Claim::Unsigned => &self.unsigned,
        }
    }
}

/// Whether a request shows a signature. It may be a wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    Signed,
    Unsigned,
}

#[derive(Debug)]
struct Pool {
    size: usize,
    used: AtomicUsize,
}

impl Pool {
    const fn new(size: usize) -> Self {
        Self { size, used: AtomicUsize::new(0) }
    }

    fn take(&self, bytes: usize) -> bool {
        let used = self.used.fetch_add(bytes, Ordering::Relaxed);
        let has_room = used.checked_add(bytes).is_some_and(|used| used <= self.size);
        if !has_room {
            self.give_back(bytes);
        }
        has_room
    }

    fn give_back(&self, bytes: usize) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let budget = BodyBudget::of_all(400);
        assert!(budget.take(Claim::Signed, 300));
        assert!(!budget.take(Claim::Signed, 1));
        assert!(budget.take(Claim::Unsigned, 100));
        assert!(!budget.take(Claim::Unsigned, 1));
        budget.give_back(Claim::Signed, 10);
        assert!(!budget.take(Claim::Signed, 11));
        assert!(budget.take(Claim::Signed, 10));
    }

    #[test]
    fn a_peer_has_half() {
        let budget = BodyBudget::of_peer(400);
        assert!(budget.take(Claim::Signed, 150) && !budget.take(Claim::Signed, 1));
        assert!(budget.take(Claim::Unsigned, 50) && !budget.take(Claim::Unsigned, 1));
    }
}
