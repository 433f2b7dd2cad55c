//! Which connections are open, whose they are, and which makes room for another.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::task;

use crate::shared::Shared;
use crate::transport::budget::BodyBudget;
use crate::transport::connection::Connection;

/// The open connections.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: HashMap<task::Id, Open>,
    peers: HashMap<Peer, Share>,
    /// Those that have not been asked to make room.
    staying: usize,
}

/// Whether there is room for one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// There is, if need be in place of one that has been asked to leave.
    Made,
    /// All connections of the address are busy, and it has its share of them.
    NoneForPeer,
    /// All connections are busy.
    None,
}

#[derive(Debug)]
struct Open {
    peer: Peer,
    connection: Arc<Connection>,
    /// Whether it has been asked to make room.
    is_leaving: bool,
}

/// What connections are told apart by: an address, of IPv6 the /64 network that one client has to
/// itself (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Peer(IpAddr);

impl Peer {
    fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
            v4 => v4,
        })
    }
}

/// What one peer uses.
#[derive(Debug)]
struct Share {
    connections: usize,
    bodies: Arc<BodyBudget>,
}

impl Connections {
    /// Makes room for a connection of this address.
    pub(super) fn make_room(&mut self, address: IpAddr, shared: &Shared) -> Room {
        let peer = Peer::of(address);
        let limits = shared.config.limits;
        let of_peer = self.peers.get(&peer).map_or(0, |share| share.connections);
        if of_peer >= limits.connections_of_peer {
            let is_made = self.dismiss(|open| open.peer == peer);
            return if is_made { Room::Made } else { Room::NoneForPeer };
        }
        let is_made = self.staying < limits.connections || self.dismiss(|_| true);
        if is_made { Room::Made } else { Room::None }
    }

    /// What the bodies of this address share.
    pub(super) fn bodies_of(&mut self, address: IpAddr, shared: &Shared) -> Arc<BodyBudget> {
        Arc::clone(&self.share(Peer::of(address), shared).bodies)
    }

    /// Notes a connection that a task serves.
    pub(super) fn add(&mut self, task: task::Id, connection: Arc<Connection>) {
        let peer = Peer::of(connection.peer.ip());
        self.share(peer, &connection).connections += 1;
        self.staying += 1;
        self.open.insert(task, Open { peer, connection, is_leaving: false });
    }

    /// Notes that a task has ended.
    pub(super) fn remove(&mut self, task: task::Id) {
        let Some(open) = self.open.remove(&task) else { return };
        if !open.is_leaving {
            self.release(open.peer);
        }
    }

    fn share(&mut self, peer: Peer, shared: &Shared) -> &mut Share {
        let memory = shared.config.limits.body_memory;
        self.peers.entry(peer).or_insert_with(|| Share {
            connections: 0,
            bodies: Arc::new(BodyBudget::of_peer(memory)),
        })
    }

    fn release(&mut self, peer: Peer) {
        self.staying -= 1;
        if let Some(share) = self.peers.get_mut(&peer) {
            share.connections -= 1;
            if share.connections == 0 {
                self.peers.remove(&peer);
            }
        }
    }

    /// Asks one to leave: of the peer that has the most, and of those that have never sent a request if
    /// there are any, the one that has been silent for the longest.
    fn dismiss(&mut self, among: impl Fn(&Open) -> bool) -> bool {
        let of_peer = |open: &Open| self.peers.get(&open.peer).map_or(0, |share| share.connections);
        let longest = |open: &Open| std::cmp::Reverse(open.connection.last_used());
        let is_mute = |open: &Open| open.connection.at_rest() == Some(0);
        let order = |open: &Open| (of_peer(open), is_mute(open), longest(open));
        let chosen = self.silent(among).max_by_key(|(_, open)| order(open));
        let Some(task) = chosen.map(|(task, _)| task) else { return false };
        let Some(open) = self.open.get_mut(&task) else { return false };
        open.is_leaving = true;
        open.connection.leave.notify_one();
        let peer = open.peer;
        self.release(peer);
        true
    }

    fn silent(&self, among: impl Fn(&Open) -> bool) -> impl Iterator<Item = (task::Id, &Open)> {
        let open = self.open.iter().map(|(task, open)| (*task, open));
        open.filter(move |(_, open)| {
            !open.is_leaving && open.connection.at_rest().is_some() && among(open)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_addresses_or_networks() {
        let same = [("127.0.0.1", "::ffff:127.0.0.1"), ("2001:db8::1", "2001:db8::ffff:2")];
        for (one, other) in same {
            assert_eq!(Peer::of(one.parse().unwrap()), Peer::of(other.parse().unwrap()));
        }
        let different = [("127.0.0.1", "127.0.0.2"), ("2001:db8::1", "2001:db8:0:1::1")];
        for (one, other) in different {
            assert_ne!(Peer::of(one.parse().unwrap()), Peer::of(other.parse().unwrap()));
        }
    }
}
