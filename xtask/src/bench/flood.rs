//! `cargo xtask bench --flood`: how good clients fare while others flood the server.
//!
//! The flood is bodies that nobody signed, connections that say nothing, HTTP/2 streams that are reset as
//! soon as they are opened, and the largest simulations that the policy simulator takes. It comes from other
//! addresses of the loopback network than the good clients, and then from the same address, where the good
//! clients are connected before it begins. Nothing leaves this machine, and everything has an end: the time,
//! the number of connections, and how fast streams are reset.

mod attackers;
mod good_clients;

use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use self::attackers::Counts;
use self::good_clients::Service;
use super::report::percentile;
use super::{binary, clock, log, mebibytes, proc_stat};
use crate::server::Server;
use crate::table::{Align, columns};

/// Floods a server twice, for so many seconds each, and prints what became of the good clients.
///
/// # Errors
///
/// The server cannot be started or dies, or a good client was refused.
pub(crate) fn run(seconds: u64) -> Result<()> {
    let duration = Duration::from_secs(seconds);
    let others: Vec<Ipv4Addr> = (2..10).map(|last| Ipv4Addr::new(127, 0, 0, last)).collect();
    let runs = [
        ("nowhere", Vec::new(), duration.min(CALM)),
        ("other addresses", others, duration),
        ("the same address", vec![Ipv4Addr::LOCALHOST], duration),
    ];
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    let mut refusals = Vec::new();
    for (from, sources, duration) in runs {
        println!("{} s of flood from {from}", duration.as_secs());
        let flood = flood(&sources, duration)?;
        rows.push(flood.row(from));
        refusals.extend(flood.service.refusals.into_iter().map(|why| format!("{from}: {why}")));
    }
    print!("{}", columns(&rows, Align::Right));
    for refusal in refusals.iter().take(SHOWN_REFUSALS) {
        println!("✗ {refusal}");
    }
    ensure!(refusals.is_empty(), "{} requests of good clients were refused", refusals.len());
    Ok(())
}

/// What a flood came to.
#[derive(Debug)]
struct Flood {
    service: Service,
    /// The server's memory at its peak, in bytes.
    peak: u64,
    counts: Arc<Counts>,
}

fn flood(sources: &[Ipv4Addr], duration: Duration) -> Result<Flood> {
    let server = start_server()?;
    let address = server.address().to_owned();
    // Where the flood has the clients' own address, none of them can be sure of a new connection.
    let only_established = sources.contains(&Ipv4Addr::LOCALHOST);
    let clients = good_clients::connect(&address)?;
    let counts = Arc::new(Counts::default());
    let end = clock::instant() + duration;
    let attack = {
        let (address, sources, counts) = (address.clone(), sources.to_vec(), Arc::clone(&counts));
        thread::spawn(move || attackers::attack(&address, &sources, end, &counts))
    };
    // On a thread of their own: what they measure is the server, not the flood's share of a thread.
    let served =
        thread::spawn(move || good_clients::drive(clients, &address, end, only_established));
    let service = served.join().ok().context("the good clients broke off")??;
    attack.join().ok().context("the flood broke off")??;
    let peak = proc_stat::peak(server.pid()).context("the server has died")?;
    Ok(Flood { service, peak, counts })
}

/// A server that has room for fewer connections than the flood opens, and for fewer of one address.
fn start_server() -> Result<Server> {
    let mut command = Command::new(binary());
    command.env_clear().args(["--listen", "127.0.0.1:0", "--max-connections", CONNECTIONS]);
    Server::start(&mut command, &log("flood"))
}

impl Flood {
    fn row(&self, from: &str) -> Vec<String> {
        let mut latencies = self.service.latencies.clone();
        latencies.sort_unstable();
        let milliseconds = |percent| format!("{:.1}", percentile(&latencies, percent) / 1000.0);
        let most = latencies.last().map_or(0.0, |most| f64::from(*most) / 1e6);
        let served = [latencies.len(), self.service.refusals.len()].map(|count| count.to_string());
        let times = [milliseconds(50), milliseconds(99), format!("{most:.1}")];
        let memory = format!("{:.0}", mebibytes(self.peak));
        let flood = self.counts.all().map(|count| count.to_string());
        [&[from.to_owned()][..], &served, &times, &[memory], &flood].concat()
    }
}

const HEAD: [&str; 11] = [
    "flood from",
    "served",
    "refused",
    "p50 ms",
    "p99 ms",
    "most ms",
    "peak MiB",
    "bodies",
    "connections",
    "resets",
    "simulations",
];
const CONNECTIONS: &str = "512";
/// How long the good clients are looked at without a flood.
const CALM: Duration = Duration::from_secs(5);
const SHOWN_REFUSALS: usize = 10;
