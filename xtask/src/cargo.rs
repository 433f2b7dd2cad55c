//! Cargo, from within a task: building and testing other packages of the workspace.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Runs `cargo build` with the same cargo that runs this task.
///
/// # Errors
///
/// It cannot be started, or the build fails; why is then on standard error already.
pub(crate) fn build(arguments: &[&str]) -> Result<()> {
    let status = command()
        .args(["build", "--quiet"])
        .args(arguments)
        .status()
        .context("cargo cannot be started")?;
    ensure!(status.success(), "cargo build {} failed", arguments.join(" "));
    Ok(())
}

/// The cargo that runs this task.
pub(crate) fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
