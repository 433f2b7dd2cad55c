use daypass_model::{Operation, ServiceError};
use daypass_state::{Caller, CredentialError};

use crate::permitted::Kept;
use crate::{Arrival, Call, Learned, Vouch};

/// A request that has been read as the input of its operation, on a state on which its caller has
/// been identified. The next step is [`authorise`](crate::authorise).
#[derive(Debug)]
pub struct Called<Op: Operation> {
    pub(crate) call: Call,
    pub(crate) input: Op::Input,
    pub(crate) learned: Learned,
    pub(crate) kept: Kept,
}

impl<Op: Operation> Called<Op> {
    /// A request whose caller has been identified on the view of `call`.
    #[must_use]
    pub fn new(call: Call, input: Op::Input) -> Self {
        Self { call, input, learned: Learned::default(), kept: Kept::default() }
    }

    /// A request whose caller `proof` identifies: on the newest state, and at the present time.
    ///
    /// # Errors
    /// When the proof does not hold there.
    pub fn proved<P: Proof<Op>>(
        arrival: Arrival,
        input: Op::Input,
        proof: &P,
    ) -> Result<Self, P::Error> {
        let arrival = arrival.renewed();
        let caller = proof.caller(&input, &arrival)?;
        Ok(Self::new(arrival.made_by(caller), input))
    }

    /// Adds what [`Handle::inquire`](crate::Handle::inquire) has found out, for the operation.
    #[must_use]
    pub fn with_learned(self, learned: Learned) -> Self {
        Self { learned, ..self }
    }

    /// Who makes the request.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.call.caller
    }
}

/// Shows who makes a request. It is consulted once for each state on which the request is decided, so
/// that nothing that has ended in the meantime counts: an access key, a session, an identity
/// provider.
pub trait Proof<Op: Operation>: Sync {
    /// Why the proof does not hold.
    type Error;

    /// Who makes the request, by the state and the time of `arrival`.
    ///
    /// # Errors
    /// When the proof does not hold then.
    fn caller(&self, input: &Op::Input, arrival: &Arrival) -> Result<Caller, Self::Error>;
}

/// The proof of a caller who has been identified before: by the signature of the request, or because
/// daypass itself makes the call.
#[derive(Debug)]
pub struct Identified(pub Caller);

impl<Op: Operation> Proof<Op> for Identified {
    type Error = CredentialError;

    fn caller(&self, _: &Op::Input, arrival: &Arrival) -> Result<Caller, CredentialError> {
        arrival.env.directory.identify_again(&arrival.view, &self.0, arrival.now.secs())
    }
}

/// The proof of a caller for whom an identity provider vouches.
#[derive(Debug)]
pub struct Vouched<Op: Vouch>(Op::Evidence);

impl<Op: Vouch> Vouched<Op> {
    /// Asks for the evidence that verifies the provider's word.
    ///
    /// # Errors
    /// As [`Vouch::evidence`].
    pub async fn ask(input: &Op::Input, arrival: &Arrival) -> Result<Self, ServiceError> {
        Op::evidence(input, arrival).await.map(Self)
    }
}

impl<Op: Vouch> Proof<Op> for Vouched<Op> {
    type Error = ServiceError;

    fn caller(&self, input: &Op::Input, arrival: &Arrival) -> Result<Caller, ServiceError> {
        Op::vouch(input, &self.0, arrival)
    }
}
