use daypass_ident::{AccountId, IdGen};
use daypass_model::Operation;

use crate::targets::Target;
use crate::{Call, Decided, Departures};

/// A call that has been authorised. Made only by [`authorise`](crate::authorise).
#[derive(Debug)]
pub struct Permitted<Op: Operation> {
    call: Call,
    input: Op::Input,
    /// What the policies were asked.
    targets: Vec<Target>,
}

impl<Op: Operation> Permitted<Op> {
    pub(crate) fn new(call: Call, input: Op::Input, targets: Vec<Target>) -> Self {
        Self { call, input, targets }
    }

    /// Takes what is needed to tell why the call was allowed.
    #[must_use]
    pub fn take_decided(&mut self) -> Decided {
        Decided::allowed(self.call.clone(), Op::SERVICE, std::mem::take(&mut self.targets))
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

    /// Takes the newest state, to run the operation again after a conflict.
    pub fn refresh(&mut self) {
        self.call.refresh();
    }
}
