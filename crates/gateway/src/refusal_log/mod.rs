//! One line of the log for each refused request: what was asked, by whom, why it was refused, and what to do.
//!
//! A line holds what clients and identity providers write, so it is escaped and has a greatest length; it holds no
//! secret. Requests that are answered cost nothing here.

mod hint;
mod volume;

use daypass_ident::{RequestId, printable_line};
use daypass_sigv4::{AuthError, Presented, Request};
use http::Method;

pub(crate) use self::volume::RefusalLog;

use crate::other_services::OtherService;
use crate::request::incoming::{Incoming, QueryRequest};
use crate::request::refusal::Refusal;
use crate::shared::Shared;
use crate::trail::{SignIn, Trail};

/// A refused request, as the log tells it.
#[derive(Debug)]
pub(crate) struct RefusedRequest {
    /// What was asked, by whom, and why it was refused. Requests that agree in it are alike.
    what: String,
    /// What to do about it.
    hint: Option<String>,
}

impl RefusedRequest {
    /// Describes a refused request. `action` is the operation where the request itself does not name it;
    /// `is_explained`: `daypass why` has something to tell.
    ///
    /// `None` where the log does not take it, and for a request that is sent elsewhere to read.
    pub(crate) fn of(
        incoming: &Incoming,
        action: Option<&str>,
        trail: &Trail,
        refusal: &Refusal,
        is_explained: bool,
    ) -> Option<Self> {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return None;
        }
        if matches!(refusal, Refusal::Elsewhere(_)) && incoming.head.method != Method::POST {
            return None;
        }
        let key = claimed_key(incoming);
        let who = match (trail.caller(), &key) {
            (Some(caller), _) => shortened(&caller.principal().shown(), LONGEST_NAME),
            (None, Some(key)) => format!("access key {}", shortened(key, LONGEST_NAME)),
            (None, None) => unsigned(incoming),
        };
        let operation = operation(incoming, action, trail, refusal);
        let reason = shortened(&reason(refusal, trail, &operation), LONGEST_REASON);
        let what = format!("{operation} by {who}: {reason}");
        Some(Self { what, hint: hint::of(incoming, refusal, key.as_deref(), is_explained) })
    }

    /// Writes the line of a request that is refused before it is read whole.
    pub(crate) fn log_unread(incoming: &Incoming, refusal: &Refusal) {
        let trail = Trail::begin(incoming);
        if let Some(line) = Self::of(incoming, None, &trail, refusal, false) {
            line.log(&incoming.connection, incoming.id);
        }
    }

    /// Writes the line of a request to AWS's sign-in host.
    pub(crate) fn log_sign_in(incoming: &Incoming, step: SignIn, reason: &str) {
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return;
        }
        let (who, reason) = (unsigned(incoming), shortened(reason, LONGEST_REASON));
        let what = format!("signin:{} by {who}: {reason}", step.name());
        Self { what, hint: None }.log(&incoming.connection, incoming.id);
    }

    /// Adds what the doctor finds wrong with the signature, and where it tells more.
    pub(crate) fn diagnosed(self, summary: &str, shared: &Shared, id: RequestId) -> Self {
        let summary = shortened(summary, LONGEST_REASON);
        Self { hint: Some(hint::of_diagnosis(&summary, &shared.config.endpoint, id)), ..self }
    }

    /// Writes the line, if its like has not been written in this moment and the log has room for it.
    pub(crate) fn log(self, shared: &Shared, id: RequestId) {
        volume::write(shared, id, self);
    }
}

fn unsigned(incoming: &Incoming) -> String {
    format!("an unsigned request from {}", incoming.connection.peer.ip().to_canonical())
}

/// As `iam:GetUser`. A request that names no operation is told by its method and path.
fn operation(
    incoming: &Incoming,
    action: Option<&str>,
    trail: &Trail,
    refusal: &Refusal,
) -> String {
    let query = QueryRequest::read(incoming);
    let named = query.as_ref().map(QueryRequest::action).unwrap_or_default();
    let action = match (action.unwrap_or(named), refusal) {
        ("", Refusal::OtherService(_)) => OtherService::operation(incoming),
        (action, _) => Some(action).filter(|action| !action.is_empty()),
    };
    let service = match refusal {
        Refusal::OtherService(service) => service.name(),
        _ => trail.service().signing_name(),
    };
    match action {
        Some(action) => format!("{service}:{}", shortened(action, LONGEST_NAME)),
        None => {
            let path = shortened(incoming.head.uri.path(), LONGEST_NAME);
            format!("{} {path}", incoming.head.method)
        }
    }
}

/// The error as the client is told it, without what the line has said before.
fn reason(refusal: &Refusal, trail: &Trail, operation: &str) -> String {
    let Some(fault) = refusal.fault() else {
        return match refusal {
            Refusal::Bare(status) => format!("{status}"),
            Refusal::Elsewhere(_) => {
                "the request names no Action; AWS redirects it to its website".to_owned()
            }
            _ => "404 Not Found: IAM and STS have the path / alone".to_owned(),
        };
    };
    let code = fault.code;
    if let Refusal::Unauthenticated(error) = refusal
        && tells_more(error)
    {
        return format!("{code}: {error}");
    }
    let Some(message) = &fault.message else { return code.to_owned() };
    let cause = refusal.service_error().and_then(|error| error.cause.as_deref());
    let denied = trail.caller().and_then(|caller| {
        let sentence =
            format!("User: {} is not authorized to perform: ", caller.principal().shown());
        let denied = message.strip_prefix(&*sentence)?;
        // An operation may need other actions than its own.
        let rest = denied.strip_prefix(operation).and_then(|rest| rest.strip_prefix(' '));
        Some(rest.unwrap_or(denied))
    });
    let message = without_values(denied.unwrap_or(message));
    let message = message.trim_end_matches('.');
    match cause {
        Some(cause) => format!("{code}: {message} ({cause})"),
        None => format!("{code}: {message}"),
    }
}

/// Whether the text for logs says what AWS's one text for many mistakes does not.
fn tells_more(error: &AuthError) -> bool {
    let is_of_key = matches!(error.code(), "InvalidClientTokenId" | "ExpiredToken");
    is_of_key || matches!(error, AuthError::Mismatch | AuthError::MismatchInFull(_))
}

/// A text about parameters without their values (`Value 'x' at 'name' failed …`): a one-time code may be among
/// them.
fn without_values(message: &str) -> String {
    let (mut rest, mut without) = (message, String::with_capacity(message.len()));
    while let Some((before, value)) = rest.split_once("Value '") {
        let Some((_, after)) = value.split_once("' at '") else { break };
        without.push_str(before);
        without.push_str("Value at '");
        rest = after;
    }
    without + rest
}

/// The access key that a request says it is signed with, which proves nothing.
fn claimed_key(incoming: &Incoming) -> Option<String> {
    let request = Request::from_parts(&incoming.head).sigv4a(true);
    let presented = Presented::parse(&request).ok()?;
    Some(presented.credential().access_key_id.to_owned())
}

/// A text to stand within a line: escaped, and cut where it is too long.
fn shortened(text: &str, longest: usize) -> String {
    let end = text.char_indices().nth(longest).map(|(end, _)| end);
    let kept = end.and_then(|end| text.get(..end));
    match kept {
        Some(kept) => format!("{}…", printable_line(kept)),
        None => printable_line(text).into_owned(),
    }
}

/// What the lines are written under.
const TARGET: &str = "daypass::refused";

/// In characters: longer than the names of operations and key ids, and than most ARNs.
const LONGEST_NAME: usize = 160;
/// In characters.
const LONGEST_REASON: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_parameters_are_left_out() {
        let failed =
            "failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*";
        for (message, expected) in [
            ("no value", "no value".to_owned()),
            (
                &format!(
                    "2 validation errors detected: Value '123 456' at 'tokenCode' {failed}; Value 'a' at 'b' {failed}"
                ),
                format!(
                    "2 validation errors detected: Value at 'tokenCode' {failed}; Value at 'b' {failed}"
                ),
            ),
            ("Value 'open", "Value 'open".to_owned()),
        ] {
            assert_eq!(without_values(message), expected);
        }
    }

    #[test]
    fn texts_are_escaped_and_cut() {
        for (text, expected) in [
            ("abc", "abc"),
            ("abcd", "abc…"),
            ("äöüß", "äöü…"),
            ("a\nb", "a\\nb"),
            ("\u{1b}[2J", "\\u001b[2…"),
            ("", ""),
        ] {
            assert_eq!(shortened(text, 3), expected, "{text:?}");
        }
    }
}
