//! Identity providers' documents, over the network.
//!
//! One request on one connection: documents are cached for long, so nothing is gained by keeping
//! connections open. TLS is rustls on aws-lc-rs, with the certificate authorities that this machine
//! knows (`SSL_CERT_FILE` and `SSL_CERT_DIR` count): whoever runs daypass beside a provider of their own
//! company has its authority installed there, and no release of daypass can be behind with the list.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use daypass_federation::is_loopback;
use daypass_federation::oidc::{Chain, Fetch, FetchError, Fetched, Fetching};
use http::header::{ACCEPT, HOST, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::RootCertStore;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use self::lookups::Lookups;
use self::trust::Trust;

mod lookups;
mod trust;

/// Fetches over `https`, and from this machine itself over `http` too, where that is allowed.
#[derive(Debug, Default)]
pub(crate) struct WebFetch {
    loopback_http: bool,
    /// Read when they are first needed: most deployments never ask a provider.
    authorities: OnceCell<Arc<RootCertStore>>,
    lookups: Lookups,
}

impl WebFetch {
    /// `loopback_http`: whether plain `http` is allowed to addresses of this machine.
    pub(crate) fn new(loopback_http: bool) -> Self {
        Self { loopback_http, ..Self::default() }
    }

    async fn fetch(&self, url: &str, limit: usize) -> Result<Fetched, FetchError> {
        let url = Destination::of(url).ok_or(FetchError::Unreachable)?;
        let addresses = self.addresses(&url).await?;
        let stream = TcpStream::connect(&*addresses).await.map_err(|_| FetchError::Unreachable)?;
        if !url.tls {
            let body = exchange(stream, url.uri, limit).await?;
            return Ok(Fetched { body, chain: None });
        }
        let (stream, chain) = self.secure(stream, url.host()).await?;
        let body = exchange(stream, url.uri, limit).await?;
        Ok(Fetched { body, chain: Some(chain) })
    }

    /// Where to connect. A name that only looks like this machine's does not get plain `http`.
    async fn addresses(&self, url: &Destination) -> Result<Vec<SocketAddr>, FetchError> {
        let found = self.lookups.resolve(url.host(), url.port).await;
        let mut addresses = found.map_err(|_| FetchError::Unreachable)?;
        addresses.retain(|address| self.may_connect(url, address.ip()));
        if addresses.is_empty() { Err(FetchError::Unreachable) } else { Ok(addresses) }
    }

    /// Whether a URL may lead to an address. Plain `http` stays on this machine. A name that resolves to
    /// this machine gets what is on it only where providers may be on it, for AWS could not reach them;
    /// one that says itself that it is this machine's is whoever registered it's own choice. Link-local
    /// and unspecified addresses are no provider's: a cloud's metadata service is at one.
    fn may_connect(&self, url: &Destination, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let is_link_local = match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => address.is_unicast_link_local(),
        };
        match (address.is_loopback(), url.tls) {
            (true, false) => self.loopback_http,
            (true, true) => self.loopback_http || is_loopback(url.authority()),
            (false, tls) => tls && !is_link_local && !address.is_unspecified(),
        }
    }

    async fn secure(
        &self,
        stream: TcpStream,
        host: &str,
    ) -> Result<(impl AsyncRead + AsyncWrite + Send + Unpin + 'static, Chain), FetchError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| FetchError::Untrusted)?;
        let authorities = self.authorities.get_or_init(known_authorities).await;
        let trust = Arc::new(Trust::new(Arc::clone(authorities)));
        let config = trust::client_config(Arc::clone(&trust)).ok_or(FetchError::Unreachable)?;
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, stream).await.map_err(|error| refused(&error))?;
        let chain = trust.came_to().ok_or(FetchError::Untrusted)?;
        Ok((stream, chain))
    }
}

impl Fetch for WebFetch {
    fn get<'a>(&'a self, url: &'a str, limit: usize) -> Fetching<'a> {
        Box::pin(async move {
            let fetched = timeout(PATIENCE, self.fetch(url, limit)).await;
            fetched.unwrap_or(Err(FetchError::TimedOut))
        })
    }
}

/// A URL that can be connected to.
struct Destination {
    uri: Uri,
    tls: bool,
    port: u16,
}

impl Destination {
    fn of(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let (tls, port) = match uri.scheme_str()? {
            "https" => (true, 443),
            "http" => (false, 80),
            _ => return None,
        };
        uri.host()?;
        let port = uri.port_u16().unwrap_or(port);
        Some(Self { uri, tls, port })
    }

    fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    /// The name or address, an IPv6 address without its brackets.
    fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }
}

/// One request and the body of its answer, if that is a 200: a redirect leads to where nobody has
/// looked whether it is trusted.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    uri: Uri,
    limit: usize,
) -> Result<Vec<u8>, FetchError> {
    let unreachable = |_| FetchError::Unreachable;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    // It ends by itself as soon as the answer is read or no longer wanted.
    tokio::spawn(connection);
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::builder()
        .method(Method::GET)
        .uri(path)
        .header(HOST, host)
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("daypass/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())
        .map_err(|_| FetchError::Unreachable)?;
    let answer = sender.send_request(request).await.map_err(unreachable)?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    if answer.body().size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(FetchError::TooLong);
    }
    match Limited::new(answer.into_body(), limit).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(FetchError::TooLong),
        Err(_) => Err(FetchError::Unreachable),
    }
}

/// Why there is no TLS connection.
fn refused(error: &io::Error) -> FetchError {
    let tls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(_)) => FetchError::Untrusted,
        _ => FetchError::Unreachable,
    }
}

/// The certificate authorities that this machine knows. There may be none, as in a container
/// without any: then only providers' thumbprints count.
async fn known_authorities() -> Arc<RootCertStore> {
    let read = || {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "some certificate authorities cannot be read");
        }
        let mut authorities = RootCertStore::empty();
        authorities.add_parsable_certificates(found.certs);
        authorities
    };
    let read = tokio::task::spawn_blocking(read).await;
    Arc::new(read.unwrap_or_else(|_| RootCertStore::empty()))
}

/// How long a document may take, from the look-up of the name to the last byte. A caller of STS
/// waits for two of them at most, and SDKs give up sooner than half a minute.
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests;
