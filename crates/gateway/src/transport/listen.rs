//! Connections: accepting them, watching over them, and letting them finish.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{self, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::shared::Shared;
use crate::transport::connection::Connection;
use crate::transport::connections::{Connections, Room};
use crate::transport::limits::HEAD_BUFFER;
use crate::transport::stack::stack;

/// Serves until `shutdown` ends, then stops accepting and lets the requests in flight finish.
pub(crate) async fn serve(
    shared: &Arc<Shared>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) {
    let limits = shared.config.limits;
    let server = Arc::new(server());
    let (closing, watcher) = watch::channel(());
    let mut tasks = JoinSet::new();
    let mut connections = Connections::default();
    let mut shutdown = pin!(shutdown);
    // One that has been accepted, while all connections that there may be are busy.
    let mut waiting = None;
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = tasks.join_next_with_id() => {
                connections.remove(report(ended));
                waiting.take()
            }
            // A connection that falls silent tells nobody.
            () = sleep(WAIT_FOR_ROOM), if waiting.is_some() => waiting.take(),
            accepted = listener.accept(), if waiting.is_none() => match accepted {
                Ok(accepted) => Some(accepted),
                Err(error) => {
                    rest_after(&error).await;
                    None
                }
            },
        };
        let Some((stream, peer)) = accepted else { continue };
        match connections.make_room(peer.ip(), shared) {
            Room::Made => {
                let bodies = connections.bodies_of(peer.ip(), shared);
                let connection = Arc::new(Connection::new(Arc::clone(shared), peer, bodies));
                let (server, watcher) = (Arc::clone(&server), watcher.clone());
                let served = Arc::clone(&connection);
                let task =
                    tasks.spawn(async move { attend(&server, stream, served, watcher).await });
                connections.add(task.id(), connection);
            }
            Room::NoneForPeer => {
                tracing::debug!(%peer, "refused: the address has too many busy connections");
            }
            Room::None => waiting = Some((stream, peer)),
        }
    }
    drop((listener, watcher));
    // Nobody may listen any more: then all connections have ended already.
    let _ = closing.send(());
    let drained = async { while tasks.join_next().await.is_some() {} };
    if timeout(limits.drain, drained).await.is_err() {
        tracing::warn!("connections were cut off that did not finish in time");
    }
    shared.refusals.end_moment();
}

/// HTTP/1.1 or HTTP/2 with prior knowledge, whichever the client begins to speak.
fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    // How long a head may take is `attend`'s to watch, without a timer for every request.
    server.http1().max_buf_size(HEAD_BUFFER).header_read_timeout(None);
    server
        .http2()
        .max_header_list_size(u32::try_from(HEAD_BUFFER).unwrap_or(u32::MAX))
        .max_concurrent_streams(MAX_STREAMS)
        // What a peer may send before its bytes are counted against the budget of bodies.
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    server
}

/// Serves one connection, until it ends, is asked to close, or has brought no request for as long
/// as it may.
async fn attend(
    server: &auto::Builder<TokioExecutor>,
    stream: TcpStream,
    connection: Arc<Connection>,
    mut closing: watch::Receiver<()>,
) {
    // Answers are written whole: to hold them back for more would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let service = TowerToHyperService::new(stack(Arc::clone(&connection)));
    let mut served = pin!(server.serve_connection(TokioIo::new(stream), service));
    let mut silence = Silence::new(connection.config.limits.idle);
    let mut is_closing = false;
    loop {
        tokio::select! {
            biased;
            ended = served.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(peer = %connection.peer, error, "a connection broke");
                }
                return;
            }
            _ = closing.changed(), if !is_closing => {
                is_closing = true;
                served.as_mut().graceful_shutdown();
            }
            () = silence.falls(&connection) => return,
            () = connection.leave.notified(), if !is_closing => {
                if connection.at_rest() == Some(0) {
                    return;
                }
                // An answer may be on its way.
                is_closing = true;
                served.as_mut().graceful_shutdown();
                silence = Silence::new(FAREWELL);
            }
        }
    }
}

/// Notices that a connection brings no requests. It looks now and then instead of setting a timer
/// for each request.
struct Silence {
    looks: tokio::time::Interval,
    /// How many requests had begun at the last look at which none was in flight.
    begun: Option<u64>,
}

impl Silence {
    fn new(patience: Duration) -> Self {
        let mut looks = interval((patience / 2).max(Duration::from_millis(1)));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { looks, begun: None }
    }

    /// Ends once no request has begun or been in flight for two looks on end.
    async fn falls(&mut self, connection: &Connection) {
        let mut silent_looks = 0;
        while silent_looks < 2 {
            self.looks.tick().await;
            let begun = connection.at_rest();
            let silent = begun.is_some() && begun == self.begun;
            silent_looks = if silent { silent_looks + 1 } else { 0 };
            self.begun = begun;
        }
    }
}

/// The task that has ended; one that failed is logged.
fn report(ended: Result<(task::Id, ()), task::JoinError>) -> task::Id {
    ended.map_or_else(
        |error| {
            tracing::error!(%error, "a connection's task failed");
            error.id()
        },
        |(id, ())| id,
    )
}

/// A client that is gone before it is accepted concerns nobody. Anything else, such as too many
/// open files, passes only with time.
async fn rest_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "cannot accept connections at the moment");
    sleep(Duration::from_millis(100)).await;
}

/// How long a connection that makes room for another may go without a request in flight: enough to
/// send the last answer.
const FAREWELL: Duration = Duration::from_millis(200);

/// How long to wait for a connection to fall silent when all are busy.
const WAIT_FOR_ROOM: Duration = Duration::from_millis(50);

/// Requests at one time on one HTTP/2 connection.
const MAX_STREAMS: u32 = 256;

/// In bytes.
const STREAM_WINDOW: u32 = 64 << 10;
const CONNECTION_WINDOW: u32 = 256 << 10;
