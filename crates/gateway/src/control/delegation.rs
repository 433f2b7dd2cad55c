//! What AWS would send to the notification channel of a delegation request, for whoever sits at this
//! machine: daypass has no topics to publish to.
//!
//! With a request's token comes access to what was asked for. So it is there only where everybody
//! knows the root users' keys anyway.

use http::StatusCode;
use serde_json::json;

use crate::control::guard::Operator;
use crate::control::reply;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers with the token of the delegation request with this id.
pub(crate) fn answer(_: &Operator, id: &str, incoming: &Incoming) -> Response {
    match read(incoming, id) {
        Ok(body) => reply::json(StatusCode::OK, &body, incoming),
        Err(refusal) => {
            reply::json(refusal.status(), &json!({"message": refusal.to_string()}), incoming)
        }
    }
}

fn read(incoming: &Incoming, id: &str) -> Result<serde_json::Value, Refusal> {
    let env = &incoming.connection.config.env;
    if !env.delegation() {
        return Err(Refusal::NotOffered);
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
    #[error("there is no delegation request with this id")]
    Unknown,
    #[error("the token of this delegation request has not been sent")]
    NotSent,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::NotOffered => StatusCode::FORBIDDEN,
            Self::Unknown | Self::NotSent => StatusCode::NOT_FOUND,
        }
    }
}
