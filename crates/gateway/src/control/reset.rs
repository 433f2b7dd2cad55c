//! Puts the whole state back to what it was when daypass started.

use std::fmt;
use std::pin::Pin;

use http::StatusCode;

use crate::control::guard::Operator;
use crate::request::incoming::Incoming;
use crate::request::respond::{Response, json};

/// How the whole state is put back to what it was when daypass started.
pub trait Reset: fmt::Debug + Send + Sync {
    /// Puts it back. When this answers, requests see the state of the start.
    ///
    /// # Errors
    /// When the state could not be put back; the cause is for the log.
    fn reset(&self) -> Pin<Box<dyn Future<Output = Result<(), ResetError>> + Send + '_>>;
}

/// Why the state could not be put back.
pub type ResetError = Box<dyn std::error::Error + Send + Sync>;

/// Resets the state.
pub(super) async fn answer(_: &Operator, incoming: &Incoming) -> Response {
    let (status, body) = reset(incoming).await;
    json(status, body, &incoming.head.method)
}

async fn reset(incoming: &Incoming) -> (StatusCode, &'static str) {
    let Some(hook) = incoming.connection.config.reset.as_deref() else {
        return (StatusCode::NOT_FOUND, NO_RESET);
    };
    match hook.reset().await {
        Ok(()) => {
            // They hold the state of before.
            incoming.connection.explanations.forget();
            tracing::info!("the state is as it was at the start");
            (StatusCode::OK, RESET)
        }
        Err(error) => {
            tracing::error!(request_id = %incoming.id, error = &*error as &dyn std::error::Error, "the reset failed");
            (StatusCode::INTERNAL_SERVER_ERROR, RESET_FAILED)
        }
    }
}

const RESET: &str = "{\"status\": \"ok\"}\n";
const NO_RESET: &str = "{\"message\": \"this daypass offers no reset\"}\n";
const RESET_FAILED: &str = "{\"message\": \"the reset failed; the log says why\"}\n";
