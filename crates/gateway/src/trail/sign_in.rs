use daypass_audit::{Event, EventError, EventId, EventKind, Identity};
use daypass_state::Caller;
use http::header::USER_AGENT;
use serde_json::{Map, Value, json};

use super::{access_key_id, identity, saml_provider};
use crate::request::destination::Destination;
use crate::request::incoming::Incoming;

/// Somebody's coming in through AWS's sign-in host (AWS CloudTrail User Guide, "AWS Management Console
/// sign-in events").
#[derive(Debug)]
pub(crate) struct SignInEvent<'a> {
    /// Which step.
    pub(crate) step: SignIn,
    /// Who has done it; `None` when it failed. Who says to be somebody and cannot show it is nobody.
    pub(crate) caller: Option<&'a Caller>,
    /// Where they want to go.
    pub(crate) destination: Option<&'a str>,
}

/// A step on the way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// Temporary credentials become a sign-in token.
    GetSigninToken,
    /// Somebody signs in.
    ConsoleLogin,
}

impl SignIn {
    /// The name of its event.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetSigninToken => "GetSigninToken",
            Self::ConsoleLogin => "ConsoleLogin",
        }
    }
}

impl SignInEvent<'_> {
    /// Tells the audit.
    pub(crate) fn record(&self, incoming: &Incoming) {
        let config = &incoming.connection.config;
        if !config.audit.enabled() {
            return;
        }
        let access_key_id = self.caller.and_then(access_key_id);
        let name = self.step.name();
        let outcome = if self.caller.is_some() { "Success" } else { "Failure" };
        let (outcome, additional) = (json!({name: outcome}), self.additional());
        config.audit.record(&Event {
            kind: EventKind::SignIn { additional: &additional },
            identity: match self.caller {
                Some(caller) => identity(caller, access_key_id.as_ref()),
                None => Identity::Unknown { access_key_id: None },
            },
            time: config.env.clock.now(),
            source: "signin.amazonaws.com",
            name,
            region: Destination::of(incoming.host(), None, None).region(config.regions),
            source_ip: incoming.connection.peer.ip().to_canonical(),
            user_agent: incoming.header(USER_AGENT),
            error: self.caller.is_none().then_some(FAILED),
            request_parameters: None,
            response_elements: Some(&outcome),
            id: EventId::generate(&*config.env.ids),
            read_only: false,
            recipient: self.caller.map(Caller::account),
        });
    }

    fn additional(&self) -> Value {
        let session = self.caller.and_then(Caller::session);
        let mfa = session.is_some_and(|session| session.claims.mfa.is_some());
        let provider = session.and_then(saml_provider);
        let mut additional = Map::new();
        let optional = [("LoginTo", self.destination), ("SamlProviderArn", provider)];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let known = [("MobileVersion", "No"), ("MFAUsed", if mfa { "Yes" } else { "No" })];
        for (name, value) in optional.chain(known) {
            additional.insert(name.to_owned(), value.into());
        }
        Value::Object(additional)
    }
}

/// AWS's text, which tells no reason. There is no code.
const FAILED: EventError<'static> = EventError { code: None, message: "Failed authentication" };
