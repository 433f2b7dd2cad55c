//! `daypass coverage`: which of AWS's operations are built.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::terminal::print;

/// How to list them.
#[derive(Debug, Args)]
pub(crate) struct CoverageOptions {
    /// Print one JSON object, for programs
    #[arg(long)]
    json: bool,
}

/// What a service has, by the same tables that the server dispatches by.
#[derive(Debug, Serialize)]
struct Service {
    service: &'static str,
    version: &'static str,
    total: usize,
    built: Vec<&'static str>,
    missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
struct Missing {
    name: &'static str,
    reason: &'static str,
}

/// Prints the list.
///
/// # Errors
/// When it cannot be printed.
pub(crate) fn run(options: &CoverageOptions) -> anyhow::Result<()> {
    let services = services();
    if options.json {
        let json = serde_json::to_string_pretty(&serde_json::json!({ "services": services }));
        return print(&(json.context("cannot be written as JSON")? + "\n"));
    }
    print(&text(&services))
}

fn services() -> [Service; 2] {
    use daypass_iam_core::generated as iam;
    use daypass_model::{iam as iam_model, sts as sts_model};
    [
        Service::of("iam", iam_model::API_VERSION, iam::OPERATIONS, iam::NOT_YET),
        Service::of(
            "sts",
            sts_model::API_VERSION,
            daypass_sts_core::OPERATIONS,
            daypass_sts_core::NOT_YET,
        ),
    ]
}

impl Service {
    fn of(
        service: &'static str,
        version: &'static str,
        operations: &[&'static str],
        not_yet: &[(&'static str, &'static str)],
    ) -> Self {
        let is_built = |name: &&'static str| !not_yet.iter().any(|(missing, _)| missing == name);
        Self {
            service,
            version,
            total: operations.len(),
            built: operations.iter().copied().filter(is_built).collect(),
            missing: not_yet.iter().map(|&(name, reason)| Missing { name, reason }).collect(),
        }
    }
}

/// The numbers, and those that are missing by their reasons.
fn text(services: &[Service]) -> String {
    let mut out = String::new();
    for Service { service, version, total, built, missing } in services {
        let (built, gaps) = (built.len(), missing.len());
        let _ = writeln!(out, "{service} {version}: {built} built, {gaps} missing, {total} in all");
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        missing.iter().for_each(|one| by_reason.entry(one.reason).or_default().push(one.name));
        for (reason, names) in by_reason {
            let _ = writeln!(out, "  {reason} ({})", names.len());
            names.iter().for_each(|name| {
                let _ = writeln!(out, "    {name}");
            });
        }
    }
    out
}

pub(crate) const COVERAGE_HELP: &str = "\
Those that are missing are listed by what they are planned with. A call of one asks for its permissions as
AWS does, and is then answered NotImplemented (501). --json lists those that are built, too:

  daypass coverage --json | jq -r '.services[] | .service as $s | .built[] | \"\\($s):\\(.)\"'";
