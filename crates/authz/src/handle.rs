use std::fmt;

use daypass_model::{Operation, ServiceError};
use daypass_state::{Caller, Tx};

use crate::{Arrival, Learned, Permitted, Scope, Targets};

/// An operation that says what its callers need: all of AWS's do, those too that daypass cannot
/// carry out yet.
pub trait Guarded: Operation {
    /// What the caller must be allowed to do, to what, and the condition keys that this request
    /// adds. A call that names no target is refused; one that needs no permission says so with
    /// [`Targets::need_no_permission`].
    ///
    /// # Errors
    /// Only for what AWS finds wrong before it asks whether the caller may: a parameter from which
    /// no resource can be made out.
    fn targets(
        input: &Self::Input,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError>;
}

/// An operation that daypass can carry out.
pub trait Handle: Guarded {
    /// Whether AWS has the operation at its regional endpoints only.
    const REGIONAL: bool = false;

    /// The question that the operation must ask others over a network before it runs; `None` for
    /// most, which ask nobody. It is asked once. When it has been answered, the call is
    /// [identified and authorised again](Permitted::again), since time has passed.
    ///
    /// Its errors are the operation's own, as AWS gives them.
    fn inquire(
        call: &Permitted<Self>,
    ) -> Option<impl Future<Output = Result<Learned, ServiceError>> + Send> {
        let _ = call;
        None::<std::future::Ready<_>>
    }

    /// Whether to run this call may cost much more than to read its input. It then runs in the
    /// gateway's bounded pool, where it holds up nobody else, and must ask
    /// [`Permitted::check_wanted`] again and again. Most calls do not.
    fn is_costly(call: &Permitted<Self>) -> bool {
        let _ = call;
        false
    }

    /// Does it. The transaction is the only effect: after a conflict the call is authorised again,
    /// on the newest state, and the operation is run again.
    ///
    /// # Errors
    /// The operation's own errors, as AWS gives them.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<Self::Output, ServiceError>;
}

/// An operation that nobody signs: its caller shows the word of an identity provider instead.
pub trait Vouch: Handle {
    /// What the provider has answered, by which its word is verified: its keys, say.
    type Evidence: fmt::Debug + Send + Sync;

    /// Gets the evidence, perhaps over a network. Nobody is asked for a call that would be refused
    /// whatever the answer is.
    ///
    /// # Errors
    /// The operation's own errors, as AWS gives them.
    fn evidence(
        input: &Self::Input,
        arrival: &Arrival,
    ) -> impl Future<Output = Result<Self::Evidence, ServiceError>> + Send;

    /// Verifies the provider's word by the evidence, and says for whom it speaks, by the state and
    /// the time of `arrival`: these are later than those that the evidence was asked for with.
    /// Credentials that came with the request all the same play no part.
    ///
    /// # Errors
    /// The operation's own errors, as AWS gives them.
    fn vouch(
        input: &Self::Input,
        evidence: &Self::Evidence,
        arrival: &Arrival,
    ) -> Result<Caller, ServiceError>;
}

/// What is to be done with an operation once its name is known: the dispatch of a service calls
/// one of these with the operation's type.
pub trait Visit: Sized + Send {
    /// What comes of it.
    type Out: Send;

    /// For an operation that is built, and that its caller signs.
    fn built<Op: Handle>(self) -> impl Future<Output = Self::Out> + Send;

    /// For one that is built, and whose caller an identity provider vouches for.
    fn vouched<Op: Vouch>(self) -> impl Future<Output = Self::Out> + Send;
}
