//! Names of hosts, resolved a few at a time: the system's resolver blocks a thread for each, and cannot
//! be stopped when nobody waits for it any more.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use tokio::sync::Semaphore;

/// Bounds how many threads resolve names at the same time.
#[derive(Debug)]
pub(super) struct Lookups(Arc<Semaphore>);

impl Lookups {
    /// The addresses of a host. Who waits for a thread waits without a bound: the caller sets one.
    ///
    /// # Errors
    /// When the name is not known, or cannot be resolved.
    pub(super) async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let host = host.to_owned();
        self.run(move || Ok((host.as_str(), port).to_socket_addrs()?.collect())).await
    }

    /// Runs what blocks. It keeps its place until it has ended, also when nobody waits for it.
    async fn run<T: Send + 'static>(
        &self,
        block: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(io::Error::other)?;
        let blocked = tokio::task::spawn_blocking(move || {
            let resolved = block();
            drop(place);
            resolved
        });
        blocked.await.map_err(io::Error::other)?
    }
}

impl Default for Lookups {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

/// Names that are resolved at the same time.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn addresses_are_not_looked_up() {
        let lookups = Lookups(Arc::new(Semaphore::new(0)));
        for host in ["127.0.0.1", "::1"] {
            let address = SocketAddr::new(host.parse().unwrap(), 80);
            assert_eq!(lookups.resolve(host, 80).await.unwrap(), [address]);
        }
        let found = Lookups::default().resolve("localhost", 80).await.unwrap();
        assert!(found.iter().all(|address| address.ip().is_loopback()), "{found:?}");
    }

    #[tokio::test]
    async fn a_resolver_that_does_not_answer_takes_so_many_threads() {
        let lookups = Arc::new(Lookups::default());
        let begun = Arc::new(AtomicUsize::new(0));
        let (answer, answers) = mpsc::channel::<()>();
        let answers = Arc::new(std::sync::Mutex::new(answers));
        let mut waiting: Vec<_> = (0..50)
            .map(|_| {
                let (lookups, begun) = (Arc::clone(&lookups), Arc::clone(&begun));
                let answers = Arc::clone(&answers);
                tokio::spawn(async move {
                    let block = move || {
                        begun.fetch_add(1, Ordering::SeqCst);
                        let _ = answers.lock().unwrap().recv();
                        Ok(())
                    };
                    lookups.run(block).await
                })
            })
            .collect();
        while begun.load(Ordering::SeqCst) < MOST {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // Nobody waits for them any more: they block all the same.
        waiting.drain(..40).for_each(|one| one.abort());
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(begun.load(Ordering::SeqCst), MOST);
        drop(answer);
        for one in waiting {
            one.await.unwrap().unwrap();
        }
    }
}
