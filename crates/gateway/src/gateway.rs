use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use daypass_audit::AuditSink;
use daypass_authz::Env;
use daypass_ident::{Clock, ManualClock};
use http_body_util::{BodyExt, Full};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::connection::Connection;
use crate::diagnoses::Diagnoses;
use crate::endpoints::Reset;
use crate::explanations::Explanations;
use crate::public_keys::PublicKeys;
use crate::signing_keys::SigningKeys;
use crate::{Limits, listen, stack};

/// AWS's STS and IAM, as seen from a socket. Cloning it is cheap: clones are the same gateway.
#[derive(Debug, Clone)]
pub struct Gateway(Arc<Shared>);

/// What a gateway is made of.
pub struct GatewayConfig {
    /// What the requests of the deployment share.
    pub env: Arc<Env>,
    /// The clock by which signatures are fresh: the world's, whatever the service clock says.
    pub wall_clock: Arc<dyn Clock>,
    /// Where the events of calls go.
    pub audit: Arc<dyn AuditSink>,
    /// How the state is put back to what it was at the start, if that is offered.
    pub reset: Option<Arc<dyn Reset>>,
    /// The service clock to read and move over HTTP, if that is offered.
    pub clock: Option<Arc<ManualClock>>,
    /// The regions that credentials may be scoped to at an address that is not AWS's own: all of
    /// [`REGIONS`](crate::REGIONS), or those that a deployment wants. Like all configuration they
    /// last as long as the process.
    pub regions: &'static [&'static str],
    /// How many clients, and how long they may take.
    pub limits: Limits,
}

impl Gateway {
    /// A gateway that does not yet listen.
    #[must_use]
    pub fn new(config: GatewayConfig) -> Self {
        Self(Arc::new(Shared {
            config,
            signing_keys: SigningKeys::default(),
            public_keys: PublicKeys::default(),
            diagnoses: Diagnoses::default(),
            explanations: Explanations::default(),
        }))
    }

    /// Answers what arrives at the listener, HTTP/1.1 and HTTP/2 without TLS alike, until
    /// `shutdown` ends; then finishes the requests in flight, for as long as [`Limits::drain`]
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
        let connection = Arc::new(Connection::new(Arc::clone(&self.0), peer));
        let Ok(response) = stack::stack(connection).oneshot(request.map(Full::new)).await;
        let (head, body) = response.into_parts();
        let Ok(body) = body.collect().await;
        http::Response::from_parts(head, body.to_bytes())
    }
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: GatewayConfig,
    pub(crate) signing_keys: SigningKeys,
    pub(crate) public_keys: PublicKeys,
    pub(crate) diagnoses: Diagnoses,
    pub(crate) explanations: Explanations,
}

impl fmt::Debug for GatewayConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayConfig")
            .field("env", &self.env)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
