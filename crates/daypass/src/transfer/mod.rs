//! `daypass import` and `daypass export`: whole accounts, from AWS and back.

mod export;
mod import;

pub(crate) use export::{EXPORT_HELP, ExportOptions, export};
pub(crate) use import::{IMPORT_HELP, ImportOptions, import};

use anyhow::bail;
use clap::Args;
use daypass_gateway::DEFAULT_ENDPOINT;
use serde_json::Value;

use crate::ask::{self, Answer, Endpoint};

/// Which server.
#[derive(Debug, Args)]
struct Server {
    /// The server
    #[arg(
        long,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL",
        default_value = DEFAULT_ENDPOINT
    )]
    endpoint: String,
}

/// Why a server does not do what it was asked for.
fn refused(endpoint: &Endpoint, answer: &Answer) -> anyhow::Result<std::convert::Infallible> {
    let told: Option<Value> = serde_json::from_str(&answer.body).ok();
    let message = told.as_ref().and_then(|told| told.get("message")).and_then(Value::as_str);
    match (answer.status, message) {
        (413, _) => bail!("{endpoint} takes 10 MB at most: start a server with --seed instead"),
        (403, _) => bail!(
            "{endpoint} obeys clients on its own machine, while it has the well-known keys, and \
             otherwise the root user of its account: set AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY to that user's"
        ),
        (_, Some(message)) if !answer.is_aws() => bail!("{endpoint} answers: {message}"),
        _ if ask::is_daypass(endpoint) => {
            bail!("{endpoint} is a daypass of another version, without import and export")
        }
        _ => bail!("{endpoint} is no daypass: give the right one with --endpoint URL"),
    }
}
