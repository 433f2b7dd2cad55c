use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_authz::{Arrival, Call, Origin};
use daypass_model::Service;
use daypass_sigv4::{Algorithm, AuthError, Credential, PayloadHash, Plus, Presented, Request};
use daypass_state::{Caller, CredentialError, View};
use http::header::{REFERER, USER_AGENT};

use crate::request::destination::Destination;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::trail::Trail;

/// A request whose signature holds.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) service: Service,
    /// Whether it came to STS's global endpoint.
    pub(crate) at_global_endpoint: bool,
    pub(crate) call: Call,
}

/// Who signed a request.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) caller: Caller,
    /// What a bare `+` in the query string is.
    pub(crate) plus: Plus,
    destination: Destination,
    region: Box<str>,
    view: Arc<View>,
    now: DateTime,
}

/// Finds out who signed a call, and notes it. From then on `query` is what they signed.
pub(crate) fn verify<'r>(
    incoming: &'r Incoming,
    query: &mut QueryRequest<'r>,
    trail: &mut Trail,
) -> Result<Signed, AuthError> {
    let seen =
        |destination, claimed: Option<Credential<'_>>| trail.destination(destination, claimed);
    let Signer { caller, plus, destination, region, view, now } =
        signer(incoming, query.version(), seen)?;
    query.signed_with(plus, incoming);
    caller.note_use(now.secs(), &region, destination.service.signing_name());
    trail.signed(&caller, &region, query);
    let env = Arc::clone(&incoming.connection.config.env);
    let origin = origin(incoming);
    let call = Arrival { env, view, region, now, origin }.made_by(caller);
    Ok(Signed { service: destination.service, at_global_endpoint: destination.is_global, call })
}

/// What AWS answers whom the directory does not know.
pub(crate) fn unknown(error: CredentialError) -> AuthError {
    match error {
        CredentialError::Unknown => AuthError::UnknownKey,
        CredentialError::Inactive => AuthError::InactiveKey,
        CredentialError::TokenMissing => AuthError::TokenMissing,
        // The text of AWS's for a token that cannot be read lacks the full stop; whether STS's is that one is not
        // on record.
        CredentialError::TokenUnreadable | CredentialError::TokenOfAnotherKey => {
            AuthError::TokenOfAnotherKey
        }
        CredentialError::IssuerGone => AuthError::IssuerGone,
        CredentialError::Expired => AuthError::TokenExpired,
    }
}

/// A call that nobody need sign, of the API of this version, whose caller is not known yet.
pub(crate) fn arrival(incoming: &Incoming, version: Option<&str>) -> Arrival {
    let shared = &*incoming.connection;
    let env = Arc::clone(&shared.config.env);
    Arrival {
        region: Destination::of(incoming.host(), None, version)
            .region(shared.config.regions)
            .into(),
        view: env.state.view(),
        now: env.clock.now(),
        origin: origin(incoming),
        env,
    }
}

fn origin(incoming: &Incoming) -> Origin {
    Origin {
        // A peer that speaks IPv4 to an IPv6 socket is matched as what it is.
        source_ip: Some(incoming.connection.peer.ip().to_canonical()),
        secure_transport: false,
        user_agent: incoming.header(USER_AGENT).map(Into::into),
        referer: incoming.header(REFERER).map(Into::into),
    }
}

/// Finds out who signed a request, for the API of this version. What AWS answers depends on the
/// first thing that it dislikes, so each line stands where it must. `seen` is told where the
/// request is for as soon as that is known.
pub(crate) fn signer(
    incoming: &Incoming,
    version: Option<&str>,
    seen: impl FnOnce(Destination, Option<Credential<'_>>),
) -> Result<Signer, AuthError> {
    let shared = &*incoming.connection;
    let env = &shared.config.env;

    let request = Request::from_parts(&incoming.head).sigv4a(true);
    let mut presented = Presented::parse(&request);
    let claimed = presented.as_ref().ok().map(|presented| presented.credential());
    let destination =
        Destination::of(incoming.host(), claimed.map(|claimed| claimed.service), version);
    seen(destination, claimed);
    // IAM's service model does not list SigV4a: there it is an unknown algorithm, before anything
    // else can be wrong with it.
    let is_sigv4 = |it: &Presented<'_>| it.algorithm() == Algorithm::HmacSha256;
    if destination.service == Service::Iam && !presented.as_ref().is_ok_and(is_sigv4) {
        presented = Presented::parse(&request.sigv4a(false));
    }

    let expected = destination.expected_scope(env.departures, shared.config.regions);
    let scoped = presented?
        .check_freshness(shared.config.wall_clock.now().secs())?
        .check_scope(&expected)?;

    let scope = scoped.credential();
    let region: Box<str> = expected.regions.find(&scoped).unwrap_or_default().into();
    let (view, now) = (env.state.view(), env.clock.now());
    let caller = env
        .directory
        .identify(&view, scope.access_key_id, scoped.security_token(), now.secs())
        .map_err(unknown)?;
    let payload = PayloadHash::of(&incoming.body);
    let verified = match scoped.algorithm() {
        Algorithm::HmacSha256 => shared.signing_keys.verify(scoped, caller.secret(), &payload)?,
        Algorithm::EcdsaP256Sha256 => {
            let key = shared.public_keys.of(scope.access_key_id, caller.secret());
            scoped.verify(&*key, &payload)?
        }
    };
    if caller.session().is_none() && verified.security_token().is_some() {
        return Err(AuthError::TokenWithLongTermKey);
    }
    Ok(Signer { caller, plus: verified.plus(), destination, region, view, now })
}
