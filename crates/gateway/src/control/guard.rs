//! Who may use the endpoints below `/_daypass`: one decision for all of them.
//!
//! Each endpoint takes an [`Operator`] or a [`Reader`], and only this module makes them. So an
//! endpoint without a guard does not compile.
//!
//! While the well-known keys are in force, everybody on this machine is root anyway. A request then
//! needs no signature if its peer is on loopback, no proxy has passed it on, and no web page of
//! another site can have sent it. In every other case the request is signed by a root user.

use daypass_ident::AccountId;
use daypass_sigv4::Plus;
use http::header::{ALLOW, FORWARDED, HeaderName, HeaderValue, VIA};
use http::{Method, StatusCode};
use serde_json::json;

use crate::control::reply::{self, Reply};
use crate::request::cross_site::{self, CrossSite, Pages};
use crate::request::incoming::Incoming;
use crate::request::respond::Response;
use crate::request::verify::{Signer, signer};

/// Who operates the deployment: a client on this machine while the well-known keys are in force, or
/// the root user of the deployment's own account.
#[derive(Debug)]
pub(crate) struct Operator {
    plus: Plus,
    /// The account of a root user.
    account: Option<AccountId>,
}

impl Operator {
    /// # Errors
    /// Why the request is not an operator's.
    pub(crate) fn of(incoming: &Incoming, methods: Methods) -> Result<Self, Refusal> {
        let own = incoming.connection.config.account;
        let (who, plus) = Who::of(incoming, methods)?;
        match who {
            Who::Root(account) if account != own => Err(Refusal::OtherAccount(own)),
            Who::Local => Ok(Self { plus, account: None }),
            Who::Root(account) => Ok(Self { plus, account: Some(account) }),
        }
    }

    /// The account that the operator is the root user of. What other accounts hold is then neither
    /// told nor changed. `None` for a client on this machine, who is the root user of every account.
    pub(crate) fn only_account(&self) -> Option<AccountId> {
        self.account
    }

    /// What a bare `+` in the query string is: what the signature says, and itself where there is none.
    pub(crate) fn plus(&self) -> Plus {
        self.plus
    }
}

/// Who may read about accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reader(Who);

impl Reader {
    /// # Errors
    /// Why the request is nobody's who may read anything.
    pub(crate) fn of(incoming: &Incoming, methods: Methods) -> Result<Self, Refusal> {
        Who::of(incoming, methods).map(|(who, _)| Self(who))
    }

    /// Whether what is told of an account may be told to the reader.
    pub(crate) fn may_read(self, account: AccountId) -> bool {
        match self.0 {
            Who::Local => true,
            Who::Root(own) => own == account,
        }
    }

    /// Whether what is told may be of every account.
    pub(crate) fn is_local(self) -> bool {
        self.0 == Who::Local
    }

    #[cfg(test)]
    pub(crate) const LOCAL: Self = Self(Who::Local);

    #[cfg(test)]
    pub(crate) const fn root(account: AccountId) -> Self {
        Self(Who::Root(account))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// A client on this machine.
    Local,
    /// The root user of an account, who signed the request.
    Root(AccountId),
}

impl Who {
    fn of(incoming: &Incoming, methods: Methods) -> Result<(Self, Plus), Refusal> {
        let who = match check_local(incoming) {
            Ok(()) => (Self::Local, Plus::Literal),
            Err(not_local) => {
                let (account, plus) = signing_root(incoming).ok_or(not_local)?;
                (Self::Root(account), plus)
            }
        };
        if methods.include(&incoming.head.method) { Ok(who) } else { Err(Refusal::Method(methods)) }
    }
}

/// Being local is a property of the peer. Headers can only take it away.
fn check_local(incoming: &Incoming) -> Result<(), Refusal> {
    let connection = &incoming.connection;
    if connection.config.env.directory.well_known_keys().is_none() {
        return Err(Refusal::OwnKeys);
    }
    if !connection.peer.ip().to_canonical().is_loopback() {
        return Err(Refusal::Remote);
    }
    if incoming.head.headers.keys().any(is_of_a_proxy) {
        return Err(Refusal::Proxied);
    }
    Ok(cross_site::check(incoming, Pages::SameOrigin)?)
}

/// The account whose root user signed the request, and what a bare `+` in its query is by that signature. A web page can sign with a well-known key, too.
fn signing_root(incoming: &Incoming) -> Option<(AccountId, Plus)> {
    let Signer { caller, plus, .. } = signer(incoming, None, |_, _| {}).ok()?;
    if caller.uses_well_known_key() && cross_site::check(incoming, Pages::SameOrigin).is_err() {
        return None;
    }
    caller.principal().is_root().then(|| (caller.account(), plus))
}

/// The headers that a proxy adds (RFC 7239; RFC 9110, section 7.6.3; nginx and others by custom).
fn is_of_a_proxy(name: &HeaderName) -> bool {
    *name == FORWARDED
        || *name == VIA
        || name.as_str().starts_with("x-forwarded-")
        || name.as_str() == "x-real-ip"
}

/// The methods of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Methods {
    /// `GET` and `HEAD`.
    Read,
    /// `POST`.
    Post,
}

impl Methods {
    pub(crate) fn include(self, method: &Method) -> bool {
        match self {
            Self::Read => method == Method::GET || method == Method::HEAD,
            Self::Post => method == Method::POST,
        }
    }

    const fn names(self) -> &'static str {
        match self {
            Self::Read => "GET, HEAD",
            Self::Post => "POST",
        }
    }
}

/// Why an endpoint is not for who sends a request. Each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(
        "the well-known keys are not in force, so this needs the signature of the account's root \
         user: sign the request with their access key, by Signature Version 4 for the service sts"
    )]
    OwnKeys,
    #[error(
        "the request comes from another machine, so it needs the signature of the account's root user"
    )]
    Remote,
    #[error(
        "a proxy has passed the request on (Forwarded, Via or X-Forwarded-*), so it does not count \
         as sent on this machine: ask directly, or sign it as the account's root user"
    )]
    Proxied,
    #[error("a web page of another origin may have sent the request: {0}")]
    CrossSite(#[from] CrossSite),
    #[error("this is for the root user of account {0} alone, in which daypass runs")]
    OtherAccount(AccountId),
    #[error("the method is wrong: use {}", .0.names())]
    Method(Methods),
}

impl Refusal {
    /// The answer to a program, in JSON.
    pub(crate) fn respond(self, incoming: &Incoming) -> Response {
        let message = json!({"message": self.to_string()});
        self.with_methods(reply::json(self.status(), &message, incoming))
    }

    /// The answer to a reader, in the form that they prefer.
    pub(crate) fn respond_to_reader(self, incoming: &Incoming) -> Response {
        self.with_methods(Reply::message(&self.to_string()).respond(self.status(), incoming))
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::FORBIDDEN,
        }
    }

    fn with_methods(self, mut response: Response) -> Response {
        if let Self::Method(methods) = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods.names()));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_known_by_their_headers() {
        let names = [
            ("forwarded", true),
            ("via", true),
            ("x-forwarded-for", true),
            ("x-forwarded-host", true),
            ("x-forwarded-anything", true),
            ("x-real-ip", true),
            ("x-forward", false),
            ("host", false),
        ];
        for (name, expected) in names {
            assert_eq!(is_of_a_proxy(&HeaderName::from_static(name)), expected, "{name}");
        }
    }
}
