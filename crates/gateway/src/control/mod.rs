//! What daypass answers about itself, below `/_daypass`.
//!
//! [`guard`] decides who may ask. An endpoint is a function of what the guard returns.

pub(crate) mod bulk;
pub(crate) mod clock;
pub(crate) mod context_assertions;
pub(crate) mod delegation;
pub(crate) mod diagnoses;
pub(crate) mod explanations;
mod guard;
mod health;
mod recent;
mod reply;
pub(crate) mod reset;
pub(crate) mod service_calls;

use daypass_authz::Explanations;

use self::guard::{Methods, Operator, Reader};
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers a request to one of daypass's own endpoints; `None` for every other path.
pub(crate) async fn answer(incoming: &Incoming) -> Option<Response> {
    Some(match Endpoint::at(incoming.head.uri.path(), incoming)? {
        Endpoint::Health(body) => health::answer(body, incoming),
        Endpoint::ForReaders(record) => match Reader::of(incoming, Methods::Read) {
            Ok(reader) => match record {
                Record::Explanation(id) => explanations::answer(reader, id, incoming).await,
                Record::LatestDenial => explanations::answer_latest(reader, incoming).await,
                Record::Diagnosis(id) => diagnoses::answer(reader, id, incoming),
            },
            Err(refusal) => refusal.respond_to_reader(incoming),
        },
        Endpoint::ForOperators(control) => match Operator::of(incoming, control.methods()) {
            Ok(operator) => match control {
                Control::Clock(change) => clock::answer(&operator, change, incoming),
                Control::ContextAssertions => context_assertions::answer(&operator, incoming),
                Control::DelegationRequest(id) => delegation::answer(&operator, id, incoming),
                Control::ServiceCalls => service_calls::answer(&operator, incoming).await,
                Control::Seed => bulk::add(&operator, incoming).await,
                Control::AuthorizationDetails(account) => {
                    bulk::details(&operator, account, incoming).await
                }
                Control::Reset => reset::answer(&operator, incoming).await,
            },
            Err(refusal) => refusal.respond(incoming),
        },
    })
}

/// What stands at a path.
#[derive(Debug, Clone, Copy)]
enum Endpoint<'p> {
    /// For everybody.
    Health(&'static str),
    ForReaders(Record<'p>),
    ForOperators(Control<'p>),
}

/// What is told of a request to the account that sent it.
#[derive(Debug, Clone, Copy)]
enum Record<'p> {
    Explanation(&'p str),
    LatestDenial,
    Diagnosis(&'p str),
}

/// What concerns the whole deployment.
#[derive(Debug, Clone, Copy)]
enum Control<'p> {
    Clock(Option<&'p str>),
    ContextAssertions,
    DelegationRequest(&'p str),
    ServiceCalls,
    Seed,
    AuthorizationDetails(Option<&'p str>),
    Reset,
}

impl<'p> Endpoint<'p> {
    /// `None` too for what the deployment does not offer under `--strict`: AWS has nothing at that
    /// path.
    fn at(path: &'p str, incoming: &Incoming) -> Option<Self> {
        let departures = incoming.connection.config.env.departures;
        let is_read = Methods::Read.include(&incoming.head.method);
        let rest = match path {
            "/health" | "/_daypass/health" if is_read => return Some(Self::Health(health::OWN)),
            "/_localstack/health" if is_read => return Some(Self::Health(health::LOCALSTACK)),
            "/moto-api/reset" => return Some(Self::ForOperators(Control::Reset)),
            _ => path.strip_prefix("/_daypass/")?,
        };
        let (name, below) = match rest.split_once('/') {
            Some((name, below)) => (name, Some(below)),
            None => (rest, None),
        };
        let control = match (name, below) {
            ("why", id) if departures.explanations != Explanations::None => {
                let record = id.map_or(Record::LatestDenial, Record::Explanation);
                return Some(Self::ForReaders(record));
            }
            ("diagnoses", Some(id)) if departures.diagnoses => {
                return Some(Self::ForReaders(Record::Diagnosis(id)));
            }
            ("clock", change) => Control::Clock(change),
            ("context-assertions", None) => Control::ContextAssertions,
            ("delegation-requests", Some(id)) => Control::DelegationRequest(id),
            ("service-calls", None) => Control::ServiceCalls,
            ("seed", None) => Control::Seed,
            ("authorization-details", account) => Control::AuthorizationDetails(account),
            ("reset", None) => Control::Reset,
            _ => return None,
        };
        Some(Self::ForOperators(control))
    }
}

impl Control<'_> {
    fn methods(self) -> Methods {
        match self {
            Self::Clock(None) | Self::DelegationRequest(_) | Self::AuthorizationDetails(_) => {
                Methods::Read
            }
            Self::Clock(Some(_))
            | Self::ContextAssertions
            | Self::ServiceCalls
            | Self::Seed
            | Self::Reset => Methods::Post,
        }
    }
}
