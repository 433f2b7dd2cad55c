//! `daypass why`: asks a running server why policies decided a request as they did.

mod question;

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};
use daypass_gateway::DEFAULT_ENDPOINT;

use self::question::Question;
use crate::ask;
use crate::terminal::print;

/// Which request, and where.
#[derive(Debug, Args)]
pub(crate) struct WhyOptions {
    /// The request's id, which every answer has in its header x-amzn-requestid and SDKs print with
    /// the error, or a text that holds it; or the address in the header x-daypass-why, or its URL
    /// [default: the latest denial]
    #[arg(value_name = "REQUEST-ID")]
    request: Option<String>,
    /// The server that denied it
    #[arg(
        long,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL",
        default_value = DEFAULT_ENDPOINT
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
    let Question { endpoint, id } = Question::of(options.request.as_deref(), &options.endpoint)?;
    let accept = match options.format {
        Format::Text => "text/plain",
        Format::Json => "application/json",
    };
    let path = id.as_ref().map_or_else(|| ALL.to_owned(), |id| format!("{ALL}/{id}"));
    let answer = ask::get(&endpoint, &path, accept)?;
    match (answer.status, answer.is_aws()) {
        (200, false) => {
            print(&answer.body)?;
            Ok(ExitCode::SUCCESS)
        }
        (404, false) => match id {
            Some(id) => bail!(
                "{endpoint} has no explanation of {id}: policies did not deny it, or it is too long ago \
                 (the last 256 are kept, and a reset forgets them)"
            ),
            None => {
                bail!("{endpoint} has no denial to explain: policies denied no request of late")
            }
        },
        (403, false) => bail!(
            "{endpoint} explains denials to clients on its own machine, and to the root user of the \
             caller's account, who signs for it:\n  curl --aws-sigv4 aws:amz:us-east-1:sts \
             --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" {endpoint}{path}"
        ),
        _ if ask::is_daypass(&endpoint) => bail!(
            "{endpoint} explains nothing: start it without --strict and without --explain none"
        ),
        _ => bail!("{endpoint} is no daypass: give the right one with --endpoint URL"),
    }
}

/// Where a server keeps its explanations; there alone is the latest denial.
const ALL: &str = "/_daypass/why";

pub(crate) const WHY_HELP: &str = "\
Whoever was denied sees AWS's words: who may not do what on which resource, and the kind of policy that
decided. Here is the rest: every policy that was asked, each statement, what each condition compared
with what, and what would have to change.

  aws iam create-user --user-name carol --debug 2>&1 | grep -i requestid
  daypass why 59d8f8f4-73a9-41d7-9435-c5167dd0d724
  daypass why                                        # the latest denial

The server's log names the command for each denial. The answer to the denied request names the
same in its header x-daypass-why, and carries in x-daypass-authorization-message what
aws sts decode-authorization-message decodes.

A server that is started with --explain all explains what it allows, too.

It tells clients on its own machine. From another one the root user of the caller's account may
ask, with a signature:
  curl --aws-sigv4 aws:amz:us-east-1:sts --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\
    http://HOST:4566/_daypass/why/59d8f8f4-73a9-41d7-9435-c5167dd0d724
What the policies of other accounts say is then left out.

Exit codes: 0 explained; 2 there is no such server, or it has nothing to tell.";
