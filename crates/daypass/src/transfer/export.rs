use std::process::ExitCode;

use clap::Args;
use daypass::AccountId;

use super::{Server, refused};
use crate::ask::{self, Endpoint, Signer};
use crate::terminal::print;

/// Which account, and where.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// The account [default: all that hold something]
    #[arg(long, value_name = "ID")]
    account: Option<AccountId>,
    #[command(flatten)]
    server: Server,
}

/// Prints what accounts hold.
///
/// # Errors
/// When the server does not tell.
pub(crate) fn export(options: &ExportOptions) -> anyhow::Result<ExitCode> {
    let endpoint: Endpoint = options.server.endpoint.parse()?;
    let path = match options.account {
        Some(account) => format!("{PATH}/{account}"),
        None => PATH.to_owned(),
    };
    let answer = ask::get_signed(&endpoint, &path, &Signer::of_environment())?;
    if answer.status != 200 || answer.is_aws() {
        match refused(&endpoint, &answer)? {}
    }
    print(&answer.body)?;
    Ok(ExitCode::SUCCESS)
}

const PATH: &str = "/_daypass/authorization-details";

pub(crate) const EXPORT_HELP: &str = "\
It prints what aws iam get-account-authorization-details prints, documents decoded: users, groups, roles,
instance profiles and customer managed policies with all versions, and those of AWS's own policies that
are in use. Several accounts are a list of such objects. Credentials are never among it, and neither is
what AWS's answer does not have: descriptions and longest sessions of roles, tags of policies and
instance profiles, and identity providers.

  daypass export > account.json                      # and back: daypass import account.json
  daypass export --account 111122223333 | jq '.RoleDetailList[].Arn'

A server on another machine, or one without the well-known keys, tells the root user of its account, of that
account alone: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are that user's.

Exit codes: 0 printed; 2 there is no such server, or it does not tell.";
