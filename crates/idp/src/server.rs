use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use daypass_ident::{Clock, IdGen};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::{InvalidSettings, KeyError, Keys, Provider, Settings};

/// A provider that listens.
#[derive(Debug)]
pub struct Server {
    provider: Arc<Provider>,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Begins to listen; connections are served once [`serve`](Self::serve) runs.
    ///
    /// # Errors
    /// When the settings are wrong, there is no key, or it cannot or must not listen there.
    pub async fn bind(
        settings: Settings,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGen>,
    ) -> Result<Self, StartError> {
        let listen = |source| StartError::Bind { listen: settings.listen.clone(), source };
        let listener = TcpListener::bind(&settings.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        if !address.ip().to_canonical().is_loopback() {
            if !settings.beyond_loopback {
                return Err(StartError::BeyondLoopback(address));
            }
            if settings.are_known_to_everybody() {
                return Err(StartError::Known(address));
            }
            if settings.issuer.is_none() {
                return Err(StartError::NoIssuer(address));
            }
        }
        let keys = match &settings.key_file {
            Some(file) => Keys::keep_in(file)?,
            None => Keys::generate()?,
        };
        let provider = Provider::new(settings, &format!("http://{address}"), keys, clock, ids)?;
        Ok(Self { provider: Arc::new(provider), listener, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves.
    #[must_use]
    pub fn provider(&self) -> &Arc<Provider> {
        &self.provider
    }

    /// Serves until `shutdown` ends, and finishes the requests in flight.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let mut server = auto::Builder::new(TokioExecutor::new()).http1_only();
        server
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(MAX_HEAD);
        let server = Arc::new(server);
        let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = accept(&self.listener, &connections) => accepted,
            };
            let Some((stream, permit)) = accepted else { continue };
            let provider = Arc::clone(&self.provider);
            let service = service_fn(move |request| answer(Arc::clone(&provider), request));
            let connection = server.serve_connection(TokioIo::new(stream), service);
            let watched = graceful.watch(connection.into_owned());
            tokio::spawn(async move {
                if let Err(error) = watched.await {
                    tracing::debug!(error, "a connection to the identity provider broke");
                }
                drop(permit);
            });
        }
        drop(self.listener);
        // Who does not finish in time is cut off when the runtime ends.
        let _ = timeout(DRAIN, graceful.shutdown()).await;
    }
}

/// Why a provider does not listen. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be had.
    #[error("the identity provider cannot listen on {listen}: {source}")]
    Bind {
        /// The address.
        listen: String,
        /// Why not.
        source: io::Error,
    },
    /// Others could reach it, and nobody said that they may.
    #[error(
        "the identity provider will not listen on {0}, where others can reach it and sign in as any \
         user without a password: say beyond_loopback = true, or listen on 127.0.0.1"
    )]
    BeyondLoopback(SocketAddr),
    /// Others could reach it and know who can sign in.
    #[error(
        "the identity provider will not listen on {0} with the user and the client that everybody \
         knows: configure users and clients of your own"
    )]
    Known(SocketAddr),
    /// Others could reach it, and nobody said by which name.
    #[error(
        "the identity provider listens on {0}: configure the issuer's URL, by which it is reached"
    )]
    NoIssuer(SocketAddr),
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] InvalidSettings),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The next connection, once there may be one more.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            // Too many open files pass only with time.
            tracing::warn!(%error, "the identity provider cannot accept connections at the moment");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn answer(
    provider: Arc<Provider>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let status = match timeout(PATIENCE, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => {
            let response = provider.answer(&head, &body.to_bytes());
            // The path and not the query, which may hold what nobody else is to see.
            tracing::debug!(method = %head.method, path = head.uri.path(), status = %response.status(), "the identity provider answered");
            return Ok(response.map(Full::new));
        }
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => StatusCode::REQUEST_TIMEOUT,
    };
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    Ok(response)
}

/// How long a head or a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long requests in flight may take to finish at the end.
const DRAIN: Duration = Duration::from_secs(5);
/// In bytes: forms hold at most a SAML request.
const MAX_BODY: usize = 256 * 1024;
/// In bytes.
const MAX_HEAD: usize = 64 * 1024;
const MAX_CONNECTIONS: usize = 256;

#[cfg(test)]
mod tests {
    use daypass_ident::{SystemClock, SystemIds};

    use super::*;

    async fn bind(listen: &str, beyond_loopback: bool) -> Result<Server, StartError> {
        let listen = listen.to_owned();
        let settings = Settings { listen, beyond_loopback, ..Settings::default() };
        Server::bind(settings, Arc::new(SystemClock), Arc::new(SystemIds)).await
    }

    #[tokio::test]
    async fn it_stays_on_this_machine_unless_told_otherwise() {
        let server = bind("127.0.0.1:0", false).await.unwrap();
        assert_eq!(server.provider().issuer(), format!("http://{}", server.address()));
        assert!(matches!(bind("0.0.0.0:0", false).await, Err(StartError::BeyondLoopback(_))));
        assert!(matches!(bind("0.0.0.0:0", true).await, Err(StartError::Known(_))));
        let users = Vec::new();
        let own = Settings { listen: "0.0.0.0:0".to_owned(), users, ..Settings::default() };
        let own = Settings { beyond_loopback: true, clients: Vec::new(), ..own };
        let own = Server::bind(own, Arc::new(SystemClock), Arc::new(SystemIds)).await;
        assert!(matches!(own, Err(StartError::NoIssuer(_))));
        let taken = bind(&server.address().to_string(), false).await;
        assert!(matches!(taken, Err(StartError::Bind { .. })));
    }

    #[tokio::test]
    async fn it_ends_when_it_is_told_to() {
        let server = bind("127.0.0.1:0", false).await.unwrap();
        let address = server.address();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(async { drop(ended.await) }));
        let idle = TcpStream::connect(address).await.unwrap();
        end.send(()).unwrap();
        timeout(PATIENCE, serving).await.unwrap().unwrap();
        drop(idle);
        assert!(TcpStream::connect(address).await.is_err());
    }
}
