//! `daypass policy`: policies looked at offline.

mod catalog;
mod check;
mod report;
mod sarif;

use std::process::ExitCode;

use clap::Subcommand;

/// What can be done with a policy.
#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Find what is wrong with policies: mistakes, unknown names, what never has an effect, what
    /// gives away too much
    #[command(after_help = check::AFTER_HELP)]
    Check(check::Options),
}

/// Does it.
///
/// # Errors
/// When something cannot be read, or the answer cannot be printed.
pub(crate) fn run(policy: &Policy) -> anyhow::Result<ExitCode> {
    match policy {
        Policy::Check(options) => check::run(options),
    }
}
