use std::time::Duration;

/// How many clients there may be and how long they may take. What a request may weigh is AWS's to
/// say, and no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time. For one more, a connection without a request in flight is closed:
    /// of the address with the most connections, one that has never sent a request, or else the one
    /// that has been silent for the longest. Where there is none, it waits to be accepted.
    pub connections: usize,
    /// Connections at one time from one address, or one /64 network of IPv6. For one more, such a
    /// connection of the same address is closed. Where there is none, it is refused.
    pub connections_of_peer: usize,
    /// Bytes that the bodies of all requests may hold at one time. Beyond it a request is answered
    /// `ServiceUnavailable` (503) with `Retry-After`. One address may hold half, and requests that
    /// show no signature a quarter.
    pub body_memory: usize,
    /// How long a connection may go without bringing a whole request head, whether it is idle or
    /// sends slowly. It is closed after at most one and a half times as long.
    pub idle: Duration,
    /// How long the body of a request may take.
    pub body: Duration,
    /// How long a shutdown waits for the requests that are in flight.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_of_peer: 1024,
            body_memory: 256 << 20,
            idle: Duration::from_secs(60),
            body: Duration::from_secs(30),
            drain: Duration::from_secs(10),
        }
    }
}

/// The greatest body that AWS reads, in bytes; one more is a bare 413. A request that shows no
/// signature may send less (`request::unsigned`).
pub(crate) const MAX_BODY: usize = 10_000_000;

/// The greatest request head that AWS reads, in bytes; more is a bare 400.
pub(crate) const MAX_HEAD: usize = 16 * 1024;

/// What is read of a request head before it is given up without being measured. Above
/// [`MAX_HEAD`], so that a head that is somewhat too large can still be answered as AWS does.
pub(crate) const HEAD_BUFFER: usize = 4 * MAX_HEAD;
