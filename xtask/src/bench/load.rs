//! The load: so many connections, each with one request in flight at all times.

use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use tokio::task::JoinSet;

use super::clock;
use super::exchange::Exchange;

/// What was measured from outside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Load {
    pub(crate) elapsed: Duration,
    /// How long each answer took, in nanoseconds.
    pub(crate) latencies: Vec<u32>,
}

/// Sends `request` over and over on each of `connections` until `duration` is over.
///
/// # Errors
///
/// A connection breaks, or an answer is not a success: a server that refuses is not fast.
pub(crate) async fn drive(
    address: &str,
    request: &Bytes,
    connections: usize,
    duration: Duration,
) -> Result<Load> {
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Exchange::connect(address).await?);
    }
    let start = clock::instant();
    let mut tasks = JoinSet::new();
    for client in clients {
        tasks.spawn(repeat(client, request.clone(), start + duration));
    }
    let mut load = Load::default();
    while let Some(latencies) = tasks.join_next().await {
        load.latencies.extend(latencies??);
    }
    load.elapsed = start.elapsed();
    Ok(load)
}

async fn repeat(mut client: Exchange, request: Bytes, end: Instant) -> Result<Vec<u32>> {
    let mut latencies = Vec::with_capacity(1 << 14);
    let mut sent = clock::instant();
    while sent < end {
        client.send(&request).await?;
        let answered = clock::instant();
        latencies.push(u32::try_from((answered - sent).as_nanos()).unwrap_or(u32::MAX));
        sent = answered;
    }
    Ok(latencies)
}
