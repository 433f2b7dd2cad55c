use daypass_authz::{
    Called, Decided, Guarded, Handle, Identified, Learned, Permitted, Proof, Visit, Vouch, Vouched,
};
use daypass_model::iam::errors::CONCURRENT_MODIFICATION;
use daypass_model::{Operation, Service};
use daypass_sigv4::AuthError;
use daypass_state::{Caller, Committed, Tx};
use daypass_wire::{Fault, response};

use crate::control::explanations::Entry;
use crate::control::{diagnoses, explanations};
use crate::other_services::OtherService;
use crate::refusal_log::RefusedRequest;
use crate::request::cross_site::{self, Pages};
use crate::request::destination::Destination;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::request::refusal::Refusal;
use crate::request::respond::{Response, respond};
use crate::request::verify::{Signed, arrival, verify};
use crate::trail::Trail;
use crate::workers::{Worker, Workers};

/// The way of a request:
///
/// ```text
/// Incoming ─verify→ Signed ─decode→ Called<Op> ─authorise→ Permitted<Op> ─run→ Done<Op> ─encode→ answer
/// ```
///
/// Of an operation that nobody signs the input is decoded first, and its proof vouches for the
/// caller.
///
/// When time passes on the way, because others are asked, because an operation waits for a thread of the
/// pool or because a write conflicts, the request goes back to before `authorise`, on the newest state: `Permitted<Op> ─again→ Called<Op>`.
///
/// Each stage takes the one before it by value. Whichever way a request leaves, it leaves through
/// the audit and through [`respond`].
pub(crate) async fn pipeline(incoming: Box<Incoming>) -> Response {
    let mut trail = Trail::begin(&incoming);
    let mut allowed = None;
    let mut outcome = follow(&incoming, &mut trail, &mut allowed).await;
    trail.end(&incoming, outcome.as_ref().err());
    let is_mismatch = diagnoses::is_of_interest(&incoming, outcome.as_ref().err());
    let explicable = explanations::entry(&incoming, outcome.as_mut().err(), allowed);
    let line = outcome.as_ref().err().and_then(|refusal| {
        RefusedRequest::of(&incoming, None, &trail, refusal, explicable.is_some())
    });
    let mut response = respond(&incoming, trail.service(), outcome);
    if let Some(entry) = explicable {
        explanations::keep(&incoming, entry, &mut response);
    }
    if is_mismatch {
        return Box::pin(diagnoses::explain(incoming, response, line)).await;
    }
    if let Some(line) = line {
        line.log(&incoming.connection, incoming.id);
    }
    response
}

/// Carries out an operation that nobody signs, for a page that daypass serves itself: the proof, the
/// decision, the event and what there is to explain are those of any such call.
pub(crate) async fn call<Op: Vouch>(
    incoming: &Incoming,
    query: &QueryRequest<'_>,
) -> (Result<Op::Output, Refusal>, Option<Entry>) {
    let mut trail = Trail::begin(incoming);
    let mut allowed = None;
    trail.query(query);
    let outcome = vouched::<Op>(incoming, query, &mut trail, &mut allowed).await;
    ended(incoming, &trail, outcome, allowed)
}

/// Carries out an operation for a caller who is known without a signature, likewise.
pub(crate) async fn call_by<Op: Handle>(
    incoming: &Incoming,
    query: &QueryRequest<'_>,
    caller: Caller,
) -> (Result<Op::Output, Refusal>, Option<Entry>) {
    let mut trail = Trail::begin(incoming);
    let mut allowed = None;
    trail.query(query);
    let outcome = known::<Op>(incoming, query, caller, &mut trail, &mut allowed).await;
    ended(incoming, &trail, outcome, allowed)
}

fn ended<Op: Operation>(
    incoming: &Incoming,
    trail: &Trail,
    mut outcome: Result<Done<Op>, Refusal>,
    allowed: Option<Box<Decided>>,
) -> (Result<Op::Output, Refusal>, Option<Entry>) {
    trail.end(incoming, outcome.as_ref().err());
    let explicable = explanations::entry(incoming, outcome.as_mut().err(), allowed);
    let line = outcome.as_ref().err().and_then(|refusal| {
        RefusedRequest::of(incoming, Some(Op::NAME), trail, refusal, explicable.is_some())
    });
    if let Some(line) = line {
        line.log(&incoming.connection, incoming.id);
    }
    (outcome.map(|done| done.0), explicable)
}

async fn follow(
    incoming: &Incoming,
    trail: &mut Trail,
    allowed: &mut Option<Box<Decided>>,
) -> Outcome {
    let mut query = QueryRequest::read(incoming)
        .inspect_err(|_| trail.destination(Destination::of(incoming.host(), None, None), None))
        .map_err(|refusal| other_service(incoming, None).unwrap_or(refusal))?;
    trail.query(&query);
    let verified = verify(incoming, &mut query, trail);
    let (action, version) = (query.action(), query.version());
    match verified {
        Ok(signed) => {
            let service = signed.service;
            if signed.call.caller.uses_well_known_key() {
                cross_site::check(incoming, Pages::OnLoopback)?;
            }
            query.params()?;
            let visitor = Authentic { incoming, query: &query, signed, trail, allowed };
            let outcome = dispatch(service, action, version, visitor).await;
            outcome.unwrap_or_else(|| Err(Fault::invalid_action(action, version).into()))
        }
        Err(error) => {
            let visitor = Unproven { incoming, query: &query, error: &error, trail, allowed };
            let outcome = dispatch(visitor.trail.service(), action, version, visitor).await;
            outcome.unwrap_or_else(|| {
                Err(other_service(incoming, version).unwrap_or_else(|| error.clone().into()))
            })
        }
    }
}

/// The refusal of a request for a service that daypass is not.
fn other_service(incoming: &Incoming, version: Option<&str>) -> Option<Refusal> {
    OtherService::of(incoming, version).map(Into::into)
}

/// Leads from the name of an operation to its type. `None`: there is no such operation in this
/// version of the service.
async fn dispatch<V: Visit<Out = Outcome>>(
    service: Service,
    action: &str,
    version: Option<&str>,
    visitor: V,
) -> Option<Outcome> {
    if version != Some(service.api_version()) {
        return None;
    }
    match service {
        // On the heap, so that the many operations of IAM do not make every request as large as
        // the largest of them.
        Service::Iam => Box::pin(daypass_iam_core::generated::dispatch(action, visitor)).await.ok(),
        Service::Sts => daypass_sts_core::generated::dispatch(action, visitor).await.ok(),
    }
}

/// A call whose caller is known.
struct Authentic<'r> {
    incoming: &'r Incoming,
    query: &'r QueryRequest<'r>,
    signed: Signed,
    trail: &'r mut Trail,
    allowed: &'r mut Option<Box<Decided>>,
}

impl Visit for Authentic<'_> {
    type Out = Outcome;

    async fn built<Op: Handle>(self) -> Outcome {
        if Op::REGIONAL && self.signed.at_global_endpoint {
            return Err(Fault::invalid_action(Op::NAME, self.query.version()).into());
        }
        self.signed.call.note_access(Op::SERVICE.signing_name(), Op::NAME);
        let proof = Identified(self.signed.call.caller.clone());
        let called = decode::<Op>(self.signed, self.query)?;
        let done = carry_out(called, &proof, self.incoming, self.trail, self.allowed).await?;
        Ok(encode(done, self.incoming))
    }

    async fn vouched<Op: Vouch>(self) -> Outcome {
        let done =
            Box::pin(vouched::<Op>(self.incoming, self.query, self.trail, self.allowed)).await?;
        Ok(encode(done, self.incoming))
    }
}

/// A call that nobody signed, or not well: for most operations that is the end of it.
struct Unproven<'r> {
    incoming: &'r Incoming,
    query: &'r QueryRequest<'r>,
    error: &'r AuthError,
    trail: &'r mut Trail,
    allowed: &'r mut Option<Box<Decided>>,
}

impl Visit for Unproven<'_> {
    type Out = Outcome;

    async fn built<Op: Handle>(self) -> Outcome {
        Err(self.error.clone().into())
    }

    async fn vouched<Op: Vouch>(self) -> Outcome {
        let done =
            Box::pin(vouched::<Op>(self.incoming, self.query, self.trail, self.allowed)).await?;
        Ok(encode(done, self.incoming))
    }
}

/// Carries out an operation whose caller shows an identity provider's word. Whoever may have signed
/// the request is none of the operation's business.
async fn vouched<Op: Vouch>(
    incoming: &Incoming,
    query: &QueryRequest<'_>,
    trail: &mut Trail,
    allowed: &mut Option<Box<Decided>>,
) -> Result<Done<Op>, Refusal> {
    let arrival = arrival(incoming, query.version());
    trail.arrived(&arrival.region, query);
    let input: Op::Input = daypass_wire::decode(query.params()?, Op::SERVICE.constraint_texts())?;
    let proof = Vouched::<Op>::ask(&input, &arrival).await?;
    let called = Called::proved(arrival, input, &proof)?;
    trail.known(called.caller());
    carry_out(called, &proof, incoming, trail, allowed).await
}

/// Carries out an operation of a caller who needs no signature.
async fn known<Op: Handle>(
    incoming: &Incoming,
    query: &QueryRequest<'_>,
    caller: Caller,
    trail: &mut Trail,
    allowed: &mut Option<Box<Decided>>,
) -> Result<Done<Op>, Refusal> {
    let arrival = arrival(incoming, query.version());
    trail.arrived(&arrival.region, query);
    trail.known(&caller);
    let input = daypass_wire::decode(query.params()?, Op::SERVICE.constraint_texts())?;
    let proof = Identified(caller);
    let called = Called::<Op>::proved(arrival, input, &proof)?;
    carry_out(called, &proof, incoming, trail, allowed).await
}

/// What an operation answers.
struct Done<Op: Operation>(Op::Output);

/// The first decision is on the state on which the caller was identified. Each later one is on a newer
/// state, on which `proof` identifies the caller again.
async fn carry_out<Op: Handle, P: Proof<Op, Error: Into<Refusal>>>(
    called: Called<Op>,
    proof: &P,
    incoming: &Incoming,
    trail: &mut Trail,
    allowed: &mut Option<Box<Decided>>,
) -> Result<Done<Op>, Refusal> {
    let mut permit = |called| {
        *allowed = None;
        let mut permitted = authorise(called)?;
        *allowed = explanations::allowed(incoming, &mut permitted);
        Ok::<Permitted<Op>, Refusal>(permitted)
    };
    let again = |permitted: Permitted<Op>| permitted.again(proof).map_err(Into::into);
    let mut permitted = permit(called)?;
    let learned = inquire(&permitted).await?;
    if let Some(learned) = learned {
        permitted = permit(again(permitted)?.with_learned(learned))?;
    }
    let worker = wait(&permitted, &incoming.connection.workers).await?;
    if worker.is_some() {
        permitted = permit(again(permitted)?)?;
    }
    for _ in 0..ATTEMPTS {
        let (ran, output, tx) = run(permitted, worker.as_ref()).await?;
        if commit(&ran, tx).await? {
            trail.done::<Op>(&output);
            return Ok(Done(output));
        }
        permitted = permit(again(ran)?)?;
    }
    Err(conflict::<Op>())
}

fn decode<Op: Operation>(signed: Signed, query: &QueryRequest<'_>) -> Result<Called<Op>, Refusal> {
    let input = daypass_wire::decode(query.params()?, Op::SERVICE.constraint_texts())?;
    Ok(Called::new(signed.call, input))
}

fn authorise<Op: Guarded>(called: Called<Op>) -> Result<Permitted<Op>, Refusal> {
    daypass_authz::authorise(called).map_err(Refusal::from)
}

/// Asks others what the operation must learn from them. `None`: it asks nobody, and no time has
/// passed.
async fn inquire<Op: Handle>(permitted: &Permitted<Op>) -> Result<Option<Learned>, Refusal> {
    match Op::inquire(permitted) {
        Some(question) => Ok(Some(question.await?)),
        None => Ok(None),
    }
}

/// Waits for a thread of the pool where the operation costs much. `None`: it does not, and no time has
/// passed.
async fn wait<Op: Handle>(
    permitted: &Permitted<Op>,
    workers: &Workers,
) -> Result<Option<Worker>, Refusal> {
    if !Op::is_costly(permitted) {
        return Ok(None);
    }
    Ok(Some(workers.wait(permitted.account()).await?))
}

/// Runs the operation. What it writes is not yet committed.
async fn run<Op: Handle>(
    mut permitted: Permitted<Op>,
    worker: Option<&Worker>,
) -> Result<(Permitted<Op>, Op::Output, Tx), Refusal> {
    let once = |permitted: Permitted<Op>| {
        let mut tx = permitted.begin();
        Op::run(&permitted, &mut tx).map(|output| (permitted, output, tx))
    };
    let Some(worker) = worker else { return Ok(once(permitted)?) };
    let _waiting = permitted.watch();
    Ok(worker.run(move || once(permitted)).await??)
}

/// Writes what the operation did. Answers whether it went in: not if something has changed below it.
async fn commit<Op: Handle>(permitted: &Permitted<Op>, tx: Tx) -> Result<bool, Refusal> {
    match permitted.call().env.state.commit(tx).await {
        Ok(committed) => Ok(committed == Committed::Done),
        Err(error) => {
            tracing::error!(
                operation = Op::NAME,
                error = &error as &dyn std::error::Error,
                "a commit failed"
            );
            Err(Fault::internal_failure().into())
        }
    }
}

/// Others keep changing the account.
fn conflict<Op: Operation>() -> Refusal {
    match Op::SERVICE {
        Service::Iam => CONCURRENT_MODIFICATION.with(CONCURRENT_MODIFICATION_TEXT).into(),
        Service::Sts => Fault::service_unavailable().into(),
    }
}

fn encode<Op: Handle>(done: Done<Op>, incoming: &Incoming) -> Vec<u8> {
    let mut id = [0; 36];
    response::success(incoming.format(), Op::ENVELOPE, &done.0, incoming.id.encode(&mut id))
}

/// The body of an answer, or why there is none.
type Outcome = Result<Vec<u8>, Refusal>;

/// Each conflict means that another call has gone through, so this many are hardly ever needed.
const ATTEMPTS: usize = 100;

const CONCURRENT_MODIFICATION_TEXT: &str =
    "Other requests keep changing the account at the same time. Try again.";
