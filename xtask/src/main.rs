//! The tasks of the workshop. It depends on no crate of daypass, so that it builds while they don't.
#![expect(clippy::print_stdout, reason = "tasks talk to the terminal")]

mod bench;
mod cargo;
mod catalog;
mod codegen;
mod conformance;
mod coverage;
mod facts;
mod licenses;
mod models;
mod overlay;
mod paths;
mod server;
mod table;

use clap::{Parser, Subcommand};

/// As daypass has it, so that the bare server of the bench is like it in this.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The tasks of the workshop.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Extracts the facts of the AWS models from PyPI's botocore into fixtures/models
    Models,
    /// Writes everything under */src/generated from fixtures/models
    Codegen {
        /// Writes nothing; fails and lists the files that are not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Writes crates/catalog/data: AWS's managed policies from PyPI's moto, the service authorization
    /// facts from npm's iam-data
    Catalog {
        /// Writes nothing; fails if the data is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Writes the notice of third parties that `daypass licenses` prints
    Licenses {
        /// Writes nothing; fails if the notice is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Prints which operations are built
    Coverage,
    /// Runs other people's clients and signers against daypass
    Conformance(conformance::Args),
    /// Measures daypass against a bare hyper server under the same load
    Bench(bench::Args),
    /// The bare server of the bench
    #[command(hide = true)]
    Bare(bench::BareArgs),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Models => models::run(),
        Task::Codegen { check } => codegen::run(check),
        Task::Catalog { check } => catalog::run(check),
        Task::Licenses { check } => licenses::run(check),
        Task::Coverage => coverage::run(),
        Task::Conformance(args) => conformance::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Bare(args) => bench::bare(&args),
    }
}
