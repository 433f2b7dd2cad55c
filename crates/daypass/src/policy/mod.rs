//! `daypass policy`: policies looked at offline.

mod catalog;
mod check;
mod eval;
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
    /// Decide requests by policies, both from a file, and say why; with expectations, a test for CI
    #[command(after_help = eval::AFTER_HELP)]
    Eval(eval::Options),
}

/// Does it.
///
/// # Errors
/// When something cannot be read, or the answer cannot be printed.
pub(crate) fn run(policy: &Policy) -> anyhow::Result<ExitCode> {
    match policy {
        Policy::Check(options) => check::run(options),
        Policy::Eval(options) => eval::run(options),
    }
}
