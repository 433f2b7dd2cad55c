//! The policy engine against the second evaluator that the tests of its crate hold, on random
//! policies and requests.

use anyhow::{Context, Result, ensure};

use crate::cargo;

/// Runs the trial, which is a test of the crate, with as many cases as are wanted. It prints what it
/// met, and every disagreement as a whole case.
///
/// # Errors
///
/// It cannot be built or started, or the two disagree.
pub(crate) fn run(cases: usize, seed: u64) -> Result<()> {
    let status = cargo::command()
        .args(["test", "--quiet", "--release", "-p", "daypass-policy", "--test", "language"])
        .args(["--", "--nocapture", "--exact", TRIAL])
        .env("DAYPASS_POLICY_CASES", cases.to_string())
        .env("DAYPASS_POLICY_SEED", seed.to_string())
        .status()
        .context("cargo cannot be started")?;
    ensure!(status.success(), "the policy engine and the second evaluator do not agree");
    Ok(())
}

const TRIAL: &str = "agreement::on_random_policies_and_requests";
