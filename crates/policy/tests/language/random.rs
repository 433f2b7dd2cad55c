//! Random policies and requests, over so few names that they often meet.

mod condition;
mod document;
mod pattern;
mod request;
mod vocabulary;
mod world;

pub(crate) use condition::OPERATORS;
pub(crate) use document::Kind;
pub(crate) use pattern::patterns;
pub(crate) use request::ask;
pub(crate) use world::{documents, statements, world};

/// A sequence of numbers that a seed determines (Steele, Lea, Flood: SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn among<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Puts a list into another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }

    /// One thing or, once in so many times, a list of up to three.
    fn list<T>(&mut self, times: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = if self.once_in(times) { 1 + self.below(3) } else { 1 };
        (0..count).map(|_| make(self)).collect()
    }
}
