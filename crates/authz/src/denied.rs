use daypass_ident::AccountId;
use daypass_model::Service;

use crate::Call;
use crate::targets::Target;

/// A call that policies did not allow, with the state that they were read from: it can be told
/// later why.
#[derive(Debug)]
pub struct Denied {
    pub(crate) call: Call,
    pub(crate) service: Service,
    /// The first of the call's targets that was not allowed.
    pub(crate) target: Target,
}

impl Denied {
    /// The account of the caller.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.call.account()
    }
}
