//! `daypass assume-role`: asks a running server for a role's credentials as an AWS service does.

use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};

use crate::ask::{self, Endpoint};
use crate::terminal::print;

/// Which service asks for which role, and for what.
#[derive(Debug, Args)]
pub(crate) struct AssumeRoleOptions {
    /// The service that calls: its service principal, such as lambda.amazonaws.com
    #[arg(long, value_name = "NAME")]
    service: String,
    /// The role
    #[arg(long, value_name = "ARN")]
    role_arn: String,
    /// The session's name: Lambda takes the function's, EC2 the instance's id [default: the first part
    /// of the service's name]
    #[arg(long, value_name = "NAME")]
    session_name: Option<String>,
    /// For how long [default: an hour]
    #[arg(long, value_name = "SECONDS")]
    duration_seconds: Option<i32>,
    /// The resource on whose behalf the service calls (aws:SourceArn)
    #[arg(long, value_name = "ARN")]
    source_arn: Option<String>,
    /// The account of that resource (aws:SourceAccount)
    #[arg(long, value_name = "ID")]
    source_account: Option<String>,
    /// The server
    #[arg(
        long,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL",
        default_value = "http://127.0.0.1:4566"
    )]
    endpoint: String,
}

/// Prints the credentials as AWS's tools read them from a `credential_process`.
///
/// # Errors
/// When nobody there hands any out, or not for this role.
pub(crate) fn run(options: &AssumeRoleOptions) -> anyhow::Result<()> {
    let endpoint: Endpoint = options.endpoint.parse()?;
    let answer = ask::post(&endpoint, PATH, &request(options).to_string())?;
    let told: Option<Value> = serde_json::from_str(&answer.body).ok();
    match (answer.status, told) {
        (200, Some(told)) => print(&format!("{told:#}\n")),
        (_, Some(Value::Object(told))) if !answer.is_aws() => {
            let text = |name| told.get(name).and_then(Value::as_str).unwrap_or_default();
            match text("code") {
                "" => bail!("{endpoint} answers: {}", text("message")),
                code => {
                    let (message, id) = (text("message"), text("requestId"));
                    bail!("{endpoint} answers {code}: {message} (request id {id})")
                }
            }
        }
        _ if ask::is_daypass(&endpoint) => {
            bail!("{endpoint} is a daypass of another version, without calls of services")
        }
        _ => bail!("{endpoint} is no daypass: give the right one with --endpoint URL"),
    }
}

fn request(options: &AssumeRoleOptions) -> Value {
    let service = options.service.split('.').next();
    json!({
        "service": options.service,
        "roleArn": options.role_arn,
        "roleSessionName": options.session_name.as_deref().or(service),
        "durationSeconds": options.duration_seconds,
        "sourceArn": options.source_arn,
        "sourceAccount": options.source_account,
    })
}

const PATH: &str = "/_daypass/service-calls";

pub(crate) const ASSUME_ROLE_HELP: &str = r#"Try it: a role for functions of one account alone, while the server runs:
  eval "$(daypass env)"
  aws iam create-role --role-name worker --assume-role-policy-document '{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}}}}'
  daypass assume-role --service lambda.amazonaws.com --source-account 000000000000 \
    --role-arn arn:aws:iam::000000000000:role/worker --session-name resize

A call for another account, or of another service, is denied: the role's trust policy alone decides, by
aws:PrincipalServiceName, aws:SourceArn, aws:SourceAccount and what else the call has. With the request id
that is printed, daypass why explains it.

As a profile, in ~/.aws/config, for a program that is to run with the role as on Lambda (keys in the
environment, such as those of daypass env, come before it):
  [profile worker]
  credential_process = daypass assume-role --service lambda.amazonaws.com --role-arn arn:aws:iam::000000000000:role/worker --source-account 000000000000
  endpoint_url = http://127.0.0.1:4566
  region = us-east-1

Or over HTTP, in any language:
  curl http://127.0.0.1:4566/_daypass/service-calls -d '{"service": "lambda.amazonaws.com",
    "roleArn": "arn:aws:iam::000000000000:role/worker", "roleSessionName": "resize",
    "sourceAccount": "000000000000"}'

A server with --strict or --no-well-known-keys hands nothing out."#;
