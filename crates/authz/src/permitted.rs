use std::sync::Arc;

use daypass_federation::oidc::Thumbprint;
use daypass_ident::{AccountId, IdGen};
use daypass_model::Operation;
use daypass_state::Tx;

use crate::targets::Target;
use crate::{Call, Decided, Departures};

/// A call that has been authorised. Made only by [`authorise`](crate::authorise).
#[derive(Debug)]
pub struct Permitted<Op: Operation> {
    call: Call,
    input: Op::Input,
    /// What the policies were asked.
    targets: Vec<Target>,
    learned: Learned,
}

/// What an operation has learned from others before it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Learned {
    /// Who vouches for the server of the provider that is to be registered.
    pub thumbprint: Option<Thumbprint>,
}

impl<Op: Operation> Permitted<Op> {
    pub(crate) fn new(call: Call, input: Op::Input, targets: Vec<Target>) -> Self {
        Self { call, input, targets, learned: Learned::default() }
    }

    /// Takes what is needed to tell why the call was allowed.
    #[must_use]
    pub fn take_decided(&mut self) -> Decided {
        Decided::allowed(self.call.clone(), Op::SERVICE, std::mem::take(&mut self.targets))
    }

    /// Keeps what [`Handle::inquire`](crate::Handle::inquire) has found out, for the operation.
    pub fn learn(&mut self, learned: Learned) {
        self.learned = learned;
    }

    /// What others were asked for.
    #[must_use]
    pub fn learned(&self) -> Learned {
        self.learned
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

    /// Begins the transaction in which the operation runs, on the state that the call reads.
    #[must_use]
    pub fn begin(&self) -> Tx {
        Tx::new(Arc::clone(&self.call.view), self.account())
    }

    /// Takes the newest state, to run the operation again after a conflict.
    pub fn refresh(&mut self) {
        self.call.refresh();
    }
}
