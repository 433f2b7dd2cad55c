use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_federation::Issuer;
use daypass_federation::oidc::KeyStore;
use daypass_ident::{AccountId, Clock, IdGen};
use daypass_state::{AccessKey, Account, Caller, Directory, Membership, State, View};

use crate::{Departures, Entity, EntityPolicies};

/// What every request of a deployment shares.
pub struct Env {
    /// Everything that is stored.
    pub state: State,
    /// Whose an access key is.
    pub directory: Directory,
    /// The service clock: what expires, expires by it.
    pub clock: Arc<dyn Clock>,
    /// Random bytes for ids and secrets.
    pub ids: Arc<dyn IdGen>,
    /// Who signs the web identities of the accounts' principals.
    pub issuer: Arc<Issuer>,
    /// Where daypass does not do as AWS does.
    pub departures: Departures,
    /// The keys of OpenID Connect providers, by which their tokens are verified.
    pub oidc_keys: Arc<KeyStore>,
    /// Service principals beside those of AWS's services that daypass knows.
    pub service_principals: Arc<[String]>,
}

impl Env {
    /// Whether OpenID Connect providers on loopback may be plain `http` and have a port.
    #[must_use]
    pub fn loopback_issuers(&self) -> bool {
        self.departures.loopback_issuers && self.directory.well_known_keys().is_some()
    }

    /// Whether accounts may ask for access to others, and read the tokens that they get for it.
    #[must_use]
    pub fn delegation(&self) -> bool {
        self.departures.delegation && self.directory.well_known_keys().is_some()
    }

    /// Whether whoever sits at this machine gets context assertions, about any user.
    #[must_use]
    pub fn context_assertions(&self) -> bool {
        self.departures.context_assertions && self.directory.well_known_keys().is_some()
    }

    /// Whether whoever sits at this machine may call `AssumeRole` as an AWS service.
    #[must_use]
    pub fn service_calls(&self) -> bool {
        self.departures.service_calls && self.directory.well_known_keys().is_some()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("departures", &self.departures).finish_non_exhaustive()
    }
}

/// A request of somebody who has proved who they are, by a signature or by an identity provider's
/// word: who makes it, when, from where, and what they see.
#[derive(Debug, Clone)]
pub struct Call {
    /// What every request shares.
    pub env: Arc<Env>,
    /// The state that the request is decided on and reads. Operations see their caller's account of it;
    /// see [`entities`](Self::entities).
    pub(crate) view: Arc<View>,
    /// Who makes it, as that state says.
    pub caller: Caller,
    /// The region of the credential scope, or of a region set the one that the endpoint serves;
    /// without either, the endpoint's own (`aws:RequestedRegion`, except for IAM).
    pub region: Box<str>,
    /// The time of the request by the service clock.
    pub now: DateTime,
    /// What is known of the connection.
    pub origin: Origin,
}

/// A request before it is known who makes it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What every request shares.
    pub env: Arc<Env>,
    /// The state at some moment of the request; it may be [renewed](Self::renewed).
    pub view: Arc<View>,
    /// As [`Call::region`].
    pub region: Box<str>,
    /// The time of that moment by the service clock.
    pub now: DateTime,
    /// What is known of the connection.
    pub origin: Origin,
}

impl Arrival {
    /// The same request on the newest state and at the present time.
    #[must_use]
    pub fn renewed(self) -> Self {
        Self { view: self.env.state.view(), now: self.env.clock.now(), ..self }
    }

    /// The call, now that it is known whose it is.
    #[must_use]
    pub fn made_by(self, caller: Caller) -> Call {
        let Self { env, view, region, now, origin } = self;
        Call { env, view, caller, region, now, origin }
    }
}

/// Where a request came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address of the peer (`aws:SourceIp`).
    pub source_ip: Option<IpAddr>,
    /// Whether the connection is encrypted (`aws:SecureTransport`).
    pub secure_transport: bool,
    /// The `User-Agent` header (`aws:UserAgent`).
    pub user_agent: Option<Box<str>>,
    /// The `Referer` header (`aws:referer`).
    pub referer: Option<Box<str>>,
}

impl Call {
    /// The account of the caller, in which the operation works.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.caller.account()
    }

    /// Notes that the caller asked for an operation, for the reports of last access.
    pub fn note_access(&self, service: &'static str, action: &'static str) {
        self.caller.note_access(self.now.secs(), &self.region, service, action);
    }

    /// What the account of the caller holds.
    #[must_use]
    pub fn entities(&self) -> &Account {
        self.view.account(self.account())
    }

    /// A long-term access key of the account of the caller.
    #[must_use]
    pub fn access_key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.view.access_key(id).filter(|key| key.account == self.account())
    }

    /// Where the account of the caller stands in its organisation.
    #[must_use]
    pub fn membership(&self) -> Option<&Membership> {
        self.view.membership(self.account())
    }

    /// The policies of a user, group or role of the caller's account.
    #[must_use]
    pub fn policies_of<'a>(&'a self, entity: Entity<'a>) -> EntityPolicies<'a> {
        EntityPolicies::of(&self.view, entity)
    }

    /// The request without its caller, who may be another, or nobody, on a newer state.
    pub(crate) fn into_arrival(self) -> Arrival {
        let Self { env, view, caller: _, region, now, origin } = self;
        Arrival { env, view, region, now, origin }
    }
}
