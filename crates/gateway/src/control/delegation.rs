//! What AWS would send to the notification channel of a delegation request, for whoever sits at this
//! machine: daypass has no topics to publish to.
//!
//! With a request's token comes access to what was asked for. So it is there only where everybody
//! knows the root users' keys anyway.

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};
use serde_json::json;

use crate::control::guard::is_from_another_site;
use crate::endpoints::json;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers who asks for the token of a request; `None` if that is not what is asked.
pub(crate) fn answer(incoming: &Incoming) -> Option<Response> {
    let id = incoming.head.uri.path().strip_prefix(FOLDER)?;
    let (status, body) = match read(incoming, id) {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) => (refusal.status(), json!({"message": refusal.to_string()})),
    };
    let mut response = json(status, format!("{body}\n"), &incoming.head.method);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

fn read(incoming: &Incoming, id: &str) -> Result<serde_json::Value, Refusal> {
    let env = &incoming.connection.config.env;
    if !env.delegation() {
        return Err(Refusal::NotOffered);
    }
    if is_from_another_site(incoming) {
        return Err(Refusal::FromElsewhere);
    }
    let view = env.state.view();
    let record = &view.delegation_request(id).ok_or(Refusal::Unknown)?.record;
    let token = record.trade_in_token.as_ref().ok_or(Refusal::NotSent)?;
    Ok(json!({
        "delegationRequestId": record.id,
        "requestorWorkflowId": record.workflow_id,
        "notificationChannel": record.notification_channel,
        "tradeInToken": token.expose(),
    }))
}

/// Why no token is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error(
        "tokens of delegation requests are returned only while the well-known keys are in force, and not \
         under --strict"
    )]
    NotOffered,
    #[error("tokens of delegation requests are not for a page of another origin")]
    FromElsewhere,
    #[error("there is no delegation request with this id")]
    Unknown,
    #[error("the token of this delegation request has not been sent")]
    NotSent,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::NotOffered | Self::FromElsewhere => StatusCode::FORBIDDEN,
            Self::Unknown | Self::NotSent => StatusCode::NOT_FOUND,
        }
    }
}

const FOLDER: &str = "/_daypass/delegation-requests/";
