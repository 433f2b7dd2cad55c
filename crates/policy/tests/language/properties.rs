//! What holds for every policy, whatever it says.

mod monotone;
mod order;
mod text;

use serde_json::Value;

use crate::random::{Random, ask, world};
use crate::shrink::shrink;
use crate::support::{Decision, Outcome, decided};

/// Enough to meet every kind of policy many times.
const WORLDS: usize = 500;
const REQUESTS: usize = 8;

/// Asks random requests of random policies; what does not hold is made small and shown. `changed`
/// makes another case of one, the same for the same seed, and `holds` judges both outcomes.
fn for_all(changed: impl Fn(&mut Random, &mut Decision), holds: impl Fn(Outcome, Outcome) -> bool) {
    // Whether it does not hold for a case; `None` also for what is no case.
    let fails = |seed: u64, case: &Decision| {
        let mut other = case.clone();
        changed(&mut Random::new(seed), &mut other);
        let after = decided(&other, &other.parse().ok()?).0;
        let before = decided(case, &case.parse().ok()?).0;
        (!holds(before, after)).then_some((other, before, after))
    };
    let mut random = Random::new(20_121_017);
    let mut allowed = 0;
    for seed in 0..u64::try_from(WORLDS).unwrap() {
        let mut case = world(&mut random);
        let mut other = case.clone();
        changed(&mut Random::new(seed), &mut other);
        let (Ok(documents), Ok(others)) = (case.parse(), other.parse()) else { continue };
        for _ in 0..REQUESTS {
            ask(&mut random, &mut case);
            (other.action, other.resource, other.with) =
                (case.action.clone(), case.resource.clone(), case.with.clone());
            let (before, after) = (decided(&case, &documents).0, decided(&other, &others).0);
            allowed += usize::from(before == Outcome::Allowed);
            if holds(before, after) {
                continue;
            }
            let read = |value: &Value| serde_json::from_value::<Decision>(value.clone()).ok();
            let shrunk = shrink(serde_json::to_value(&case).unwrap(), |value| {
                read(value).is_some_and(|case| fails(seed, &case).is_some())
            });
            let (other, before, after) = fails(seed, &read(&shrunk).unwrap()).unwrap();
            let other = serde_json::to_value(other).unwrap();
            panic!("{shrunk:#}\n{before:?}, but\n{other:#}\n{after:?}");
        }
    }
    assert!(allowed > WORLDS / 2, "only {allowed} requests were allowed");
}
