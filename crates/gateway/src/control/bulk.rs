//! Whole accounts at once: what they hold is added from a seed, or read in AWS's form.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use daypass_ident::AccountId;
use http::StatusCode;
use serde_json::json;

use crate::control::guard::Operator;
use crate::control::reply;
use crate::request::incoming::Incoming;
use crate::request::respond::Response;

/// How whole accounts are added to and read.
pub trait Bulk: fmt::Debug + Send + Sync {
    /// Adds what a seed in JSON holds, all of it or nothing. `only`: the account in which alone it may add.
    fn add(&self, seed: Bytes, only: Option<AccountId>) -> BulkFuture<'_>;

    /// What the accounts hold that anything was made in, or one of them, as `GetAccountAuthorizationDetails`
    /// answers it.
    fn details(&self, only: Option<AccountId>) -> BulkFuture<'_>;
}

/// The status of an answer, and its JSON.
pub type BulkFuture<'a> = Pin<Box<dyn Future<Output = (StatusCode, String)> + Send + 'a>>;

/// Adds what a seed holds.
pub(super) async fn add(operator: &Operator, incoming: &Incoming) -> Response {
    let (status, body) = match incoming.connection.config.bulk.as_deref() {
        Some(bulk) => bulk.add(incoming.body.clone(), operator.only_account()).await,
        None => not_offered(),
    };
    reply::json_text(status, &body, incoming)
}

/// Reads the accounts, or that in the path.
pub(super) async fn details(
    operator: &Operator,
    account: Option<&str>,
    incoming: &Incoming,
) -> Response {
    let (status, body) = match (incoming.connection.config.bulk.as_deref(), account) {
        (None, _) => not_offered(),
        (Some(bulk), None) => bulk.details(operator.only_account()).await,
        (Some(bulk), Some(account)) => match account.parse::<AccountId>() {
            Err(_) => (StatusCode::BAD_REQUEST, json!({"message": NO_ACCOUNT}).to_string()),
            Ok(account) if operator.only_account().is_some_and(|only| only != account) => {
                (StatusCode::FORBIDDEN, json!({"message": OTHER_ACCOUNT}).to_string())
            }
            Ok(account) => bulk.details(Some(account)).await,
        },
    };
    reply::json_text(status, &body, incoming)
}

fn not_offered() -> (StatusCode, String) {
    (StatusCode::NOT_FOUND, json!({"message": "this daypass does not offer it"}).to_string())
}

const NO_ACCOUNT: &str = "an account is 12 digits";
const OTHER_ACCOUNT: &str = "a root user reads their own account";
