use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::shared::{GatewayConfig, Shared};
use crate::transport::budget::BodyBudget;
use crate::transport::connection::Connection;
use crate::transport::listen;
use crate::transport::stack::stack;

/// AWS's STS and IAM, as seen from a socket. Cloning it is cheap: clones are the same gateway.
#[derive(Debug, Clone)]
pub struct Gateway(Arc<Shared>);

impl Gateway {
    /// A gateway that does not yet listen.
    #[must_use]
    pub fn new(config: GatewayConfig) -> Self {
        Self(Arc::new(Shared::new(config)))
    }

    /// Answers what arrives at the listener, HTTP/1.1 and HTTP/2 without TLS alike, until
    /// `shutdown` ends; then finishes the requests in flight, for as long as [`Limits::drain`](crate::Limits::drain)
    /// allows.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        listen::serve(&self.0, listener, shutdown).await;
    }

    /// Answers one request without a socket: everything between the HTTP server and the operation
    /// is the same.
    pub async fn answer(
        &self,
        request: http::Request<Bytes>,
        peer: SocketAddr,
    ) -> http::Response<Bytes> {
        let bodies = Arc::new(BodyBudget::of_peer(self.0.config.limits.body_memory));
        let connection = Arc::new(Connection::new(Arc::clone(&self.0), peer, bodies));
        let Ok(response) = stack(connection).oneshot(request.map(Full::new)).await;
        let (head, body) = response.into_parts();
        let Ok(body) = body.collect().await;
        http::Response::from_parts(head, body.to_bytes())
    }
}
