//! Signatures with mistakes in them, and the doctor who has to find out which.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cargo;

/// Runs the doctor's trial, which is an example of the crate that verifies. It prints how many of the seeded mistakes
/// were named.
///
/// # Errors
///
/// It cannot be built or started, or it named too few.
pub(crate) fn run(target: &Path) -> Result<()> {
    cargo::build(&[
        "--release",
        "-p",
        "daypass-sigv4",
        "--features",
        "sigv4a",
        "--example",
        TRIAL,
    ])?;
    let trial = target.join("release/examples").join(TRIAL);
    let status = Command::new(trial).status().context("the trial cannot be started")?;
    ensure!(status.success(), "the doctor named too few mistakes");
    Ok(())
}

const TRIAL: &str = "doctor_trial";
