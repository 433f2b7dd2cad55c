//! What `/_daypass/seed` and `/_daypass/authorization-details` do: whole accounts at once.

use std::sync::Arc;

use bytes::Bytes;
use daypass_gateway::{Bulk, BulkFuture};
use daypass_ident::AccountId;
use http::StatusCode;
use serde_json::json;
use tokio::sync::Mutex;

use crate::deployment::{AddError, Deployment, DeploymentError};
use crate::export;
use crate::seed::Seed;
use crate::seed::tree::Node;

/// Adds to a deployment's accounts and reads them, one request after the other, on a thread of its own.
#[derive(Debug)]
pub(crate) struct AddAndRead {
    deployment: Arc<Deployment>,
    turn: Arc<Mutex<()>>,
}

impl AddAndRead {
    pub(crate) fn new(deployment: Arc<Deployment>) -> Self {
        Self { deployment, turn: Arc::default() }
    }

    /// Does what may take seconds where it holds nobody up. What has begun is done even if its client goes.
    fn run<F: Future<Output = (StatusCode, String)> + Send>(
        &self,
        work: impl FnOnce(Arc<Deployment>) -> F + Send + 'static,
    ) -> BulkFuture<'_> {
        let (deployment, turn) = (Arc::clone(&self.deployment), Arc::clone(&self.turn));
        Box::pin(async move {
            let turn = turn.lock_owned().await;
            let runtime = tokio::runtime::Handle::current();
            let done = tokio::task::spawn_blocking(move || {
                let done = runtime.block_on(work(deployment));
                drop(turn);
                done
            });
            done.await.unwrap_or_else(|error| failed(&error))
        })
    }
}

impl Bulk for AddAndRead {
    fn add(&self, seed: Bytes, only: Option<AccountId>) -> BulkFuture<'_> {
        self.run(move |deployment| async move { add(&deployment, &seed, only).await })
    }

    fn details(&self, only: Option<AccountId>) -> BulkFuture<'_> {
        self.run(move |deployment| async move { details(&deployment, only) })
    }
}

async fn add(
    deployment: &Deployment,
    seed: &[u8],
    only: Option<AccountId>,
) -> (StatusCode, String) {
    let refused =
        |message: &str| (StatusCode::BAD_REQUEST, json!({"message": message}).to_string());
    let Ok(text) = std::str::from_utf8(seed) else {
        return refused("a seed is JSON in UTF-8");
    };
    let added = match Seed::received(text) {
        Ok(seed) => {
            if only.is_some_and(|only| seed.accounts().any(|account| account != only)) {
                let message = "a root user adds to their own account";
                return (StatusCode::FORBIDDEN, json!({"message": message}).to_string());
            }
            deployment.add(&seed).await.map(|()| seed.contents())
        }
        Err(error) => Err(AddError::Deployment(DeploymentError::Seed(error))),
    };
    match added {
        Ok(contents) => {
            tracing::info!("added from {contents}");
            (StatusCode::OK, json!({"added": contents}).to_string())
        }
        Err(AddError::Deployment(DeploymentError::Seed(error))) => {
            let body = json!({"message": error.to_string(), "mistakes": error.to_json()});
            (StatusCode::BAD_REQUEST, body.to_string())
        }
        Err(error @ AddError::Busy) => {
            (StatusCode::CONFLICT, json!({"message": error.to_string()}).to_string())
        }
        Err(error @ AddError::Deployment(_)) => failed(&error),
    }
}

/// One account as an object, several as a list of them. Those that hold nothing are told of if it is one
/// that is asked for.
fn details(deployment: &Deployment, only: Option<AccountId>) -> (StatusCode, String) {
    let view = deployment.env.state.view();
    let mut accounts: Vec<_> = match only {
        Some(account) => vec![account],
        None => view.accounts().collect(),
    };
    accounts.sort_unstable();
    let mut all = Vec::new();
    for account in accounts {
        match export::details(&deployment.env, &view, account) {
            Ok(details) if only.is_none() && export::is_empty(&details) => {}
            Ok(details) => all.push(details),
            Err(error) => return failed(&error),
        }
    }
    let node = match all.len() {
        1 => all.pop().unwrap_or(Node::List(Vec::new())),
        _ => Node::List(all),
    };
    (StatusCode::OK, format!("{node:#}"))
}

fn failed(error: &(dyn std::error::Error + 'static)) -> (StatusCode, String) {
    tracing::error!(error, "whole accounts could not be added or read");
    let message = "it failed; the log says why";
    (StatusCode::INTERNAL_SERVER_ERROR, json!({"message": message}).to_string())
}
