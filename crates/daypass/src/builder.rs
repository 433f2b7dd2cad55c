use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use daypass_audit::LogSink;
use daypass_authz::{Departures, Explanations};
use daypass_federation::UrlForm;
use daypass_gateway::{Gateway, GatewayConfig, ISSUERS_PATH, Limits, REGIONS};
use daypass_ident::{AccountId, SystemClock};
use daypass_idp::{Saml, Server as IdpServer, Settings as IdpSettings};
use tokio::net::TcpListener;

use crate::bulk::AddAndRead;
use crate::deployment::{Deployment, DeploymentError, Parts};
use crate::key_file::{KeyFile, KeyFileError};
use crate::oidc_keys::OidcKeys;
use crate::public_url::PublicUrl;
use crate::seed::{Seed, SeedError};
use crate::server::{Daypass, ResetToStart, endpoint};

/// How a server is to be. What is not said is as without any configuration, except that the port
/// is a free one.
#[derive(Debug, Clone)]
pub struct Builder {
    listen: SocketAddr,
    account: AccountId,
    strict: bool,
    explain: Explanations,
    well_known_keys: bool,
    public_url: Option<PublicUrl>,
    regions: &'static [&'static str],
    service_principals: Vec<String>,
    seed: Option<Seed>,
    oidc_keys: Vec<OidcKeys>,
    key_file: Option<KeyFile>,
    idp: Option<IdpSettings>,
    limits: Limits,
}

impl Builder {
    /// The address to listen on; port 0 takes a free one. Default: `127.0.0.1:0`.
    #[must_use]
    pub fn listen(mut self, listen: SocketAddr) -> Self {
        self.listen = listen;
        self
    }

    /// The account whose root user the root credentials are. Default: `000000000000`.
    #[must_use]
    pub fn account(mut self, account: AccountId) -> Self {
        self.account = account;
        self
    }

    /// Whether to do in everything as AWS does. Default: no, see docs/departures.md.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Of which calls it is kept how policies decided them, for `daypass why`. Default: of those that
    /// were denied. A strict server keeps nothing.
    #[must_use]
    pub fn explain(mut self, explain: Explanations) -> Self {
        self.explain = explain;
        self
    }

    /// Whether `test` with the secret `test`, and every 12-digit access key id with it, are root
    /// users. Default: yes; possible on loopback only.
    #[must_use]
    pub fn well_known_keys(mut self, in_force: bool) -> Self {
        self.well_known_keys = in_force;
        self
    }

    /// Where others reach the server, if not at the address that it listens on: what it names itself by,
    /// such as the issuer of `GetWebIdentityToken` (a strict server's is AWS's). Default: the address.
    #[must_use]
    pub fn public_url(mut self, url: PublicUrl) -> Self {
        self.public_url = Some(url);
        self
    }

    /// The regions that credentials may be scoped to. Default: all of AWS's public ones. The list
    /// is kept for as long as the process runs.
    #[must_use]
    pub fn regions(mut self, regions: Vec<String>) -> Self {
        let regions: Vec<&'static str> =
            regions.into_iter().map(|region| &*String::leak(region)).collect();
        self.regions = Vec::leak(regions);
        self
    }

    /// Names that trust policies may give to services, such as `my-service.amazonaws.com`, beside those of
    /// AWS's services. Default: none.
    #[must_use]
    pub fn service_principals(mut self, names: Vec<String>) -> Self {
        self.service_principals = names;
        self
    }

    /// What the deployment holds at its start. Default: nothing.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The keys of an OpenID Connect provider, which is then never asked for them. Default: each
    /// provider is asked, where its issuer is. Those of several providers may be given; of one, the
    /// last count.
    #[must_use]
    pub fn oidc_keys(mut self, keys: OidcKeys) -> Self {
        self.oidc_keys.push(keys);
        self
    }

    /// The file that keeps the keys which seal session tokens and sign web identities. It is made if it
    /// is not there. Servers with the same file open each other's tokens and publish the same keys, and
    /// so does a server after another.
    /// Default: none; the keys are gone with the server.
    #[must_use]
    pub fn key_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.key_file = Some(KeyFile::at(path.into()));
        self
    }

    /// An identity provider to run beside the server. It goes by the service clock. Default: none.
    #[must_use]
    pub fn idp(mut self, settings: IdpSettings) -> Self {
        self.idp = Some(settings);
        self
    }

    /// How many clients there may be, how long they may take, and what their requests may hold.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts the server. It answers when this returns.
    ///
    /// # Errors
    /// When it cannot listen, must not with these keys on this address, the seed is wrong, the key file
    /// cannot be used, or the identity provider cannot be as it is set.
    pub async fn start(self) -> Result<Daypass, StartError> {
        if self.well_known_keys && !is_loopback(self.listen) {
            return Err(StartError::WellKnownKeysInPublic(self.listen));
        }
        if let Some(url) = self.public_url.as_ref().filter(|_| self.well_known_keys) {
            let url = url.as_str();
            tracing::warn!(
                "whoever reaches {url} is root with the well-known keys (test/test): unless that is \
                 you alone, start with --no-well-known-keys"
            );
        }
        let departures = match self.strict {
            true => Departures::NONE,
            false => Departures { explanations: self.explain, ..Departures::DEFAULT },
        };
        let bind = |source| StartError::Bind { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let public_host = self.public_url.as_ref().map(|url| url.host().into());
        let issuers = match departures.issuers_at_own_address {
            true => {
                let own = self.public_url.map_or_else(|| endpoint(address), String::from);
                UrlForm::Below(own + ISSUERS_PATH)
            }
            false => UrlForm::Aws,
        };
        let deployment = Deployment::new(Parts {
            account: self.account,
            well_known_keys: self.well_known_keys,
            departures,
            issuers,
            seed: self.seed,
            oidc_keys: self.oidc_keys,
            key_file: self.key_file,
            service_principals: self.service_principals,
        });
        let deployment = Arc::new(deployment.await?);
        let idp = match self.idp {
            Some(mut settings) => {
                if settings.saml.acs_urls.is_empty() && departures.loopback_sign_in {
                    let own = endpoint(address) + "/saml";
                    settings.saml.acs_urls = vec![own, Saml::AWS.to_owned()];
                }
                let (clock, ids) = (&deployment.env.clock, &deployment.env.ids);
                Some(IdpServer::bind(settings, Arc::clone(clock), Arc::clone(ids)).await?)
            }
            None => None,
        };
        let gateway = Gateway::new(GatewayConfig {
            env: Arc::clone(&deployment.env),
            account: self.account,
            endpoint: endpoint(address).into(),
            public_host,
            wall_clock: Arc::new(SystemClock),
            audit: Arc::new(LogSink),
            reset: self
                .well_known_keys
                .then(|| Arc::new(ResetToStart(Arc::clone(&deployment))) as _),
            bulk: Some(Arc::new(AddAndRead::new(Arc::clone(&deployment)))),
            clock: self.well_known_keys.then(|| Arc::clone(&deployment.clock)),
            regions: self.regions,
            limits: self.limits,
        });
        Ok(Daypass::run(deployment, gateway, listener, address, self.account, idp))
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            account: AccountId::ZERO,
            strict: false,
            explain: Explanations::Denied,
            well_known_keys: true,
            public_url: None,
            regions: REGIONS,
            service_principals: Vec::new(),
            seed: None,
            oidc_keys: Vec::new(),
            key_file: None,
            idp: None,
            limits: Limits::default(),
        }
    }
}

/// Why a server did not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Everybody knows the well-known keys; beyond this machine they are none.
    #[error(
        "will not listen on {0} with the well-known keys (test/test), which open it to everybody \
         who can reach it: add --no-well-known-keys for a random root key, or listen on 127.0.0.1"
    )]
    WellKnownKeysInPublic(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {address}: {}", bind_advice(source))]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The seed has mistakes.
    #[error(transparent)]
    Seed(SeedError),
    /// The keys cannot be had.
    #[error(transparent)]
    KeyFile(KeyFileError),
    /// The identity provider does not start.
    #[error(transparent)]
    Idp(#[from] daypass_idp::StartError),
    /// The store failed.
    #[error("the state cannot be set up")]
    State(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<DeploymentError> for StartError {
    fn from(error: DeploymentError) -> Self {
        match error {
            DeploymentError::KeyFile(error) => Self::KeyFile(error),
            DeploymentError::Seed(error) => Self::Seed(error),
            DeploymentError::Store(error) => Self::State(error.into()),
            DeploymentError::Commit(error) => Self::State(error.into()),
        }
    }
}

fn bind_advice(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "the port is taken; stop what uses it, or choose another with \
             --listen (port 0 takes a free one)"
            .to_owned(),
        io::ErrorKind::PermissionDenied => {
            "not permitted; choose a port from 1024 up with --listen".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine does not have the address; choose another with --listen".to_owned()
        }
        _ => error.to_string(),
    }
}

/// Whether only this machine can reach the address.
fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}
