//! Tries the doctor on requests that were signed with mistakes, drawn at random: one, then two at a time.
//!
//! ```text
//! doctor_trial [SEED [TRIALS]]
//! ```
//!
//! Prints how many it named, and fails below 95% of the single mistakes or 80% of the pairs. A mistake counts as named
//! only if the diagnosis explains the signature by mistakes of just these kinds.
#![expect(clippy::print_stdout, reason = "it answers on standard output")]

#[path = "../tests/doctor/signer.rs"]
mod signer;

use std::{collections::BTreeMap, env, error::Error, process::ExitCode};

use daypass_sigv4::AuthError;
use signer::Random;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let seed = arguments.next().map_or(Ok(SEED), |seed| seed.parse())?;
    let trials = arguments.next().map_or(Ok(TRIALS), |trials| trials.parse())?;
    let mut random = Random(seed);
    println!("seed {seed}, {trials} trials each");
    let singles = trial(&mut random, 1, trials)?;
    let pairs = trial(&mut random, 2, trials)?;
    let enough = singles >= 95.0 && pairs >= 80.0;
    println!("{}", if enough { "enough" } else { "TOO FEW: 95% and 80% are wanted" });
    Ok(if enough { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The percentage of trials with this many mistakes in which the doctor named them.
fn trial(random: &mut Random, mistakes: usize, trials: u32) -> Result<f64, AuthError> {
    let (mut done, mut named, mut most) = (0, 0, 0);
    let mut missed: BTreeMap<String, u32> = BTreeMap::new();
    while done < trials {
        let client = random.client();
        let Some(slips) = random.slips(&client, mistakes) else { continue };
        done += 1;
        let made: Vec<_> = slips.iter().map(|(slip, _)| *slip).collect();
        let diagnosis = client.diagnose(&client.sign(&made))?;
        most = most.max(diagnosis.tried());
        let mut expected: Vec<_> = slips.iter().map(|(_, kind)| *kind).collect();
        let mut found: Vec<_> = diagnosis.mistakes().iter().map(|mistake| mistake.kind).collect();
        expected.sort();
        found.sort();
        if diagnosis.is_explained() && expected == found {
            named += 1;
        } else {
            let made: Vec<_> = made.iter().map(|slip| format!("{slip:?}")).collect();
            let took_for =
                if diagnosis.is_explained() { format!("{found:?}") } else { "nothing".to_owned() };
            *missed.entry(format!("{} taken for {took_for}", made.join(" + "))).or_default() += 1;
        }
    }
    let percent = 100.0 * f64::from(named) / f64::from(trials.max(1));
    println!(
        "{mistakes} at a time: {named} of {trials} named ({percent:.1}%), at most {most} hypotheses for one"
    );
    let mut missed: Vec<_> = missed.into_iter().collect();
    missed.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    for (what, times) in missed.iter().take(MISSED_SHOWN) {
        println!("  missed {times} times: {what}");
    }
    Ok(percent)
}

const SEED: u64 = 1;
const TRIALS: u32 = 2_000;
const MISSED_SHOWN: usize = 12;
