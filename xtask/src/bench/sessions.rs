//! That sessions cost no memory: many are issued, and the resident size of the server is printed on the way.

use anyhow::{Result, ensure};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::exchange::Exchange;
use super::subject::{Operation, Subject};
use super::{clock, mebibytes, proc_stat, start_daypass, start_issuer};

/// Issues so many sessions with `AssumeRole`, and prints the resident size before, at each tenth of them, and so after.
///
/// # Errors
///
/// An answer is not a success, or the size grows by more than [`MOST_GROWTH`] once the first tenth is issued.
pub(super) async fn issue(sessions: u64) -> Result<()> {
    let (daypass, issuer) = (start_daypass()?, start_issuer()?);
    let subject = Subject::make(daypass.address(), issuer.address()).await?;
    let start = clock::instant();
    let look = |issued: u64| -> Result<u64> {
        let (seconds, resident) = (start.elapsed().as_secs(), proc_stat::resident(daypass.pid())?);
        println!("{issued:>9} sessions, {:.1} MiB resident, {seconds} s", mebibytes(resident));
        Ok(resident)
    };
    look(0)?;
    let (mut issued, mut sizes) = (0, Vec::new());
    for tenth in 0..10 {
        // Signed anew for each tenth, so that none grows too old.
        let request = subject.request(Operation::AssumeRole)?;
        let times = share(sessions, 10, tenth);
        send(daypass.address(), &request, times).await?;
        issued += times;
        sizes.push(look(issued)?);
    }
    let growth = growth(&sizes);
    println!("{:.1} MiB more than after the first tenth", mebibytes(growth));
    ensure!(growth <= MOST_GROWTH, "memory grows with the number of sessions issued");
    Ok(())
}

/// Sends a request so many times, on all connections together.
async fn send(address: &str, request: &Bytes, times: u64) -> Result<()> {
    let mut tasks = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let mut client = Exchange::connect(address).await?;
        let request = request.clone();
        tasks.spawn(async move {
            for _ in 0..share(times, CONNECTIONS, connection) {
                client.send(&request).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

/// The share of one of `among`, as even as can be.
fn share(all: u64, among: u64, one: u64) -> u64 {
    all / among + u64::from(one < all % among)
}

/// From the first size to the last, in bytes: by the first, buffers and threads are what they become.
fn growth(sizes: &[u64]) -> u64 {
    let first = sizes.first().copied().unwrap_or_default();
    sizes.last().copied().unwrap_or_default().saturating_sub(first)
}

const CONNECTIONS: u64 = 64;
/// Less than a byte for each of ten million sessions, and more than allocators come and go by.
const MOST_GROWTH: u64 = 8 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        for (all, among) in [(0, 10), (9, 10), (10, 10), (200_003, 64)] {
            assert_eq!((0..among).map(|one| share(all, among, one)).sum::<u64>(), all);
        }
        assert_eq!((share(11, 10, 0), share(11, 10, 1)), (2, 1));
    }

    #[test]
    fn growth_is_since_the_first_tenth() {
        assert_eq!(growth(&[20, 30, 25]), 5);
        assert_eq!(growth(&[20, 10]), 0);
        assert_eq!(growth(&[]), 0);
    }
}
