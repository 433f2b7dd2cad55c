//! Where daypass differs from the facts, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// Fails unless `found` are the differences of this kind in `differences.toml`: of what, and what.
pub(crate) fn check(kind: &str, found: impl Iterator<Item = (String, String)>) {
    let found: BTreeSet<_> = found.collect();
    let known = known(kind);
    let new = found.iter().filter(|found| !known.iter().any(|known| known.covers(found)));
    let new: Vec<_> = new.map(|(of, what)| format!("{of}: {what}")).collect();
    let gone = known.iter().filter(|known| !found.iter().any(|found| known.covers(found)));
    let gone: Vec<_> = gone.map(|Known { of, what }| format!("{of}: {what}")).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}\ngone: {gone:#?}");
}

#[derive(Debug)]
struct Known {
    of: String,
    what: String,
}

impl Known {
    fn covers(&self, (of, what): &(String, String)) -> bool {
        let begins = |with: &str| what.starts_with(with);
        self.of == *of && (self.what == *what || self.what.strip_suffix('*').is_some_and(begins))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    of: Vec<String>,
    what: Vec<String>,
    because: String,
}

fn known(kind: &str) -> Vec<Known> {
    let file: BTreeMap<String, Vec<Difference>> =
        toml::from_str(include_str!("differences.toml")).unwrap();
    let differences = file.get(kind).into_iter().flatten();
    let each = differences.flat_map(|Difference { of, what, because }| {
        assert!(!because.is_empty(), "{of:?} without a reason");
        let pairs = of.iter().flat_map(|of| what.iter().map(move |what| (of, what)));
        pairs.map(|(of, what)| Known { of: of.clone(), what: what.clone() })
    });
    each.collect()
}
