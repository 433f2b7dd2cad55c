//! Why policies do not allow a call, and on demand why they do, for whoever sits at this machine, and
//! for the root user of the caller's account.
//!
//! A denial is answered in AWS's words. Beside them one header carries the message that
//! `DecodeAuthorizationMessage` opens, and another names an address here, where the whole decision
//! is told. Only what is needed for that is kept: the explanation is made when somebody reads it.

use std::sync::Arc;

use daypass_authz::{Audience, Decided, Explanations as Of, Guarded, KeptDecision, Permitted};
use daypass_ident::{RequestId, printable_line};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use serde_json::json;

use crate::DEFAULT_ENDPOINT;
use crate::control::guard::Reader;
use crate::control::recent::RecentDenials;
use crate::control::reply::Reply;
use crate::request::incoming::Incoming;
use crate::request::refusal::Refusal;
use crate::request::respond::{Response, bare};
use crate::workers::Busy;

/// The decisions of late.
#[derive(Debug, Default)]
pub(crate) struct Explanations(RecentDenials<Arc<Kept>>);

impl Explanations {
    /// Forgets all decisions.
    pub(crate) fn forget(&self) {
        self.0.clear();
    }
}

/// A decision, and what a denial was answered with.
#[derive(Debug)]
pub(crate) struct Entry {
    decided: Box<Decided>,
    denial: Option<String>,
}

/// What is kept of it.
#[derive(Debug)]
struct Kept {
    decision: KeptDecision,
    denial: Option<String>,
}

/// What is needed to explain a call that is allowed, where those are explained too.
pub(crate) fn allowed<Op: Guarded>(
    incoming: &Incoming,
    call: &mut Permitted<Op>,
) -> Option<Box<Decided>> {
    let all = incoming.connection.config.env.departures.explanations == Of::All;
    all.then(|| Box::new(call.take_decided()))
}

/// What there is to explain of a call: that it was denied, or else that it was allowed.
pub(crate) fn entry(
    incoming: &Incoming,
    refusal: Option<&mut Refusal>,
    allowed: Option<Box<Decided>>,
) -> Option<Entry> {
    if let Some(decided) = allowed {
        return Some(Entry { decided, denial: None });
    }
    let Some(Refusal::Forbidden(refused)) = refusal else { return None };
    if incoming.connection.config.env.departures.explanations == Of::None {
        return None;
    }
    let decided = Box::new(refused.denied.take()?);
    Some(Entry { decided, denial: refused.error.message.as_deref().map(ToOwned::to_owned) })
}

/// Keeps a decision and names its address in the answer, which of a denial gets the encoded message
/// too.
pub(crate) fn keep(incoming: &Incoming, entry: Entry, response: &mut Response) {
    let headers = response.headers_mut();
    let sealed = entry.decided.seal().and_then(|message| HeaderValue::try_from(message).ok());
    if let Some(message) = sealed {
        headers.insert(MESSAGE, message);
    }
    if let Ok(address) = HeaderValue::try_from(format!("{FOLDER}{}", incoming.id)) {
        headers.insert(WHY, address);
    }
    let kept = Kept { decision: entry.decided.keep(), denial: entry.denial };
    let (account, size) = (kept.decision.account(), kept.size());
    incoming.connection.explanations.0.keep(incoming.id, account, size, Arc::new(kept));
}

/// The command that prints why the request with this id was denied, for a shell on this machine.
pub(crate) fn command(endpoint: &str, id: RequestId) -> String {
    match endpoint {
        DEFAULT_ENDPOINT => format!("daypass why {id}"),
        _ => format!("daypass why {id} --endpoint {endpoint}"),
    }
}

/// Answers why the request with this id was decided as it was.
pub(crate) async fn answer(reader: Reader, id: &str, incoming: &Incoming) -> Response {
    let Some(entry) = incoming.connection.explanations.0.find(id, reader) else {
        return Reply::message(NOT_KEPT).respond(StatusCode::NOT_FOUND, incoming);
    };
    explain(reader, id.to_owned(), entry, "", incoming).await
}

/// Answers why the latest call was denied that the reader may be told of.
pub(crate) async fn answer_latest(reader: Reader, incoming: &Incoming) -> Response {
    let kept = &incoming.connection.explanations.0;
    let Some((id, entry)) = kept.newest(reader, |_, entry| entry.denial.is_some()) else {
        return Reply::message(NONE_KEPT).respond(StatusCode::NOT_FOUND, incoming);
    };
    let heading = format!("The latest denial, of request {id}:\n\n");
    explain(reader, id.to_string(), entry, &heading, incoming).await
}

/// `heading` begins the text.
async fn explain(
    reader: Reader,
    id: String,
    entry: Arc<Kept>,
    heading: &str,
    incoming: &Incoming,
) -> Response {
    let heading = heading.to_owned();
    let account = entry.decision.account();
    // To find the shortest change may take too long for a thread that answers others.
    let workers = &incoming.connection.workers;
    match workers.run(account, move || entry.reply(&id, reader, &heading)).await {
        Ok(reply) => reply.respond(StatusCode::OK, incoming),
        Err(Busy) => bare(StatusCode::SERVICE_UNAVAILABLE),
    }
}

impl Kept {
    fn size(&self) -> usize {
        size_of::<Self>() + self.decision.size() + self.denial.as_ref().map_or(0, String::len)
    }

    fn reply(&self, id: &str, reader: Reader, heading: &str) -> Reply {
        let explained = self.decision.explain(match reader.is_local() {
            true => Audience::Everyone,
            false => Audience::CallersAccount,
        });
        let json = json!({
            "requestId": id,
            "denial": self.denial,
            "decisions": explained.decisions,
            "notes": explained.notes,
        });
        let text = match &self.denial {
            Some(denial) => format!("{heading}{}\n\n{explained}", printable_line(denial)),
            None => format!("{heading}{explained}"),
        };
        Reply::new(&text, &json)
    }
}

/// Carries the encoded message.
const MESSAGE: HeaderName = HeaderName::from_static("x-daypass-authorization-message");
/// Names the address of an explanation.
const WHY: HeaderName = HeaderName::from_static("x-daypass-why");
const FOLDER: &str = "/_daypass/why/";

const NONE_KEPT: &str = "policies have denied no request of late";
const NOT_KEPT: &str =
    "there is no explanation of this request: it was not denied by policies, or too long ago";
