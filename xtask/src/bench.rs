//! `cargo xtask bench`: what daypass costs beyond hyper alone.
//!
//! Both servers, and the client that drives them, run on this machine at the same time and share its processors; the
//! rounds alternate, so that what disturbs one disturbs the other. The requests are byte for byte the same, and so is
//! the length of the answers' bodies. Processor time for each request is the steadiest of the numbers.
//!
//! With `--sessions`, daypass alone issues so many, and what is looked at is its memory. With `--flood`, others flood
//! it, and what is looked at is how good clients are served meanwhile. With `--iam`, it holds many users, and what is
//! looked at is what they cost.

mod bare;
mod clock;
mod exchange;
mod flood;
mod iam;
mod load;
mod proc_stat;
mod report;
mod sessions;
mod subject;

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

pub(crate) use self::bare::{BareArgs, bare};
use self::exchange::Exchange;
use self::report::{Report, Rounds, Row};
use self::subject::{Operation, Subject};
use crate::server::{self, Server};
use crate::{cargo, paths};

/// How long to measure, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How long each round is, in seconds; there are 24 rounds for each of --rounds
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,
    /// How often each server is driven in each case, in turn with the other one
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=10))]
    rounds: u32,
    /// Prints one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Issues so many sessions instead, and prints how much memory is resident at each tenth of them
    #[arg(
        long, value_name = "N", num_args = 0..=1, default_missing_value = "10000000",
        value_parser = clap::value_parser!(u64).range(10..=100_000_000),
        conflicts_with_all = ["seconds", "rounds", "json"]
    )]
    sessions: Option<u64>,
    /// Floods a server for so many seconds instead, from other addresses and then from the good clients'
    /// own, and prints how good clients were served and how much memory the server took
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "60",
        value_parser = clap::value_parser!(u64).range(1..=600),
        conflicts_with_all = ["seconds", "rounds", "json", "sessions"]
    )]
    flood: Option<u64>,
    /// Makes many IAM users instead, and prints the processor time of operations on them, beside that of a server
    /// with few users, and how much memory each user takes
    #[arg(long, conflicts_with_all = ["seconds", "rounds", "json", "sessions", "flood"])]
    iam: bool,
    /// How many accounts have users
    #[arg(
        long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1000),
        requires = "iam"
    )]
    accounts: u64,
    /// How many users each account has
    #[arg(
        long, default_value_t = 5000, value_parser = clap::value_parser!(u64).range(200..=5000),
        requires = "iam"
    )]
    users: u64,
}

/// Builds both servers and this program for release, if this is not that already, and measures.
///
/// # Errors
///
/// Something cannot be built or started, an answer is not a success, or memory grows with the sessions issued.
pub(crate) fn run(args: &Args) -> Result<()> {
    let total = args.seconds * f64::from(args.rounds) * CASES;
    ensure!(
        total <= MOST_SECONDS,
        "that would take {total} seconds, and {MOST_SECONDS} are enough"
    );
    if cfg!(debug_assertions) {
        return run_for_release();
    }
    if let Some(seconds) = args.flood {
        return flood::run(seconds);
    }
    // One thread is enough for a client this simple, and leaves the other processor to the server.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if args.iam {
        return runtime.block_on(iam::run(args.accounts, args.users));
    }
    if let Some(sessions) = args.sessions {
        return runtime.block_on(sessions::issue(sessions));
    }
    let report = runtime.block_on(async { measure(args).await })?;
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", report.text());
    }
    Ok(())
}

/// Runs this very command again, as built for release.
fn run_for_release() -> Result<()> {
    // Apart from each other: together, the one would be built with features that only the other asks for.
    for package in ["daypass", "xtask"] {
        cargo::build(&["--release", "-p", package])?;
    }
    let xtask = paths::root().join("target/release/xtask");
    let status = Command::new(xtask).args(env::args_os().skip(1)).status()?;
    ensure!(status.success(), "the bench failed");
    Ok(())
}

async fn measure(args: &Args) -> Result<Report> {
    let start_ms = median_start().await?;
    let daypass = start_daypass()?;
    Exchange::connect(daypass.address())
        .await?
        .send(&subject::root_identity(daypass.address())?)
        .await?;
    tokio::time::sleep(SETTLE).await;
    let idle_rss_mib = mebibytes(proc_stat::resident(daypass.pid())?);

    let issuer = start_issuer()?;
    let subject = Subject::make(daypass.address(), issuer.address()).await?;
    let mut rows = Vec::new();
    for operation in Operation::ALL {
        let length = Exchange::connect(daypass.address())
            .await?
            .send(&subject.request(operation)?)
            .await?
            .len();
        let bare = start_bare(length)?;
        for connections in CONNECTIONS {
            if !args.json {
                println!("{} at {connections} connections", operation.name());
            }
            let mut of_daypass = Rounds::default();
            let mut of_bare = Rounds::default();
            for _ in 0..args.rounds {
                let round =
                    Round { subject: &subject, operation, connections, seconds: args.seconds };
                round.drive(&daypass, &mut of_daypass).await?;
                round.drive(&bare, &mut of_bare).await?;
            }
            rows.push(Row::new(operation, connections, of_daypass, of_bare));
        }
    }
    let loaded_rss_mib = mebibytes(proc_stat::resident(daypass.pid())?);
    Ok(Report { start_ms, idle_rss_mib, loaded_rss_mib, rows })
}

/// A round, for either server.
struct Round<'a> {
    subject: &'a Subject,
    operation: Operation,
    connections: usize,
    seconds: f64,
}

impl Round<'_> {
    async fn drive(&self, server: &Server, rounds: &mut Rounds) -> Result<()> {
        // Signed anew for each round, so that none grows too old. The bare server gets the same bytes.
        let request = self.subject.request(self.operation)?;
        let drive = |duration| load::drive(server.address(), &request, self.connections, duration);
        drive(WARM_UP).await?;
        let before = proc_stat::cpu_time(server.pid())?;
        let load = drive(Duration::from_secs_f64(self.seconds)).await?;
        rounds.add(load, proc_stat::cpu_time(server.pid())?.saturating_sub(before));
        Ok(())
    }
}

/// From starting the process to the answer to its first signed request, in milliseconds.
async fn median_start() -> Result<f64> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let start = clock::instant();
        let daypass = start_daypass()?;
        let request = subject::root_identity(daypass.address())?;
        Exchange::connect(daypass.address()).await?.send(&request).await?;
        starts.push(start.elapsed());
    }
    starts.sort_unstable();
    Ok(starts.get(STARTS / 2).map_or(0.0, |median| median.as_secs_f64() * 1e3))
}

fn start_daypass() -> Result<Server> {
    Server::daypass(&binary(), &log("daypass"))
}

/// daypass's own identity provider, in a process that does not count.
fn start_issuer() -> Result<Server> {
    let mut command = Command::new(binary());
    Server::start(command.env_clear().args(["idp", "--listen", "127.0.0.1:0"]), &log("idp"))
}

fn binary() -> PathBuf {
    server::binary(&paths::root().join("target"), "release")
}

fn start_bare(bytes: usize) -> Result<Server> {
    let xtask = env::current_exe().context("where this program is")?;
    Server::start(
        Command::new(xtask).env_clear().args(["bare", "--bytes", &bytes.to_string()]),
        &log("bare"),
    )
}

fn log(server: &str) -> PathBuf {
    paths::root().join("target/bench").join(server).with_extension("log")
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.1..=10.0).contains(&seconds) => Ok(seconds),
        _ => Err("from 0.1 to 10 seconds".to_owned()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no memory comes near 2^52 bytes")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// Four operations at three numbers of connections, with two servers.
const CASES: f64 = 24.0;
const MOST_SECONDS: f64 = 200.0;
const STARTS: usize = 7;
const WARM_UP: Duration = Duration::from_millis(300);
/// How long a server that has just started is left alone before its memory is looked at.
const SETTLE: Duration = Duration::from_millis(500);
