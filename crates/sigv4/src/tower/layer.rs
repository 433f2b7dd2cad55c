//! The layer, and what can be set in it.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use tower_layer::Layer;

use crate::{
    profile::Profile,
    tower::{Authenticate, Keys, QueryErrors},
};

/// Protects services with Signature Version 4: see the [module](crate::tower).
///
/// Cloning is cheap; what is cloned shares the keys.
pub struct AuthenticateLayer<K, A = QueryErrors> {
    pub(super) keys: Arc<K>,
    pub(super) answer: Arc<A>,
    pub(super) rules: Arc<Rules>,
}

impl<K: Keys> AuthenticateLayer<K> {
    /// A layer for a service that is called so in credential scopes (`execute-api`, `sts`, a name of your own), in
    /// these regions. Refusals are [`QueryErrors`].
    pub fn new<R>(keys: K, service: impl Into<String>, regions: R) -> Self
    where
        R: IntoIterator,
        R::Item: Into<String>,
    {
        let rules = Rules {
            service: service.into(),
            regions: regions.into_iter().map(Into::into).collect(),
            must_sign: &[],
            profile: Profile::REST,
            buffer_limit: DEFAULT_BUFFER_LIMIT,
            clock: Arc::new(system_clock),
        };
        Self {
            keys: Arc::new(keys),
            answer: Arc::new(QueryErrors::default()),
            rules: Arc::new(rules),
        }
    }
}

impl<K, A> AuthenticateLayer<K, A> {
    /// Sets how refusals are told: an [`Answer`](crate::tower::Answer), which may be a closure.
    #[must_use]
    pub fn answer_with<N>(self, answer: N) -> AuthenticateLayer<K, N> {
        AuthenticateLayer { keys: self.keys, answer: Arc::new(answer), rules: self.rules }
    }

    /// Names headers that must be signed beside `host`.
    #[must_use]
    pub fn must_sign(self, names: &'static [&'static str]) -> Self {
        self.with(|rules| rules.must_sign = names)
    }

    /// Sets the rules of the service: [`Profile::REST`] unless set, under which bodies whose hash is told stream.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Self {
        self.with(|rules| rules.profile = profile)
    }

    /// Sets how many bytes of a body are kept in memory at most, when its hash is not told: 10,000,000
    /// unless set, which is what STS reads of a body. A larger body is refused with 413. How long a client may take
    /// to send it is for another layer to limit.
    #[must_use]
    pub fn buffer_limit(self, bytes: usize) -> Self {
        self.with(|rules| rules.buffer_limit = bytes)
    }

    /// Sets the clock: a function that gives the seconds since 1970. Unless set, it is the system's.
    #[must_use]
    pub fn clock(self, unix_seconds: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        self.with(|rules| rules.clock = Arc::new(unix_seconds))
    }

    fn with(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(Arc::make_mut(&mut self.rules));
        self
    }
}

impl<K, A, S> Layer<S> for AuthenticateLayer<K, A> {
    type Service = Authenticate<S, K, A>;

    fn layer(&self, inner: S) -> Self::Service {
        Authenticate { inner, layer: self.clone() }
    }
}

impl<K, A> Clone for AuthenticateLayer<K, A> {
    fn clone(&self) -> Self {
        Self {
            keys: Arc::clone(&self.keys),
            answer: Arc::clone(&self.answer),
            rules: Arc::clone(&self.rules),
        }
    }
}

impl<K, A> fmt::Debug for AuthenticateLayer<K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticateLayer")
            .field("service", &self.rules.service)
            .field("regions", &self.rules.regions)
            .finish_non_exhaustive()
    }
}

/// What the service asks of a signature.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) service: String,
    pub(super) regions: Vec<String>,
    pub(super) must_sign: &'static [&'static str],
    pub(super) profile: Profile,
    pub(super) buffer_limit: usize,
    pub(super) clock: Arc<dyn Fn() -> i64 + Send + Sync>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the default, for services without a clock to inject"
)]
fn system_clock() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX)
}

const DEFAULT_BUFFER_LIMIT: usize = 10_000_000;
