use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use daypass_audit::AuditSink;
use daypass_authz::Env;
use daypass_ident::{AccountId, Clock, ManualClock};

use crate::control::bulk::Bulk;
use crate::control::diagnoses::Diagnoses;
use crate::control::explanations::Explanations;
use crate::control::reset::Reset;
use crate::refusal_log::RefusalLog;
use crate::request::public_keys::PublicKeys;
use crate::request::signing_keys::SigningKeys;
use crate::transport::budget::BodyBudget;
use crate::transport::limits::Limits;
use crate::workers::Workers;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: GatewayConfig,
    pub(crate) signing_keys: SigningKeys,
    pub(crate) public_keys: PublicKeys,
    pub(crate) diagnoses: Diagnoses,
    pub(crate) explanations: Explanations,
    pub(crate) refusals: Arc<RefusalLog>,
    /// What the bodies of all requests may hold.
    pub(crate) bodies: BodyBudget,
    /// For work that takes too long for a thread that serves others.
    pub(crate) workers: Workers,
    /// How many connections have been accepted.
    pub(crate) accepted: AtomicU64,
}

impl Shared {
    pub(crate) fn new(config: GatewayConfig) -> Self {
        Self {
            bodies: BodyBudget::of_all(config.limits.body_memory),
            accepted: AtomicU64::new(0),
            config,
            signing_keys: SigningKeys::default(),
            public_keys: PublicKeys::default(),
            diagnoses: Diagnoses::default(),
            explanations: Explanations::default(),
            refusals: Arc::default(),
            workers: Workers::default(),
        }
    }
}

/// What a gateway is made of.
pub struct GatewayConfig {
    /// What the requests of the deployment share.
    pub env: Arc<Env>,
    /// The account whose root user operates the deployment.
    pub account: AccountId,
    /// The URL by which clients on this machine reach the deployment, such as [`DEFAULT_ENDPOINT`](crate::DEFAULT_ENDPOINT):
    /// the log names it in commands.
    pub endpoint: Box<str>,
    /// The host name of the address at which others reach the deployment, if it has one.
    pub public_host: Option<Box<str>>,
    /// The clock by which signatures are fresh: the world's, whatever the service clock says.
    pub wall_clock: Arc<dyn Clock>,
    /// Where the events of calls go.
    pub audit: Arc<dyn AuditSink>,
    /// How the state is put back to what it was at the start, if that is offered.
    pub reset: Option<Arc<dyn Reset>>,
    /// How whole accounts are added to and read, if that is offered.
    pub bulk: Option<Arc<dyn Bulk>>,
    /// The service clock to read and move over HTTP, if that is offered.
    pub clock: Option<Arc<ManualClock>>,
    /// The regions that credentials may be scoped to at an address that is not AWS's own: all of
    /// [`REGIONS`](crate::REGIONS), or those that a deployment wants. Like all configuration they
    /// last as long as the process.
    pub regions: &'static [&'static str],
    /// How many clients, and how long they may take.
    pub limits: Limits,
}

impl fmt::Debug for GatewayConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayConfig")
            .field("env", &self.env)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
