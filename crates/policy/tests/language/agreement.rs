//! The crate and the reference answer alike, whatever is asked: what becomes of the request, which
//! kind of policy decides it, and which statements apply.
//!
//! `DAYPASS_POLICY_CASES` and `DAYPASS_POLICY_SEED` make it more cases, and others:
//! `cargo xtask conformance --policies` sets them.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use serde_json::{Value, json};

use crate::random::{OPERATORS, Random, ask, patterns, world};
use crate::reference;
use crate::shrink::shrink;
use crate::support::{self, Answer, Documents, Outcome, answer};

/// Few enough for every run of the tests.
const CASES: usize = 10_000;
const SEED: u64 = 20_121_017;
/// How many requests are put to the same policies.
const REQUESTS: usize = 8;

#[test]
fn on_random_policies_and_requests() {
    let cases = setting("DAYPASS_POLICY_CASES").unwrap_or(CASES);
    let seed = setting("DAYPASS_POLICY_SEED").unwrap_or(SEED);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let tally = thread::scope(|scope| {
        let run = |thread: usize| {
            let seed = seed.wrapping_add(u64::try_from(thread).unwrap() << 32);
            scope.spawn(move || Tally::of(cases.div_ceil(threads), seed))
        };
        let runs: Vec<_> = (0..threads).map(run).collect();
        runs.into_iter().map(|run| run.join().unwrap()).fold(Tally::default(), Tally::and)
    });
    println!("seed {seed}: {tally}");
    let disagreements = Vec::from_iter(tally.disagreements);
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n\n"));
    // A trial that meets only some outcomes proves only those.
    for outcome in Outcome::all() {
        let met = tally.outcomes.get(&outcome).copied().unwrap_or_default();
        assert!(met >= cases / 1000, "{outcome:?} was met {met} times in {cases}");
    }
    assert!(tally.refused * 20 < cases, "{} of {cases} cases are no policies", tally.refused);
}

/// Patterns that fit in more ways than one, long ones and lists of them.
#[test]
fn on_random_patterns() {
    let cases = setting("DAYPASS_POLICY_CASES").unwrap_or(CASES) / 5;
    let mut random = Random::new(setting("DAYPASS_POLICY_SEED").unwrap_or(SEED));
    let mut allowed = 0;
    for _ in 0..cases {
        let case = patterns(&mut random);
        match Disagreement::or_answer(&case, &case.parse().unwrap()) {
            Ok(answer) => allowed += usize::from(answer.outcome == Outcome::Allowed),
            Err(_) => panic!("{}", Disagreement::shrunk(&case)),
        }
    }
    println!("{cases} cases of patterns, {allowed} of them allowed");
    assert!((cases / 4..=cases - cases / 20).contains(&allowed), "both must be met");
}

/// Each operator with each prefix and suffix, until it has both held and not.
#[test]
fn on_every_operator() {
    let mut random = Random::new(SEED);
    for (at, (base, ..)) in OPERATORS.iter().enumerate() {
        for set in ["", "ForAllValues:", "ForAnyValue:"] {
            for suffix in if *base == "Null" { &[""][..] } else { &["", "IfExists"] } {
                let operator = format!("{set}{base}{suffix}");
                let mut seen = [0, 0];
                while seen.contains(&0) || seen[0] + seen[1] < 100 {
                    let mut case = world_of_one(&json!({&operator: random.keys_of(at)}));
                    ask(&mut random, &mut case);
                    let answer = Disagreement::or_answer(&case, &case.parse().unwrap())
                        .unwrap_or_else(|disagreement| panic!("{operator}: {disagreement}"));
                    let allowed = answer.outcome == Outcome::Allowed;
                    seen[usize::from(allowed)] += 1;
                    assert!(seen[0] + seen[1] < 5000, "{operator}: {seen:?}");
                }
            }
        }
    }
}

fn world_of_one(condition: &Value) -> support::Decision {
    let statement =
        json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let document = json!({"Version": "2012-10-17", "Statement": statement});
    serde_json::from_value(json!({"caller": "user", "identity": [document], "expect": ""})).unwrap()
}

fn setting<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// What a run met.
#[derive(Default)]
struct Tally {
    cases: usize,
    /// Cases with a document that is no policy of its kind.
    refused: usize,
    outcomes: BTreeMap<Outcome, usize>,
    /// Shrunk and printed: many are the same one.
    disagreements: BTreeSet<String>,
}

impl Tally {
    /// Makes cases until there are so many, or until enough of them disagree.
    fn of(cases: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut tally = Self::default();
        while tally.cases < cases && tally.disagreements.len() < 4 {
            let mut case = world(&mut random);
            let Ok(documents) = case.parse() else {
                tally.refused += REQUESTS;
                tally.cases += REQUESTS;
                continue;
            };
            for _ in 0..REQUESTS {
                ask(&mut random, &mut case);
                tally.cases += 1;
                match Disagreement::or_answer(&case, &documents) {
                    Ok(answer) => *tally.outcomes.entry(answer.outcome).or_default() += 1,
                    Err(_) => _ = tally.disagreements.insert(Disagreement::shrunk(&case)),
                }
            }
        }
        tally
    }

    fn and(mut self, other: Self) -> Self {
        self.cases += other.cases;
        self.refused += other.refused;
        self.disagreements.extend(other.disagreements);
        for (outcome, times) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += times;
        }
        self
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cases, {} disagreements", self.cases, self.disagreements.len())?;
        write!(f, " ({} left out: a document is no policy of its kind)", self.refused)?;
        self.outcomes.iter().try_for_each(|(outcome, times)| write!(f, "\n{times:>9} {outcome:?}"))
    }
}

/// Two answers to one case.
pub(crate) struct Disagreement {
    crates: Result<Answer, String>,
    reference: Answer,
}

impl Disagreement {
    /// Asks both; gives the answer if it is one.
    pub(crate) fn or_answer(
        case: &support::Decision,
        documents: &Documents,
    ) -> Result<Answer, Self> {
        let (crates, reference) = (answer(case, documents), reference::decide(case));
        if crates.as_ref() == Ok(&reference) {
            Ok(reference)
        } else {
            Err(Self { crates, reference })
        }
    }

    /// The case, as small as it can be and still show it, and both answers to that: ready to be
    /// put into `tests/cases`, if the reference is right.
    fn shrunk(case: &support::Decision) -> String {
        let shown = |value: &Value| {
            let case: support::Decision = serde_json::from_value(value.clone()).ok()?;
            let disagreement = Self::or_answer(&case, &case.parse().ok()?).err()?;
            Some((case, disagreement))
        };
        let value = serde_json::to_value(case).unwrap();
        let shrunk = shrink(value, |value| shown(value).is_some());
        let (mut case, disagreement) = shown(&shrunk).unwrap();
        case.expect = disagreement.reference.outcome.to_string();
        format!("{:#}\n{disagreement}", serde_json::to_value(case).unwrap())
    }
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the crate: {:?}\nthe reference: {:?}", self.crates, self.reference)
    }
}
