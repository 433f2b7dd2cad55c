//! The policy engine against the second evaluator that the tests of its crate hold, on random
//! policies and requests.

use anyhow::{Context, Result, ensure};

use crate::cargo;

/// Runs the trials, which are tests of the crate, with as many cases as are wanted. They print what
/// they met, and every disagreement as a whole case.
///
/// # Errors
///
/// They cannot be built or started, or the two disagree.
pub(crate) fn run(cases: usize, seed: u64) -> Result<()> {
    let status = cargo::command()
        .args(["test", "--quiet", "--release", "-p", "daypass-policy", "--test", "language"])
        .args(["--", "--nocapture", TRIALS])
        .env("DAYPASS_POLICY_CASES", cases.to_string())
        .env("DAYPASS_POLICY_SEED", seed.to_string())
        .status()
        .context("cargo cannot be started")?;
    ensure!(status.success(), "the policy engine and the second evaluator do not agree");
    Ok(())
}

/// The tests whose names begin so.
const TRIALS: &str = "agreement::on_random";
