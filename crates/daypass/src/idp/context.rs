//! `daypass idp context`: asks a running server for what IAM Identity Center would assert of a user.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::options::{ContextOptions, Format, Kind};
use crate::ask::{self, Endpoint};
use crate::terminal::print;

/// Prints an assertion.
///
/// # Errors
/// When nobody there makes any, or not of such a user.
pub(super) fn run(options: &ContextOptions) -> anyhow::Result<()> {
    let endpoint: Endpoint = options.endpoint.parse()?;
    let answer = ask::post(&endpoint, PATH, &request(options).to_string())?;
    let told: Option<Value> = serde_json::from_str(&answer.body).ok();
    match (answer.status, told) {
        (200, Some(told)) => print(&shown(&told, options.format)?),
        (_, Some(Value::Object(told))) if !answer.is_aws() => {
            let message = told.get("message").and_then(Value::as_str).unwrap_or_default();
            bail!("{endpoint} answers: {message}")
        }
        _ if ask::is_daypass(&endpoint) => {
            bail!("{endpoint} is a daypass of another version, without context assertions")
        }
        _ => bail!("{endpoint} is no daypass: give the right one with --endpoint URL"),
    }
}

fn request(options: &ContextOptions) -> Value {
    json!({
        "userId": options.user_id,
        "kind": match options.kind {
            Kind::Identity => "identity",
            Kind::Audit => "audit",
        },
        "identityStoreArn": options.identity_store_arn,
        "instanceArn": options.instance_arn,
        "applicationArn": options.application_arn,
    })
}

fn shown(told: &Value, format: Format) -> anyhow::Result<String> {
    match format {
        Format::Json => Ok(format!("{told:#}\n")),
        Format::Text => {
            let assertion = told.get("contextAssertion").and_then(Value::as_str);
            Ok(format!("{}\n", assertion.context("the answer has no assertion")?))
        }
    }
}

const PATH: &str = "/_daypass/context-assertions";
