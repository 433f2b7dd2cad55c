//! `daypass mfa`: what an MFA device shows.

use std::io::Read as _;

use anyhow::{Context as _, anyhow};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use clap::{Args, Subcommand};
use daypass::{Clock as _, Secret};
use daypass_ident::SystemClock;
use daypass_totp::{STEP_SECONDS, Seed, step_at};

use crate::terminal;

#[derive(Debug, Subcommand)]
pub(crate) enum Mfa {
    /// Print the code that a virtual MFA device shows now
    #[command(after_help = CODE_HELP)]
    Code(CodeOptions),
}

#[derive(Debug, Args)]
pub(crate) struct CodeOptions {
    /// The seed in base 32, as CreateVirtualMFADevice gives it; - for standard input, since others
    /// see command lines
    #[arg(value_name = "SEED", value_parser = crate::cli::secret)]
    seed: Secret<String>,
    /// The code of another time, such as 2027-01-15T08:00:00Z or seconds since 1970 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Prints the code to standard output, alone, so that it can be put into a command; for how long it is
/// shown goes to standard error.
///
/// # Errors
/// When there is no seed or no such time, or the code cannot be printed.
pub(crate) fn run(mfa: &Mfa) -> anyhow::Result<()> {
    let Mfa::Code(options) = mfa;
    let seed = seed(&options.seed)?;
    let time = match &options.at {
        Some(text) => parse_time(text)?,
        None => SystemClock.now().secs(),
    };
    terminal::print(&format!("{}\n", seed.code_at(step_at(time))))?;
    let left = STEP_SECONDS - time.rem_euclid(STEP_SECONDS);
    let unit = if left == 1 { "second" } else { "seconds" };
    terminal::complain(&format!("shown for {left} more {unit}\n"))
}

/// As apps take it: in groups or not, padded or not.
fn seed(argument: &Secret<String>) -> anyhow::Result<Seed> {
    let mut read = String::new();
    if argument.expose() == "-" {
        std::io::stdin().read_to_string(&mut read).context("cannot read standard input")?;
    }
    let read = Secret::new(read);
    let text = if argument.expose() == "-" { &read } else { argument };
    let compact = text.expose().split_whitespace().collect::<String>();
    let compact = Secret::new(compact);
    Ok(Seed::from_base32(compact.expose().trim_end_matches('='))?)
}

fn parse_time(text: &str) -> anyhow::Result<i64> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let time = DateTime::from_str(text, Format::DateTime);
    let advice =
        || anyhow!("{text:?} is no time: write 2027-01-15T08:00:00Z or seconds since 1970");
    time.map(|time| time.secs()).map_err(|_| advice())
}

const CODE_HELP: &str = "\
The code goes to standard output and is shown for 30 seconds; for how many more, standard error says. It
can be put into a command:

  aws sts get-session-token --serial-number arn:aws:iam::000000000000:mfa/alice \\
    --token-code \"$(daypass mfa code - < alice.seed)\"

A code is good once: for another call wait for the next. A server whose clock a test has moved goes by that
clock: curl localhost:4566/_daypass/clock tells the time for --at.";
