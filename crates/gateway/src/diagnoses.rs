//! Why signatures do not match, for whoever sits at this machine, and for the root user of the account
//! whose key it was.
//!
//! A mismatch is answered in AWS's few words. Beside them a header names an address here, where the doctor of
//! `daypass-sigv4` says which mistake explains the signature. What is kept and told holds no secret,
//! no signature and no session token.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use daypass_ident::{AccountId, Principal, RequestId};
use daypass_sigv4::doctor::{Case, Comparison, Diagnosis, diagnose};
use daypass_sigv4::{AuthError, Presented, Request};
use daypass_state::record::KeyOwner;
use daypass_state::{Caller, View};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::asked::{Asked, Raw};
use crate::place::Place;
use crate::refusal::Refusal;
use crate::respond::Response;
use crate::verify::signer;

/// Whether the doctor has something to say to a refusal.
pub(crate) fn is_of_interest(raw: &Raw, refusal: Option<&Refusal>) -> bool {
    let is_wrong = matches!(
        refusal,
        Some(Refusal::Unauthenticated(
            AuthError::Mismatch
                | AuthError::MismatchInFull(_)
                | AuthError::Expired { .. }
                | AuthError::NotYetCurrent { .. }
        ))
    );
    is_wrong && raw.connection.config.env.departures.diagnoses
}

/// Finds out why a signature did not match, says so in the log, and names in the answer where it
/// can be read. Does nothing when it has done so too often in this second.
pub(crate) async fn explain(raw: Box<Raw>, mut response: Response) -> Response {
    let (id, connection) = (raw.id, raw.connection.connection());
    if !connection.diagnoses.may_begin(connection.config.wall_clock.now().secs()) {
        return response;
    }
    // Some milliseconds of hashing are too long for a thread that answers others.
    let examined = tokio::task::spawn_blocking(move || examine(&raw)).await;
    let Ok(Some((account, diagnosis))) = examined else {
        return response;
    };
    tracing::warn!(request_id = %id, why = diagnosis.summary(), "a signature does not match");
    connection.diagnoses.keep(id, account, &diagnosis);
    if let Ok(address) = HeaderValue::try_from(format!("{FOLDER}{id}")) {
        response.headers_mut().insert(DIAGNOSIS, address);
    }
    response
}

/// Answers who asks for a diagnosis; `None` if that is not what is asked.
pub(crate) fn answer(raw: &Raw) -> Option<Response> {
    let id = raw.head.uri.path().strip_prefix(FOLDER)?;
    let connection = &raw.connection;
    if !connection.config.env.departures.diagnoses {
        return None;
    }
    let is_json = raw.header(ACCEPT).is_some_and(|accept| accept.contains("application/json"));
    let (status, told) = match Reader::of(raw) {
        None => (StatusCode::FORBIDDEN, Told::message(NOT_FROM_AFAR)),
        Some(reader) => match connection.diagnoses.find(id, reader) {
            Some(told) => (StatusCode::OK, told),
            None => (StatusCode::NOT_FOUND, Told::message(NOT_KEPT)),
        },
    };
    let (content_type, body) = match is_json {
        true => ("application/json", told.json),
        false => ("text/plain; charset=utf-8", told.text),
    };
    let mut response = Response::new(Full::new(match raw.head.method {
        Method::HEAD => Bytes::new(),
        _ => body.clone(),
    }));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, body.len().into());
    Some(response)
}

/// Who may read diagnoses.
#[derive(Debug, Clone, Copy)]
enum Reader {
    /// A client on the same machine: all of them.
    Local,
    /// An account's root user, by their signature: those of the account's keys.
    Root(AccountId),
}

impl Reader {
    fn of(raw: &Raw) -> Option<Self> {
        if raw.connection.peer.ip().to_canonical().is_loopback() {
            return Some(Self::Local);
        }
        let signer = signer(raw, None, |_, _| {}).ok()?;
        let principal = signer.caller.principal();
        principal.is_root().then(|| Self::Root(principal.account()))
    }

    fn may_read(self, account: AccountId) -> bool {
        match self {
            Self::Local => true,
            Self::Root(own) => own == account,
        }
    }
}

/// The diagnoses of late.
#[derive(Debug, Default)]
pub(crate) struct Diagnoses(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The newest last.
    diagnoses: VecDeque<Entry>,
    bytes: usize,
    /// The second of the last diagnosis, and how many it has seen.
    second: i64,
    in_second: u32,
}

/// A diagnosis, the request that it is of, and the account whose key the request named.
#[derive(Debug)]
struct Entry {
    id: String,
    account: AccountId,
    told: Told,
}

/// A diagnosis in both forms.
#[derive(Debug, Clone)]
struct Told {
    text: Bytes,
    json: Bytes,
}

impl Diagnoses {
    fn may_begin(&self, second: i64) -> bool {
        let mut kept = self.lock();
        if kept.second != second {
            (kept.second, kept.in_second) = (second, 0);
        }
        kept.in_second = kept.in_second.saturating_add(1);
        kept.in_second <= MOST_IN_A_SECOND
    }

    fn keep(&self, id: RequestId, account: AccountId, diagnosis: &Diagnosis) {
        let told = Told::new(id, diagnosis);
        let mut kept = self.lock();
        kept.bytes += told.len();
        kept.diagnoses.push_back(Entry { id: id.to_string(), account, told });
        while kept.diagnoses.len() > MOST_KEPT || kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.diagnoses.pop_front() else { break };
            kept.bytes -= oldest.told.len();
        }
    }

    fn find(&self, id: &str, reader: Reader) -> Option<Told> {
        let kept = self.lock();
        let mut newest_first = kept.diagnoses.iter().rev();
        let found = newest_first.find(|entry| entry.id == id && reader.may_read(entry.account));
        found.map(|entry| entry.told.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn new(id: RequestId, diagnosis: &Diagnosis) -> Self {
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
        Self { text: diagnosis.to_string().into(), json: format!("{json}\n").into() }
    }

    fn message(text: &'static str) -> Self {
        let json = json!({"message": text});
        Self { text: format!("{text}\n").into(), json: format!("{json}\n").into() }
    }

    fn len(&self) -> usize {
        self.text.len() + self.json.len()
    }
}

fn comparison(of: &Comparison) -> Value {
    json!({"aws": of.ours(), "client": of.theirs(), "firstDifference": of.first_difference()})
}

/// Looks at a request once more: the account of its access key, and what is wrong. `None` where nobody has the access key, or the signature is of a
/// kind that cannot be made anew.
fn examine(raw: &Raw) -> Option<(AccountId, Diagnosis)> {
    let config = &raw.connection.config;
    let env = &config.env;
    let request = Request::from_parts(&raw.head);
    let presented = Presented::parse(&request).ok()?;
    let credential = presented.credential();
    let asked = Asked::read(raw).ok()?;
    let place = Place::of(raw.host(), Some(credential.service), asked.version());
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
        body: &raw.body,
        secret: caller.secret().expose().as_bytes(),
        other_secrets: &others,
        session_token: None,
        expected: place.expected_scope(env.departures, config.regions),
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
const MOST_KEPT: usize = 256;
const MOST_BYTES: usize = 8 << 20;

const NOT_FROM_AFAR: &str = "diagnoses are told to clients on the same machine, and to the account's root user who signs for them";
const NOT_KEPT: &str = "there is no diagnosis of this request, or it is too long ago";
