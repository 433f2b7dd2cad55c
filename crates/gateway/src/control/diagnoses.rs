//! Why signatures do not match, for whoever sits at this machine, and for the root user of the account
//! whose key it was.
//!
//! A mismatch is answered in AWS's few words. Beside them a header names an address here, where the doctor of
//! `daypass-sigv4` says which mistake explains the signature. What is kept and told holds no secret,
//! no signature and no session token.

use std::sync::{Mutex, PoisonError};

use daypass_ident::{AccountId, Principal, RequestId};
use daypass_sigv4::doctor::{Case, Comparison, Diagnosis, diagnose};
use daypass_sigv4::{AuthError, Presented, Request};
use daypass_state::record::KeyOwner;
use daypass_state::{Caller, View};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::control::guard::Reader;
use crate::control::recent::RecentDenials;
use crate::control::reply::Reply;
use crate::refusal_log::RefusedRequest;
use crate::request::destination::Destination;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::request::refusal::Refusal;
use crate::request::respond::Response;

/// Whether the doctor has something to say to a refusal.
pub(crate) fn is_of_interest(incoming: &Incoming, refusal: Option<&Refusal>) -> bool {
    let is_wrong = matches!(
        refusal,
        Some(Refusal::Unauthenticated(
            AuthError::Mismatch
                | AuthError::MismatchInFull(_)
                | AuthError::Expired { .. }
                | AuthError::NotYetCurrent { .. }
        ))
    );
    is_wrong && incoming.connection.config.env.departures.diagnoses
}

/// Finds out why a signature did not match, says so in the line of the log, and names in the answer where
/// it can be read. Adds nothing to either when it has done so too often in this second.
pub(crate) async fn explain(
    incoming: Box<Incoming>,
    mut response: Response,
    line: Option<RefusedRequest>,
) -> Response {
    let (id, connection) = (incoming.id, incoming.connection.connection());
    let may_begin = connection.diagnoses.may_begin(connection.config.wall_clock.now().secs());
    let examined = match may_begin {
        // Some milliseconds of hashing are too long for a thread that answers others.
        true => tokio::task::spawn_blocking(move || examine(&incoming)).await.ok().flatten(),
        false => None,
    };
    let Some((account, diagnosis)) = examined else {
        line.into_iter().for_each(|line| line.log(&connection, id));
        return response;
    };
    if let Some(line) = line {
        line.diagnosed(&diagnosis.summary(), &connection, id).log(&connection, id);
    }
    let reply = reply(id, &diagnosis);
    connection.diagnoses.kept.keep(id, account, reply.len(), reply);
    if let Ok(address) = HeaderValue::try_from(format!("{FOLDER}{id}")) {
        response.headers_mut().insert(DIAGNOSIS, address);
    }
    response
}

/// Where the diagnosis of a request can be read.
pub(crate) fn url(endpoint: &str, id: RequestId) -> String {
    format!("{endpoint}{FOLDER}{id}")
}

/// Answers with the diagnosis of the request with this id.
pub(crate) fn answer(reader: Reader, id: &str, incoming: &Incoming) -> Response {
    match incoming.connection.diagnoses.kept.find(id, reader) {
        Some(reply) => reply.respond(StatusCode::OK, incoming),
        None => Reply::message(NOT_KEPT).respond(StatusCode::NOT_FOUND, incoming),
    }
}

/// The diagnoses of late.
#[derive(Debug, Default)]
pub(crate) struct Diagnoses {
    kept: RecentDenials<Reply>,
    rate: Mutex<Rate>,
}

/// The second of the last diagnosis, and how many it has seen.
#[derive(Debug, Default)]
struct Rate {
    second: i64,
    in_second: u32,
}

impl Diagnoses {
    fn may_begin(&self, second: i64) -> bool {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        if rate.second != second {
            *rate = Rate { second, in_second: 0 };
        }
        rate.in_second = rate.in_second.saturating_add(1);
        rate.in_second <= MOST_IN_A_SECOND
    }
}

fn reply(id: RequestId, diagnosis: &Diagnosis) -> Reply {
    let json = json!({
        "requestId": id.to_string(),
        "explained": diagnosis.is_explained(),
        "summary": diagnosis.summary(),
        "mistakes": diagnosis
            .mistakes()
            .iter()
            .map(|mistake| json!({"kind": mistake.kind.name(), "advice": mistake.advice}))
            .collect::<Value>(),
        "canonicalRequest": comparison(diagnosis.canonical_request()),
        "stringToSign": comparison(diagnosis.string_to_sign()),
        "hypotheses": diagnosis.tried(),
    });
    Reply::new(&diagnosis.to_string(), &json)
}

fn comparison(of: &Comparison) -> Value {
    json!({"aws": of.ours(), "client": of.theirs(), "firstDifference": of.first_difference()})
}

/// Looks at a request once more: the account of its access key, and what is wrong. `None` where nobody
/// has the access key, or the signature is of a kind that cannot be made anew.
fn examine(incoming: &Incoming) -> Option<(AccountId, Diagnosis)> {
    let config = &incoming.connection.config;
    let env = &config.env;
    let request = Request::from_parts(&incoming.head);
    let presented = Presented::parse(&request).ok()?;
    let credential = presented.credential();
    let query = QueryRequest::read(incoming).ok()?;
    let destination = Destination::of(incoming.host(), Some(credential.service), query.version());
    let view = env.state.view();
    let now = env.clock.now().secs();
    let caller = env
        .directory
        .identify(&view, credential.access_key_id, presented.security_token(), now)
        .ok()?;
    let others = other_keys(&view, &caller);
    let others: Vec<(&str, &[u8])> = others
        .iter()
        .map(|key| (key.record.id.as_str(), key.record.secret.expose().as_bytes()))
        .collect();
    let case = Case {
        request,
        body: &incoming.body,
        secret: caller.secret().expose().as_bytes(),
        other_secrets: &others,
        session_token: None,
        expected: destination.expected_scope(env.departures, config.regions),
        now: config.wall_clock.now().secs(),
    };
    Some((caller.account(), diagnose(&case).ok()?))
}

/// The other access keys of the caller.
fn other_keys(view: &View, caller: &Caller) -> Vec<std::sync::Arc<daypass_state::AccessKey>> {
    let owner = match caller.principal() {
        Principal::Root { .. } => KeyOwner::Root,
        Principal::User { id, .. } => KeyOwner::User(*id),
        _ => return Vec::new(),
    };
    let account = view.account(caller.account());
    let keys = account.access_keys(owner);
    keys.filter(|key| key.record.id.as_str() != caller.access_key_id()).cloned().collect()
}

/// Names the address of a diagnosis in an answer.
const DIAGNOSIS: HeaderName = HeaderName::from_static("x-daypass-diagnosis");
const FOLDER: &str = "/_daypass/diagnoses/";

/// A diagnosis takes some milliseconds, so these are some percent of one core.
const MOST_IN_A_SECOND: u32 = 8;

const NOT_KEPT: &str = "there is no diagnosis of this request, or it is too long ago";
