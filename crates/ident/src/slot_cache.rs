use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use foldhash::fast::RandomState;

/// A cache of fixed size without locks: each key has one slot, and a newcomer takes it.
///
/// For what is cheap to make again but asked for at every request, such as derived signing keys
/// and opened session tokens. Memory is bounded by the number of slots; readers and writers never
/// wait for each other.
pub struct SlotCache<K, V> {
    slots: Box<[ArcSwapOption<(K, V)>]>,
    hasher: RandomState,
}

impl<K, V: Clone> SlotCache<K, V> {
    /// A cache of `slots` slots, at least one.
    #[must_use]
    pub fn new(slots: usize) -> Self {
        Self {
            slots: (0..slots.max(1)).map(|_| ArcSwapOption::empty()).collect(),
            hasher: RandomState::default(),
        }
    }

    /// The value kept for the key that hashes like `probe` and that `is_key` recognises.
    ///
    /// The probe stands in for the key so that a look-up allocates nothing.
    pub fn get<Q: Hash + ?Sized>(&self, probe: &Q, is_key: impl Fn(&K) -> bool) -> Option<V> {
        let entry = self.slot(probe)?.load();
        entry.as_ref().filter(|entry| is_key(&entry.0)).map(|entry| entry.1.clone())
    }

    /// Keeps a value; whatever was in its slot goes.
    pub fn put<Q: Hash + ?Sized>(&self, probe: &Q, key: K, value: V) {
        if let Some(slot) = self.slot(probe) {
            slot.store(Some(Arc::new((key, value))));
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        for slot in &self.slots {
            slot.store(None);
        }
    }

    fn slot<Q: Hash + ?Sized>(&self, probe: &Q) -> Option<&ArcSwapOption<(K, V)>> {
        let hash = self.hasher.hash_one(probe);
        let at = usize::try_from(hash % u64::try_from(self.slots.len()).ok()?).ok()?;
        self.slots.get(at)
    }
}

impl<K, V> fmt::Debug for SlotCache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlotCache").field("slots", &self.slots.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_newest_of_each_slot() {
        let cache: SlotCache<String, u32> = SlotCache::new(1);
        assert_eq!(cache.get("a", |key| key == "a"), None);
        cache.put("a", "a".to_owned(), 1);
        assert_eq!(cache.get("a", |key| key == "a"), Some(1));
        cache.put("b", "b".to_owned(), 2);
        assert_eq!(cache.get("a", |key| key == "a"), None);
        assert_eq!(cache.get("b", |key| key == "b"), Some(2));
        cache.clear();
        assert_eq!(cache.get("b", |key| key == "b"), None);
    }
}
