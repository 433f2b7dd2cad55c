//! Assertions for `ProvidedContexts` of `AssumeRole`, for whoever sits at this machine: with AWS an
//! application gets them from IAM Identity Center (`CreateTokenWithIAM`), for a user who has signed
//! in to it.
//!
//! Here nobody signs in, and any user may be named. So they are there only where everybody knows the
//! root users' keys anyway.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_sts_core::{AssertedContext, ContextRequest, ContextRequestError, assert_context};
use http::header::{ALLOW, CACHE_CONTROL, HeaderValue};
use http::{Method, StatusCode};
use serde_json::json;

use crate::control::guard::is_from_another_site;
use crate::endpoints::json;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// Answers who asks for an assertion; `None` if that is not what is asked.
pub(crate) fn answer(incoming: &Incoming) -> Option<Response> {
    if incoming.head.uri.path() != PATH {
        return None;
    }
    let (status, body) = match asserted(incoming) {
        Ok(asserted) => (StatusCode::OK, reply(&asserted)),
        Err(refusal) => (refusal.status(), json!({"message": refusal.to_string()})),
    };
    let mut response = json(status, format!("{body}\n"), &incoming.head.method);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    Some(response)
}

fn asserted(incoming: &Incoming) -> Result<AssertedContext, Refusal> {
    let env = &incoming.connection.config.env;
    let well_known = env.directory.well_known_keys().filter(|_| env.context_assertions());
    let account = well_known.ok_or(Refusal::NotOffered)?.account;
    if is_from_another_site(incoming) {
        return Err(Refusal::FromElsewhere);
    }
    if incoming.head.method != Method::POST {
        return Err(Refusal::NotPost);
    }
    let request: ContextRequest = serde_json::from_slice(&incoming.body)?;
    Ok(assert_context(&request, account, env)?)
}

fn reply(asserted: &AssertedContext) -> serde_json::Value {
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
    #[error("context assertions are not for a page of another origin")]
    FromElsewhere,
    #[error("ask for a context assertion with POST")]
    NotPost,
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
            Self::NotOffered | Self::FromElsewhere => StatusCode::FORBIDDEN,
            Self::NotPost => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotJson(_) | Self::Request(_) => StatusCode::BAD_REQUEST,
        }
    }
}

const PATH: &str = "/_daypass/context-assertions";
