//! What the audit and the log are told of a request, gathered on its way. When nobody listens, it is little.

mod parameters;
mod sign_in;

use aws_smithy_types::DateTime;
use daypass_audit::{Event, EventError, EventId, EventKind, Identity, OnBehalfOf, SessionContext};
use daypass_ident::{AccessKeyId, ArnParts};
use daypass_model::{Operation, Service};
use daypass_sigv4::Credential;
use daypass_state::{Caller, Session};
use http::header::USER_AGENT;
use serde_json::Value;

use crate::request::destination::Destination;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::request::refusal::Refusal;
use crate::request::regions;

pub(crate) use sign_in::{SignIn, SignInEvent};

/// What has been learnt of a request so far.
#[derive(Debug)]
pub(crate) struct Trail {
    service: Service,
    caller: Option<Caller>,
    notes: Option<Box<Notes>>,
}

/// What only the audit wants to know.
#[derive(Debug, Default)]
struct Notes {
    action: String,
    claimed_key: Option<String>,
    region: Option<String>,
    parameters: Option<Value>,
    response: Option<Value>,
}

impl Trail {
    pub(crate) fn begin(incoming: &Incoming) -> Self {
        let listening = incoming.connection.config.audit.enabled();
        Self { service: Service::Sts, caller: None, notes: listening.then(Box::default) }
    }

    /// Who asks, as far as that is known.
    pub(crate) fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// The service that the request is for, as far as it is known.
    pub(crate) fn service(&self) -> Service {
        self.service
    }

    /// The request names an action.
    pub(crate) fn query(&mut self, query: &QueryRequest<'_>) {
        if let Some(notes) = &mut self.notes {
            notes.action = query.action().chars().take(LONGEST_ACTION).collect();
        }
    }

    /// Where the request is for, and which credential it claims to be signed with.
    pub(crate) fn destination(
        &mut self,
        destination: Destination,
        claimed: Option<Credential<'_>>,
    ) {
        self.service = destination.service;
        if let (Some(notes), Some(claimed)) = (&mut self.notes, claimed) {
            notes.claimed_key = Some(claimed.access_key_id.to_owned());
            // SigV4a names no region here.
            let region = Some(claimed.region).filter(|region| !region.is_empty());
            notes.region = region.map(str::to_owned);
        }
    }

    /// The signature holds: from here on it is known who asks, and what they ask is worth keeping.
    pub(crate) fn signed(&mut self, caller: &Caller, region: &str, query: &QueryRequest<'_>) {
        self.arrived(region, query);
        self.known(caller);
    }

    /// The request is for an operation that nobody signs, so that whoever signed it does not
    /// count.
    pub(crate) fn arrived(&mut self, region: &str, query: &QueryRequest<'_>) {
        self.caller = None;
        if let Some(notes) = &mut self.notes {
            notes.claimed_key = None;
            notes.region = Some(region.to_owned());
            notes.parameters = query.params().ok().and_then(parameters::of_request);
        }
    }

    /// It is known who asks, and what an identity provider says of them.
    pub(crate) fn known(&mut self, caller: &Caller) {
        if let Some(notes) = &mut self.notes
            && let Some(claims) = caller.vouched_claims()
        {
            parameters::add_claims(&mut notes.parameters, claims);
        }
        self.caller = Some(caller.clone());
    }

    /// The operation has been carried out.
    pub(crate) fn done<Op: Operation>(&mut self, output: &Op::Output) {
        if let Some(notes) = &mut self.notes {
            notes.response = parameters::of_response::<Op>(output);
        }
    }

    /// Tells the audit, if the request got so far as to name an operation of STS or IAM.
    pub(crate) fn end(&self, incoming: &Incoming, refusal: Option<&Refusal>) {
        if matches!(refusal, Some(Refusal::OtherService(_))) {
            return;
        }
        let Some(notes) = self.notes.as_ref().filter(|notes| !notes.action.is_empty()) else {
            return;
        };
        let config = &incoming.connection.config;
        let fault = refusal.and_then(Refusal::fault);
        let error = fault.as_ref().map(|fault| EventError {
            code: Some(match refusal.and_then(Refusal::service_error) {
                Some(error) if self.service == Service::Iam => error.shape.name,
                _ => fault.code,
            }),
            message: fault.message.as_deref().unwrap_or_default(),
        });
        let access_key_id = self.caller.as_ref().and_then(access_key_id);
        config.audit.record(&Event {
            kind: EventKind::ApiCall { request_id: incoming.id },
            identity: match &self.caller {
                Some(caller) => identity(caller, access_key_id.as_ref()),
                None => Identity::Unknown { access_key_id: notes.claimed_key.as_deref() },
            },
            time: config.env.clock.now(),
            source: match self.service {
                Service::Iam => "iam.amazonaws.com",
                Service::Sts => "sts.amazonaws.com",
            },
            name: &notes.action,
            region: match (self.service, notes.region.as_deref()) {
                (Service::Sts, Some(region)) => region,
                _ => regions::GLOBAL,
            },
            source_ip: incoming.connection.peer.ip().to_canonical(),
            user_agent: incoming.header(USER_AGENT),
            error,
            request_parameters: notes.parameters.as_ref(),
            response_elements: notes.response.as_ref(),
            id: EventId::generate(&*config.env.ids),
            read_only: self.service == Service::Sts || parameters::is_read(&notes.action),
            recipient: self.caller.as_ref().map(Caller::account),
        });
    }
}

/// Who has signed in with a password has no key that anybody could use.
fn access_key_id(caller: &Caller) -> Option<AccessKeyId> {
    let is_sign_in = caller.session().is_some_and(Session::is_sign_in);
    (!is_sign_in).then(|| caller.access_key_id().parse().ok()).flatten()
}

fn identity<'a>(caller: &'a Caller, access_key_id: Option<&'a AccessKeyId>) -> Identity<'a> {
    Identity::Known {
        principal: caller.principal(),
        access_key_id,
        session: caller.session().map(|session| SessionContext {
            issuer: session.claims.issuer.as_ref(),
            issued_at: DateTime::from_secs(session.claims.issued_at),
            mfa_authenticated: session.claims.mfa.is_some(),
            source_identity: session.claims.source_identity.as_deref(),
            web_identity_provider: web_identity_provider(session),
            assumed_root: session.claims.assumed_root,
            on_behalf_of: session.claims.on_behalf_of.as_ref().map(|user| OnBehalfOf {
                user_id: &user.user_id,
                identity_store_arn: &user.identity_store_arn,
            }),
            delegate: session.claims.delegate,
        }),
    }
}

/// CloudTrail tells it of OIDC providers only.
fn web_identity_provider(session: &Session) -> Option<&str> {
    provider(session).filter(|provider| !is_saml(provider))
}

fn saml_provider(session: &Session) -> Option<&str> {
    provider(session).filter(|provider| is_saml(provider))
}

fn provider(session: &Session) -> Option<&str> {
    session.claims.federation.as_ref().map(|facts| facts.provider.as_str())
}

fn is_saml(provider: &str) -> bool {
    ArnParts::parse(provider).is_some_and(|arn| arn.resource.starts_with("saml-provider/"))
}

/// Longer than the name of any operation: whoever sends more does not get to fill the log.
const LONGEST_ACTION: usize = 128;
