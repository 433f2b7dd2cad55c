use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use daypass_federation::oidc::Thumbprint;
use daypass_ident::{AccountId, IdGen};
use daypass_model::common::SERVICE_UNAVAILABLE;
use daypass_model::{Operation, ServiceError};
use daypass_state::Tx;

use crate::targets::Target;
use crate::{Call, Called, Decided, Departures, Proof};

/// A call that has been authorised, on one state. Made only by [`authorise`](crate::authorise).
///
/// There is no way to bring it to a newer state but [`again`](Self::again), after which it must be
/// authorised again.
#[derive(Debug)]
pub struct Permitted<Op: Operation> {
    call: Call,
    input: Op::Input,
    /// What the policies were asked.
    targets: Vec<Target>,
    learned: Learned,
    kept: Kept,
    /// Set once nobody waits for the answer; only for calls that are watched.
    abandoned: Option<Arc<AtomicBool>>,
}

/// Whoever waits for the answer of a call. Dropping it says that nobody does any more.
#[derive(Debug)]
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What an operation has learned from others before it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Learned {
    /// Who vouches for the server of the provider that is to be registered.
    pub thumbprint: Option<Thumbprint>,
}

/// What [`Permitted::kept`] gives, once an operation has asked for it.
pub(crate) type Kept = OnceLock<Box<dyn Any + Send + Sync>>;

impl<Op: Operation> Permitted<Op> {
    pub(crate) fn new(called: Called<Op>, targets: Vec<Target>) -> Self {
        let Called { call, input, learned, kept } = called;
        Self { call, input, targets, learned, kept, abandoned: None }
    }

    /// The call on the newest state and at the present time, with its caller identified again by
    /// `proof`, to be authorised again.
    ///
    /// # Errors
    /// When the proof does not hold any more.
    pub fn again<P: Proof<Op>>(self, proof: &P) -> Result<Called<Op>, P::Error> {
        let Self { call, input, targets: _, learned, kept, abandoned: _ } = self;
        let again = Called::proved(call.into_arrival(), input, proof)?;
        Ok(Called { learned, kept, ..again })
    }

    /// Begins the transaction of the operation, on the state on which the call was authorised: its
    /// writes go in only while that state is the account's newest.
    #[must_use]
    pub fn begin(&self) -> Tx {
        Tx::new(Arc::clone(&self.call.view), self.account())
    }

    /// Takes what is needed to tell why the call was allowed.
    #[must_use]
    pub fn take_decided(&mut self) -> Decided {
        Decided::allowed(self.call.clone(), Op::SERVICE, std::mem::take(&mut self.targets))
    }

    /// What others were asked for.
    #[must_use]
    pub fn learned(&self) -> Learned {
        self.learned
    }

    /// A place for what the operation works out that takes long and depends on the state in no way, or is kept
    /// together with all of the state that it depends on. The place is empty at first and stays with the call when
    /// it must run again: otherwise writes of others, which take less time, would always come first. `None` when the
    /// call keeps something of another type.
    #[must_use]
    pub fn kept<T: Any + Default + Send + Sync>(&self) -> Option<&T> {
        self.kept.get_or_init(|| Box::new(T::default())).downcast_ref()
    }

    /// The request's parameters.
    #[must_use]
    pub fn input(&self) -> &Op::Input {
        &self.input
    }

    /// Who calls, when, from where.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The account in which the operation works: the caller's.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.call.account()
    }

    /// The time of the call, in Unix seconds of the service clock.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.call.now.secs()
    }

    /// Random bytes for ids and secrets.
    #[must_use]
    pub fn ids(&self) -> &dyn IdGen {
        &*self.call.env.ids
    }

    /// Where daypass does not do as AWS does.
    #[must_use]
    pub fn departures(&self) -> Departures {
        self.call.env.departures
    }

    /// Lets the operation know when nobody waits for its answer any more.
    #[must_use]
    pub fn watch(&mut self) -> Waiting {
        let abandoned = Arc::clone(self.abandoned.insert(Arc::default()));
        Waiting(abandoned)
    }

    /// Whether anybody still waits for the answer.
    ///
    /// # Errors
    /// `ServiceUnavailable`, which nobody reads, for the operation to end with.
    pub fn check_wanted(&self) -> Result<(), ServiceError> {
        let abandoned = self.abandoned.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        if abandoned { Err(SERVICE_UNAVAILABLE.bare()) } else { Ok(()) }
    }
}
