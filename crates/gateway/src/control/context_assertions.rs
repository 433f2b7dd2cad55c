//! Assertions for `ProvidedContexts` of `AssumeRole`, for whoever sits at this machine: with AWS an
//! application gets them from IAM Identity Center (`CreateTokenWithIAM`), for a user who has signed
//! in to it.
//!
//! Here nobody signs in, and any user may be named. So they are there only where everybody knows the
//! root users' keys anyway.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_sts_core::{AssertedContext, ContextRequest, ContextRequestError, assert_context};
use http::StatusCode;
use serde_json::json;

use crate::control::guard::Operator;
use crate::control::reply;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers with an assertion.
pub(crate) fn answer(_: &Operator, incoming: &Incoming) -> Response {
    match asserted(incoming) {
        Ok(asserted) => reply::json(StatusCode::OK, &shown(&asserted), incoming),
        Err(refusal) => {
            reply::json(refusal.status(), &json!({"message": refusal.to_string()}), incoming)
        }
    }
}

fn asserted(incoming: &Incoming) -> Result<AssertedContext, Refusal> {
    let config = &incoming.connection.config;
    if !config.env.context_assertions() {
        return Err(Refusal::NotOffered);
    }
    let request: ContextRequest = serde_json::from_slice(&incoming.body)?;
    Ok(assert_context(&request, config.account, &config.env)?)
}

fn shown(asserted: &AssertedContext) -> serde_json::Value {
    let says = &asserted.says;
    // INVARIANT: the clock shows only times that can be written.
    let expiration = DateTime::from_secs(says.expires_at).fmt(Format::DateTime).unwrap_or_default();
    json!({
        "providerArn": asserted.provider_arn,
        "contextAssertion": asserted.assertion.expose(),
        "expiration": expiration,
        "kind": says.user.kind,
        "userId": says.user.user_id,
        "identityStoreArn": says.user.identity_store_arn,
        "instanceArn": says.instance_arn,
        "applicationArn": says.application_arn,
        "credentialId": says.credential_id,
    })
}

/// Why no assertion is handed out. Each says what to do.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(
        "context assertions are handed out only while the well-known keys are in force, and not \
         under --strict"
    )]
    NotOffered,
    #[error(
        "say whom it is about in JSON, as in {{\"userId\": \
         \"544894e8-80c1-707f-60e3-3ba6510dfac1\"}}; also kind (identity or audit), \
         identityStoreArn, instanceArn, applicationArn: {0}"
    )]
    NotJson(#[from] serde_json::Error),
    #[error(transparent)]
    Request(#[from] ContextRequestError),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotOffered => StatusCode::FORBIDDEN,
            Self::NotJson(_) | Self::Request(_) => StatusCode::BAD_REQUEST,
        }
    }
}
