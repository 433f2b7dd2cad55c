use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use daypass::{AccountId, Import, ImportError};
use daypass_ident::printable;

use super::{Server, refused};
use crate::ask::{self, Endpoint, Signer};
use crate::terminal::{complain, print, progress};

/// What to import, and where to.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// What aws iam get-account-authorization-details printed; - for standard input
    #[arg(value_name = "FILE", required_unless_present = "terraform_plan")]
    files: Vec<PathBuf>,
    /// In their place, what terraform show -json printed of a plan
    #[arg(long, value_name = "PLAN.json", conflicts_with = "files")]
    terraform_plan: Option<PathBuf>,
    /// The account that the plan is for, which it does not name
    #[arg(long, value_name = "ID", default_value = "000000000000", conflicts_with = "files")]
    account: AccountId,
    /// Leave out what has this ARN, and attach no such policy; may be repeated
    #[arg(long, value_name = "ARN", conflicts_with = "terraform_plan")]
    leave_out: Vec<String>,
    /// Write a seed to start servers with, and ask no server
    #[arg(long, value_name = "FILE.json")]
    to_seed: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

/// Builds the accounts in a running server, or writes a seed of them.
///
/// # Errors
/// When there is no such server, or no file can be read or written.
pub(crate) fn import(options: &ImportOptions) -> anyhow::Result<ExitCode> {
    progress("reading");
    let read = match &options.terraform_plan {
        Some(plan) => Import::of_terraform_plan(plan.clone(), options.account),
        None => Import::of_authorization_details(&options.files, &options.leave_out),
    };
    let import = match read {
        Ok(import) => import,
        Err(error) => return does_not_fit(&error),
    };
    for note in import.notes() {
        complain(&printable(&format!("{note}\n")))?;
    }
    let contents = import.contents();
    let done = match &options.to_seed {
        Some(path) => write_seed(&import, path)?,
        None => send(&import, &options.server.endpoint.parse()?)?,
    };
    match done {
        Ok(to) => {
            print(&format!("{to}: {contents}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => does_not_fit(&error),
    }
}

/// One line for each thing that does not fit.
fn does_not_fit(error: &ImportError) -> anyhow::Result<ExitCode> {
    let head = match error.len() {
        1 => String::new(),
        count => format!("{count} things do not fit; nothing is changed\n"),
    };
    complain(&printable(&format!("daypass: {head}{error}\n")))?;
    Ok(ExitCode::FAILURE)
}

/// The name of the file that is written.
fn write_seed(import: &Import, path: &Path) -> anyhow::Result<Result<String, ImportError>> {
    let name = path.display();
    if path.extension().is_none_or(|extension| extension != "json") {
        bail!("{name}: a seed that is written here is JSON, and its name ends in .json");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    if let Err(error) = while_waiting("checking", || runtime.block_on(import.check())) {
        return Ok(Err(error));
    }
    let unwritable = || format!("{name} cannot be written");
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(path).with_context(unwritable)?;
    file.write_all(import.to_seed().as_bytes()).with_context(unwritable)?;
    Ok(Ok(name.to_string()))
}

/// The server that has the accounts then.
fn send(import: &Import, endpoint: &Endpoint) -> anyhow::Result<Result<String, ImportError>> {
    let seed = import.to_compact_seed();
    let signer = Signer::of_environment();
    let answer = while_waiting("sending, and waiting until all of it is there", || {
        ask::post_signed(endpoint, PATH, &seed, &signer)
    })?;
    if answer.status == 200 && !answer.is_aws() {
        return Ok(Ok(endpoint.to_string()));
    }
    let told: Option<serde_json::Value> = serde_json::from_str(&answer.body).ok();
    let mistakes = told.as_ref().and_then(|told| told.get("mistakes"));
    match mistakes.and_then(|mistakes| import.refused(mistakes)) {
        Some(error) => Ok(Err(error)),
        None => match refused(endpoint, &answer)? {},
    }
}

/// Says every few seconds that the work goes on.
fn while_waiting<T>(what: &str, work: impl FnOnce() -> T) -> T {
    progress(what);
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut seconds = 0;
            while waiting.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                seconds += STEP.as_secs();
                progress(&format!("{what}: {seconds} s"));
            }
        });
        let result = work();
        drop(done);
        result
    })
}

const STEP: Duration = Duration::from_secs(3);
const PATH: &str = "/_daypass/seed";

pub(crate) const IMPORT_HELP: &str = "\
Try your account's own policies without your account:
  aws iam get-account-authorization-details > account.json     # with credentials of AWS
  daypass import account.json                                  # into the server that is running
  daypass import account.json --to-seed account-seed.json      # or for servers to start with:
  daypass --seed account-seed.json

Users, groups, roles, instance profiles and customer managed policies come with their ids, paths, dates,
tags, boundaries, policies and all versions; service-linked roles, too. Of AWS's managed policies daypass
has a catalogue. The account is the one in the ARNs: the root user of account 111122223333 has the key
111122223333 with the secret test. Credentials are in no such file: make access keys as you need them.

Files may hold several accounts, or pages one after another, and documents as objects, as text or as AWS's
API answers them. All of it goes in, or nothing: whatever does not fit is listed first, with file, line and
column. A policy of AWS's that is newer than the catalogue does not fit: --leave-out ARN. What trust policies
name need not be there; once it is, it is trusted. What is there already does not give way: a server that is
to begin anew is restarted, or reset with POST /_daypass/reset.

Try a plan of Terraform before you apply it:
  terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json
  daypass import --terraform-plan plan.json --account 111122223333
Users, groups, roles, policies, who has which, instance profiles and identity providers are made as the plan
has them, by the rules of AWS. ARNs that follow from names and paths are known before the plan is applied.
What is not, such as a document with the ARN of a bucket to be made, is left out and told of.

AWS's answer lacks descriptions and longest sessions of roles (they become an hour), tags of policies and
instance profiles, and identity providers.

A server on another machine, or one without the well-known keys, obeys the root user of its account, in that
account alone: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are that user's.

Exit codes: 0 imported; 1 something does not fit, and nothing is changed; 2 there is no such server, or a
file cannot be written.";
