//! Clients who ask who they are, some hundred times a second, and expect an answer.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::super::exchange::Exchange;
use super::super::{clock, subject};

/// Clients that are connected.
#[derive(Debug)]
pub(super) struct Clients {
    runtime: Runtime,
    exchanges: Vec<Exchange>,
    request: Bytes,
}

/// How they were served.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// How long each answer took, in nanoseconds; with a new connection, that too.
    pub(super) latencies: Vec<u32>,
    /// Why there was no answer, or not the right one.
    pub(super) refusals: Vec<String>,
}

/// Connects them.
pub(super) fn connect(address: &str) -> Result<Clients> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let request = subject::root_identity(address)?;
    let exchanges = runtime.block_on(async {
        let mut exchanges = Vec::new();
        for _ in 0..CLIENTS {
            exchanges.push(Exchange::connect_from(Ipv4Addr::LOCALHOST, address).await?);
        }
        anyhow::Ok(exchanges)
    })?;
    Ok(Clients { runtime, exchanges, request })
}

/// Has them ask until `end`. Now and then one connects anew, unless those that are connected already are
/// all that count.
pub(super) fn drive(
    clients: Clients,
    address: &str,
    end: Instant,
    only_established: bool,
) -> Result<Service> {
    let Clients { runtime, exchanges, request } = clients;
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for exchange in exchanges {
            let (request, address) = (request.clone(), address.to_owned());
            tasks.spawn(ask(exchange, request, address, end, only_established));
        }
        let mut service = Service::default();
        while let Some(done) = tasks.join_next().await {
            let of_one = done.context("a good client broke off")?;
            service.latencies.extend(of_one.latencies);
            service.refusals.extend(of_one.refusals);
        }
        Ok(service)
    })
}

async fn ask(
    mut exchange: Exchange,
    request: Bytes,
    address: String,
    end: Instant,
    only_established: bool,
) -> Service {
    let mut service = Service::default();
    for number in 1_usize.. {
        let start = clock::instant();
        if start >= end {
            break;
        }
        let anew = number.is_multiple_of(REQUESTS_OF_CONNECTION) && !only_established;
        let asked = timeout(PATIENCE, async {
            if anew {
                exchange = Exchange::connect_from(Ipv4Addr::LOCALHOST, &address).await?;
            }
            exchange.send(&request).await.map(drop)
        });
        let outcome = asked.await.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in time")));
        match outcome {
            Ok(()) => {
                let took = (clock::instant() - start).as_nanos();
                service.latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
            }
            Err(error) => {
                service.refusals.push(format!("{error:#}"));
                // Whatever came of it, the connection is of no use any more.
                match Exchange::connect_from(Ipv4Addr::LOCALHOST, &address).await {
                    Ok(fresh) => exchange = fresh,
                    Err(_) => sleep(PAUSE).await,
                }
            }
        }
        sleep(PAUSE).await;
    }
    service
}

const CLIENTS: usize = 16;
/// Between two requests of a client.
const PAUSE: Duration = Duration::from_millis(50);
/// How many requests a client sends before it connects anew.
const REQUESTS_OF_CONNECTION: usize = 20;
/// Within what SDKs give up (two seconds or more), a few times over; fits the latencies' counter.
const PATIENCE: Duration = Duration::from_secs(4);
