//! `cargo xtask conformance`: other people's clients and signers against daypass.
//!
//! Everything that is fetched or written stays below `target/conformance`.

mod ansible;
mod auditors;
mod call;
mod cli_client;
mod debian_cli;
mod doctor;
mod expect;
mod federation;
mod generate;
mod hostile;
mod http;
mod idp;
mod line_client;
mod model;
mod node_env;
mod pages;
mod pins;
mod policies;
mod python_env;
mod random;
mod report;
mod request;
mod roster;
mod rust_signer;
mod sandbox;
mod signatures;
mod tool;
mod walk;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::{fs, thread};

use anyhow::{Result, anyhow, ensure};

use self::idp::Idp;
use self::python_env::PythonEnv;
use self::random::Random;
use self::report::{Column, Mark};
use self::roster::{Homes, Kind};
use self::walk::{STEPS, Walk};
use crate::server::{self, Server};
use crate::{cargo, paths};

/// What to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the walk-through of the clients
    #[arg(long)]
    clients: bool,
    /// Only the signatures of the four signers
    #[arg(long, conflicts_with = "clients")]
    signatures: bool,
    /// Only the doctor's trial: mistakes at random in signatures, and how many of them it names
    #[arg(long, conflicts_with_all = ["clients", "signatures"])]
    doctor: bool,
    /// Only the policy engine: random policies and requests, on which a second evaluator must agree
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor"])]
    policies: bool,
    /// Only federation: tokens and SAML responses of other libraries, good and bad
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies"])]
    federation: bool,
    /// Only the README and docs/, each followed from its first line to its last
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation", "hostile"])]
    pages: bool,
    /// What somebody does who has just heard of daypass: clones and installs it, follows the pages and the guides
    /// for other emulators, and types wrong inputs; to be read in target/trial/transcript.txt
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation", "hostile", "pages"])]
    trial: bool,
    /// Only attacks on running servers, which must all be held off: with the well-known keys, without
    /// them, and under --strict
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation"])]
    hostile: bool,
    /// Only the service models: inputs at and just past each constraint of each member of each operation
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation", "hostile", "pages"])]
    model: bool,
    /// Only Ansible's IAM modules, in playbooks that are played twice: the second time nothing may change
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation", "hostile", "pages", "model"])]
    ansible: bool,
    /// Only auditors of IAM, each of which must report what is true of a seeded account
    #[arg(long, conflicts_with_all = ["clients", "signatures", "doctor", "policies", "federation", "hostile", "pages", "model", "ansible"])]
    auditors: bool,
    /// How many requests each signer signs with SigV4 (with SigV4a, a tenth of that), or how many
    /// requests are decided, or how many calls are made in two worlds; 2000, or a million decisions
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// Makes the same requests as the run that printed this number
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

/// Where things are.
#[derive(Debug)]
struct Folders {
    /// Cargo's.
    target: PathBuf,
    /// Everything of ours.
    work: PathBuf,
    /// The scripts that speak for clients and signers.
    scripts: PathBuf,
}

/// Runs the clients, the pages and the signers, or those of them that are wanted.
///
/// # Errors
///
/// Something failed, or could not be asked.
pub(crate) fn run(args: &Args) -> Result<()> {
    let target = paths::root().join("target");
    if args.doctor {
        return doctor::run(&target);
    }
    let seed = args.seed.unwrap_or_else(Random::fresh_seed);
    if args.policies {
        return policies::run(args.count.unwrap_or(1_000_000), seed);
    }
    let folders = Folders {
        work: target.join("conformance"),
        scripts: paths::root().join("xtask/conformance"),
        target,
    };
    if args.federation {
        return federation::run(&folders);
    }
    if args.hostile {
        return hostile::run(&folders, args.count.unwrap_or(2000), seed);
    }
    if args.model {
        return model::run(&folders);
    }
    if args.ansible {
        return ansible::run(&folders);
    }
    if args.auditors {
        return auditors::run(&folders);
    }
    if args.pages || args.trial {
        let python = PythonEnv::prepare(&folders.work.join("venv"), &pins::PYTHON)?;
        if args.trial {
            return pages::trial::run(&python, &folders);
        }
        ensure!(read_pages(&python, &folders)?, "not every page is true");
        return Ok(());
    }
    println!("preparing the clients and signers (the first time takes a minute)");
    let homes = Homes::prepare(&folders.work);

    let clients_pass = args.signatures || walk_all(&homes, &folders)?;
    let pages_pass = args.signatures || args.clients || {
        let python = homes.python.as_ref().map_err(|lacks| anyhow!("no AWS CLI: {lacks}"))?;
        read_pages(python, &folders)?
    };
    let signers_pass = args.clients || {
        signatures::build_verifier()?;
        signatures::run(&homes, &folders, args.count.unwrap_or(2000), seed)?
    };
    ensure!(clients_pass, "not every client was asked and succeeded");
    ensure!(pages_pass, "not every page is true");
    ensure!(signers_pass, "not every signer was asked and judged rightly");
    println!("conformance: all as it should be");
    Ok(())
}

/// The README and docs/, followed with the AWS CLI.
fn read_pages(python: &PythonEnv, folders: &Folders) -> Result<bool> {
    cargo::build(&["-p", "daypass"])?;
    let daypass = &folders.target.join("debug");
    pages::Reader { daypass, python, work: &folders.work.join("pages") }.read(&paths::root())
}

/// Every client's walk-through, all at the same time, each with a daypass of its own.
fn walk_all(homes: &Homes, folders: &Folders) -> Result<bool> {
    cargo::build(&["-p", "daypass"])?;
    let (left_out, kinds): (Vec<Kind>, Vec<Kind>) =
        Kind::ALL.into_iter().partition(|kind| homes.lacks(*kind).is_some());
    for same_reason in left_out.chunk_by(|one, next| homes.lacks(*one) == homes.lacks(*next)) {
        let titles: Vec<&str> = same_reason.iter().map(|kind| kind.title()).collect();
        let reason = same_reason.first().and_then(|kind| homes.lacks(*kind)).unwrap_or_default();
        println!("left out: {} ({reason})", titles.join(", "));
    }
    // The AWS CLI v2 is only where Debian is.
    let complete = left_out.iter().all(|kind| *kind == Kind::CliV2);
    let idp = &Arc::new(Idp::start(folders)?);
    let columns: Vec<Column> = thread::scope(|scope| {
        let walks: Vec<_> = kinds
            .iter()
            .map(|&kind| (kind, scope.spawn(move || walk_one(kind, homes, folders, idp))))
            .collect();
        let finish = |(kind, walk): (Kind, thread::ScopedJoinHandle<'_, Result<Vec<Mark>>>)| {
            let marks =
                walk.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the walk-through broke off")));
            let marks =
                marks.unwrap_or_else(|error| vec![Mark::Failed(format!("{error:#}")); STEPS.len()]);
            Column { client: kind.title(), marks }
        };
        walks.into_iter().map(finish).collect()
    });
    let titles: Vec<&str> = STEPS.iter().map(|(title, _)| *title).collect();
    print!("{}", report::table(&titles, &columns));
    Ok(complete && columns.iter().all(Column::is_clean))
}

fn walk_one(kind: Kind, homes: &Homes, folders: &Folders, idp: &Arc<Idp>) -> Result<Vec<Mark>> {
    let home = folders.work.join("home").join(kind.folder());
    let log = folders.work.join("logs").join(format!("{}.log", kind.folder()));
    let seed = folders.work.join("home").join(format!("{}.toml", kind.folder()));
    fs::create_dir_all(folders.work.join("home"))?;
    fs::write(&seed, walk::SEED)?;
    let mut daypass = Command::new(server::binary(&folders.target, "debug"));
    daypass.env_clear().args(["--listen", "127.0.0.1:0", "--seed"]).arg(&seed);
    let server = Server::start(&mut daypass, &log)?;
    let mut walk =
        Walk::new(homes.start(kind, home, &server.endpoint(), &folders.scripts)?, Arc::clone(idp));
    let mut marks = Vec::new();
    for (title, step) in STEPS {
        marks.push(match kind.cannot(title) {
            Some(reason) => Mark::NotFor(reason),
            None => match step(&mut walk) {
                Ok(()) => Mark::Passed,
                Err(error) => Mark::Failed(format!("{error:#}")),
            },
        });
    }
    println!("{}: {} operations answered", kind.title(), walk.count());
    Ok(marks)
}
