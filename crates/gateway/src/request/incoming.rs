use bytes::Bytes;
use daypass_ident::RequestId;
use daypass_sigv4::{Plus, is_well_formed_path};
use daypass_wire::{Fault, Format, Params};
use http::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use http::{Method, StatusCode, request};

use crate::request::refusal::Refusal;
use crate::transport::connection::InFlight;

/// A request as it arrived, whole.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) id: RequestId,
    pub(crate) connection: InFlight,
    pub(crate) head: request::Parts,
    pub(crate) body: Bytes,
}

impl Incoming {
    /// A header as text; the first of its name.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// The host that the client believes to speak to, with its port. INVARIANT: the transport has refused
    /// requests without one that can be relied on (`host_of`), so this need not look again.
    pub(crate) fn host(&self) -> &str {
        let authority = || self.head.uri.authority().map(http::uri::Authority::as_str);
        self.header(HOST).or_else(authority).unwrap_or_default()
    }

    /// The format that the client wants to be answered in.
    pub(crate) fn format(&self) -> Format {
        Format::from_accept(self.header(ACCEPT))
    }
}

/// A request that names an action, and has the form for it.
#[derive(Debug)]
pub(crate) struct QueryRequest<'r> {
    params: Result<Params<'r>, Fault>,
}

impl<'r> QueryRequest<'r> {
    /// What AWS looks at before any signature: the form of the path, the method, the path, the
    /// content type, and that there is an action at all. Parameters that cannot be read are kept
    /// for later: who sends them must sign them first.
    pub(crate) fn read(incoming: &'r Incoming) -> Result<Self, Refusal> {
        let uri = &incoming.head.uri;
        if !is_well_formed_path(uri.path()) {
            return Err(Refusal::Bare(StatusCode::BAD_REQUEST));
        }
        let query = uri.query().unwrap_or_default();
        let (params, kept_query) = match incoming.head.method {
            Method::GET | Method::HEAD => (Some(of_query(incoming, Plus::Literal)), query),
            Method::POST if is_form(incoming) => (Some(Params::from_form(&incoming.body)), ""),
            Method::POST => (None, ""),
            _ => return Err(Refusal::Bare(StatusCode::BAD_REQUEST)),
        };
        if uri.path() != "/" {
            return Err(Refusal::UnknownPath);
        }
        match params {
            Some(Ok(params)) if params.action().is_some() => Ok(Self { params: Ok(params) }),
            Some(Err(fault)) => Ok(Self { params: Err(fault) }),
            Some(Ok(_)) | None => Err(Refusal::Elsewhere(documentation(kept_query))),
        }
    }

    /// Reads the parameters anew where a bare `+` in them turns out to have been signed as a space: the signature
    /// covers this reading alone. A form is as it was, since there a `+` is a space anyway.
    pub(crate) fn signed_with(&mut self, plus: Plus, incoming: &'r Incoming) {
        let is_query = matches!(incoming.head.method, Method::GET | Method::HEAD);
        if is_query && plus != Plus::Literal {
            self.params = of_query(incoming, plus);
        }
    }

    /// What a page of daypass's own asks for, as a form.
    pub(crate) fn of_form(form: &'r [u8]) -> Self {
        Self { params: Params::from_form(form) }
    }

    /// The parameters.
    pub(crate) fn params(&self) -> Result<&Params<'r>, Fault> {
        self.params.as_ref().map_err(Fault::clone)
    }

    /// The action, as far as it can be read.
    pub(crate) fn action(&self) -> &str {
        self.params.as_ref().ok().and_then(Params::action).unwrap_or_default()
    }

    /// The version of the API, as far as it can be read.
    pub(crate) fn version(&self) -> Option<&str> {
        self.params.as_ref().ok().and_then(Params::version)
    }
}

/// The parameters of the query string. Until a signature tells otherwise, a `+` is itself.
fn of_query(incoming: &Incoming, plus: Plus) -> Result<Params<'_>, Fault> {
    let query = incoming.head.uri.query().unwrap_or_default();
    Params::from_query(
        query.as_bytes(),
        match plus {
            Plus::Literal => daypass_wire::Plus::Literal,
            Plus::Space => daypass_wire::Plus::Space,
        },
    )
}

/// Whether the body says that it is a form.
pub(crate) fn is_form(incoming: &Incoming) -> bool {
    let content_type = incoming.header(CONTENT_TYPE).unwrap_or_default();
    let media_type = content_type.get(..FORM.len()).unwrap_or_default();
    let rest = content_type.get(FORM.len()..).unwrap_or_default().trim_start();
    media_type.eq_ignore_ascii_case(FORM) && (rest.is_empty() || rest.starts_with(';'))
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Where AWS sends those who ask for nothing.
fn documentation(query: &str) -> HeaderValue {
    const PAGE: &str = "https://aws.amazon.com/iam";
    let with_query = (!query.is_empty()).then(|| format!("{PAGE}?{query}"));
    with_query
        .and_then(|location| HeaderValue::try_from(location).ok())
        .unwrap_or(HeaderValue::from_static(PAGE))
}
