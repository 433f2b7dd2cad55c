use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::shared::Shared;

/// One connection, as its requests see it.
#[derive(Debug)]
pub(crate) struct Connection {
    shared: Arc<Shared>,
    pub(crate) peer: SocketAddr,
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Connection {
    pub(crate) fn new(shared: Arc<Shared>, peer: SocketAddr) -> Self {
        Self { shared, peer, begun: AtomicU64::new(0), ended: AtomicU64::new(0) }
    }

    /// How many requests have begun so far, or `None` while one is in flight.
    pub(crate) fn at_rest(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::Relaxed);
        let begun = self.begun.load(Ordering::Relaxed);
        (begun == ended).then_some(begun)
    }
}

impl Deref for Connection {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// A request's hold on its connection, which counts as busy until the request is over.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Connection>);

impl InFlight {
    pub(crate) fn begin(connection: &Arc<Connection>) -> Self {
        connection.begun.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(connection))
    }

    /// The connection, to look at it when the request is over.
    pub(crate) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.0)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl Deref for InFlight {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}
