//! `daypass coverage`: which of AWS's operations are built.

use std::fmt::Write as _;

use anyhow::Context as _;
use clap::Args;
use daypass_model::{iam, sts};
use serde::Serialize;

use crate::terminal::print;

/// How to list them.
#[derive(Debug, Args)]
pub(crate) struct CoverageOptions {
    /// Print one JSON object, for programs
    #[arg(long)]
    json: bool,
}

/// What a service has, by the same tables that the server dispatches by. AWS's own list, from which they
/// are generated, has no operation that is not in them.
#[derive(Debug, Serialize)]
struct Service {
    service: &'static str,
    version: &'static str,
    total: usize,
    built: &'static [&'static str],
}

/// Prints the list.
///
/// # Errors
/// When it cannot be printed.
pub(crate) fn run(options: &CoverageOptions) -> anyhow::Result<()> {
    let services = [
        Service::of("iam", iam::API_VERSION, daypass_iam_core::OPERATIONS),
        Service::of("sts", sts::API_VERSION, daypass_sts_core::OPERATIONS),
    ];
    if options.json {
        let json = serde_json::to_string_pretty(&serde_json::json!({ "services": services }));
        return print(&(json.context("cannot be written as JSON")? + "\n"));
    }
    print(&text(&services))
}

impl Service {
    fn of(service: &'static str, version: &'static str, built: &'static [&'static str]) -> Self {
        Self { service, version, total: built.len(), built }
    }
}

/// The numbers.
fn text(services: &[Service]) -> String {
    let mut out = String::new();
    for Service { service, version, total, .. } in services {
        let _ = writeln!(out, "{service} {version}: {total} of {total} operations");
    }
    out
}

pub(crate) const COVERAGE_HELP: &str = "\
--json lists the operations:

  daypass coverage --json | jq -r '.services[] | .service as $s | .built[] | \"\\($s):\\(.)\"'";
