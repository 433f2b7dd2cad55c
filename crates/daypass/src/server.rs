use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use daypass_gateway::{Gateway, Reset, ResetError};
use daypass_ident::{AccountId, ManualClock};
use daypass_idp::{Provider, Server as IdpServer};
use daypass_sts_core::{AssertedContext, ContextRequest, ContextRequestError, assert_context};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::builder::Builder;
use crate::deployment::{Deployment, RootCredentials};
use crate::key_file::KeyFileError;

/// A running server. It stops when it is dropped, and orderly with [`shutdown`](Self::shutdown).
#[derive(Debug)]
pub struct Daypass {
    deployment: Arc<Deployment>,
    address: SocketAddr,
    endpoint: String,
    account: AccountId,
    idp: Option<Arc<Provider>>,
    stop: Option<watch::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Daypass {
    /// A server that is yet to be started.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The URL for `AWS_ENDPOINT_URL`, such as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The account of the root credentials.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The keys of the account's root user.
    #[must_use]
    pub fn root_credentials(&self) -> &RootCredentials {
        &self.deployment.root
    }

    /// The service clock, by which sessions expire; signatures keep to the world's time. A test
    /// that moves it sees sessions expire without waiting. While the well-known keys are in force,
    /// the same is at `/_daypass/clock` for tests in other languages.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.deployment.clock
    }

    /// What IAM Identity Center would assert of a user to STS, for `ProvidedContexts` of `AssumeRole`.
    /// While the well-known keys are in force, the same is at `/_daypass/context-assertions`.
    ///
    /// # Errors
    /// When IAM Identity Center has no such user or ARNs, and under `--strict`.
    pub fn context_assertion(
        &self,
        request: &ContextRequest,
    ) -> Result<AssertedContext, ContextRequestError> {
        assert_context(request, self.account, &self.deployment.env)
    }

    /// The identity provider that runs beside the server, if there is one.
    #[must_use]
    pub fn idp(&self) -> Option<&Provider> {
        self.idp.as_deref()
    }

    /// Takes the keys from the key file anew, after a rotation: from the next request on the newest seal
    /// and sign, and sessions whose key is gone have ended. Without a key file it does nothing.
    ///
    /// # Errors
    /// When the file cannot be used; the keys are then as they were.
    pub fn reload_keys(&self) -> Result<(), KeyFileError> {
        self.deployment.reload_keys()
    }

    /// What AWS's SDK for Rust needs to call the server as the account's root user, whichever of the SDK's
    /// features are on: with its default features off it has no HTTP client of its own, and says so only when a
    /// request fails to be dispatched. The client here speaks plain HTTP, as the server does.
    #[cfg(feature = "aws-config")]
    #[must_use]
    pub fn sdk_config(&self, region: &str) -> aws_config::SdkConfig {
        let root = self.root_credentials();
        let credentials = aws_credential_types::Credentials::from_keys(
            root.access_key_id.clone(),
            root.secret_access_key.expose().clone(),
            None,
        );
        aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .endpoint_url(&self.endpoint)
            .region(aws_config::Region::new(region.to_owned()))
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
                credentials,
            ))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            // Credential providers want both from here, and fail without them.
            .time_source(aws_smithy_async::time::SystemTimeSource::new())
            .sleep_impl(aws_smithy_async::rt::sleep::TokioSleep::new())
            .build()
    }

    /// Stops accepting, finishes the requests in flight, and returns.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        let _ = (&mut self.serving).await;
    }

    pub(crate) fn run(
        deployment: Arc<Deployment>,
        gateway: Gateway,
        listener: TcpListener,
        address: SocketAddr,
        account: AccountId,
        idp: Option<IdpServer>,
    ) -> Self {
        let (stop, stopped) = watch::channel(());
        let provider = idp.as_ref().map(|idp| Arc::clone(idp.provider()));
        let serving = tokio::spawn(async move {
            let idp = async {
                if let Some(idp) = idp {
                    idp.serve(end_of(stopped.clone())).await;
                }
            };
            tokio::join!(gateway.serve(listener, end_of(stopped.clone())), idp);
        });
        let endpoint = endpoint(address);
        Self { deployment, address, endpoint, account, idp: provider, stop: Some(stop), serving }
    }
}

impl Drop for Daypass {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Ends when the sender is dropped, which never sends anything.
async fn end_of(mut stopped: watch::Receiver<()>) {
    let _ = stopped.changed().await;
}

/// The URL by which this machine's clients reach a server that listens on `address`. One that
/// listens on every address is reached on loopback.
#[must_use]
pub fn endpoint(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// What `POST /_daypass/reset` does.
#[derive(Debug)]
pub(crate) struct ResetToStart(pub(crate) Arc<Deployment>);

impl Reset for ResetToStart {
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>> {
        Box::pin(async { Ok(self.0.reset().await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_address_that_can_be_called() {
        let cases = [
            ("127.0.0.1:4566", "http://127.0.0.1:4566"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:80", "http://[::1]:80"),
            ("192.0.2.7:80", "http://192.0.2.7:80"),
        ];
        for (address, url) in cases {
            assert_eq!(endpoint(address.parse().unwrap()), url);
        }
    }
}
