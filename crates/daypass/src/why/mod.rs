//! `daypass why`: asks a running server why policies decided a request as they did.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::ask::{self, Endpoint};
use crate::terminal::print;

/// Which request, and where.
#[derive(Debug, Args)]
pub(crate) struct WhyOptions {
    /// The request's id, which every answer has in its header x-amzn-requestid and SDKs print with
    /// the error; or the address in the header x-daypass-why
    #[arg(value_name = "REQUEST-ID")]
    request: String,
    /// The server that denied it
    #[arg(
        long,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL",
        default_value = "http://127.0.0.1:4566"
    )]
    endpoint: String,
    /// How to print the explanation
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The form of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs
    Json,
}

/// Prints why a request was decided as it was.
///
/// # Errors
/// When nobody there knows.
pub(crate) fn why(options: &WhyOptions) -> anyhow::Result<ExitCode> {
    let id = options.request.strip_prefix(FOLDER).unwrap_or(&options.request);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        bail!(
            "{id:?} is no request id: it looks like 59d8f8f4-73a9-41d7-9435-c5167dd0d724, and is in \
             the header x-amzn-requestid of the answer"
        );
    }
    let endpoint: Endpoint = options.endpoint.parse()?;
    let accept = match options.format {
        Format::Text => "text/plain",
        Format::Json => "application/json",
    };
    let answer = ask::get(&endpoint, &format!("{FOLDER}{id}"), accept)?;
    match (answer.status, answer.is_aws()) {
        (200, false) => {
            print(&answer.body)?;
            Ok(ExitCode::SUCCESS)
        }
        (404, false) => bail!(
            "{endpoint} has no explanation of {id}: policies did not deny it, or it is too long ago \
             (the last 256 are kept, and a reset forgets them)"
        ),
        (403, false) => bail!(
            "{endpoint} explains denials to clients on its own machine, and to the root user of the \
             caller's account, who signs for it:\n  curl --aws-sigv4 aws:amz:us-east-1:sts \
             --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" {endpoint}{FOLDER}{id}"
        ),
        _ if ask::is_daypass(&endpoint) => bail!(
            "{endpoint} explains nothing: start it without --strict and without --explain none"
        ),
        _ => bail!("{endpoint} is no daypass: give the right one with --endpoint URL"),
    }
}

/// Where a server keeps its explanations.
const FOLDER: &str = "/_daypass/why/";

pub(crate) const WHY_HELP: &str = "\
Whoever was denied sees AWS's words: who may not do what on which resource, and the kind of policy that
decided. Here is the rest: every policy that was asked, each statement, what each condition compared
with what, and what would have to change.

  aws iam create-user --user-name carol --debug 2>&1 | grep -i requestid
  daypass why 59d8f8f4-73a9-41d7-9435-c5167dd0d724

The answer to the denied request names the same in its header x-daypass-why, and carries in
x-daypass-authorization-message what aws sts decode-authorization-message decodes.

A server that is started with --explain all explains what it allows, too.

It tells clients on its own machine. From another one the root user of the caller's account may
ask, with a signature:
  curl --aws-sigv4 aws:amz:us-east-1:sts --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\
    http://HOST:4566/_daypass/why/59d8f8f4-73a9-41d7-9435-c5167dd0d724
What the policies of other accounts say is then left out.

Exit codes: 0 explained; 2 there is no such server, or it has nothing to tell.";
