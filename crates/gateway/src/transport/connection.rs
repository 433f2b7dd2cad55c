use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::shared::Shared;
use crate::transport::body::Allowance;
use crate::transport::budget::{BodyBudget, Claim};

/// One connection, as its requests see it.
#[derive(Debug)]
pub(crate) struct Connection {
    shared: Arc<Shared>,
    pub(crate) peer: SocketAddr,
    /// What the bodies of all connections of the peer may hold.
    peer_bodies: Arc<BodyBudget>,
    /// How many connections had been accepted before it.
    number: u64,
    begun: AtomicU64,
    ended: AtomicU64,
    /// How many connections had been accepted when the last request ended.
    last_used: AtomicU64,
    /// Asks the connection to make room for another.
    pub(crate) leave: Notify,
}

impl Connection {
    pub(crate) fn new(shared: Arc<Shared>, peer: SocketAddr, peer_bodies: Arc<BodyBudget>) -> Self {
        let number = shared.accepted.fetch_add(1, Ordering::Relaxed);
        Self {
            shared,
            peer,
            peer_bodies,
            number,
            begun: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            last_used: number.into(),
            leave: Notify::new(),
        }
    }

    /// How many requests have begun so far, or `None` while one is in flight.
    pub(crate) fn at_rest(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::Relaxed);
        let begun = self.begun.load(Ordering::Relaxed);
        (begun == ended).then_some(begun)
    }

    /// When it was last used, in connections accepted since the start; of those that were last used
    /// at the same time the one that was accepted first comes first.
    pub(crate) fn last_used(&self) -> (u64, u64) {
        (self.last_used.load(Ordering::Relaxed), self.number)
    }
}

impl Deref for Connection {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// A request's hold on its connection, which counts as busy until the request is over, and on the
/// bytes of its body.
#[derive(Debug)]
pub(crate) struct InFlight {
    connection: Arc<Connection>,
    held: usize,
    claim: Claim,
}

impl InFlight {
    pub(crate) fn begin(connection: &Arc<Connection>, claim: Claim) -> Self {
        connection.begun.fetch_add(1, Ordering::Relaxed);
        Self { connection: Arc::clone(connection), held: 0, claim }
    }

    /// The connection, to look at it when the request is over.
    pub(crate) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }
}

impl Allowance for InFlight {
    fn claim(&self) -> Claim {
        self.claim
    }

    fn hold(&mut self, bytes: usize) -> bool {
        let (peer, all) = (&self.connection.peer_bodies, &self.connection.bodies);
        if !peer.take(self.claim, bytes) {
            return false;
        }
        if !all.take(self.claim, bytes) {
            peer.give_back(self.claim, bytes);
            return false;
        }
        self.held += bytes;
        true
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let connection = &self.connection;
        if self.held > 0 {
            connection.peer_bodies.give_back(self.claim, self.held);
            connection.bodies.give_back(self.claim, self.held);
        }
        let accepted = connection.accepted.load(Ordering::Relaxed);
        connection.last_used.store(accepted, Ordering::Relaxed);
        connection.ended.fetch_add(1, Ordering::Relaxed);
    }
}

impl Deref for InFlight {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}
