//! `daypass policy eval`: requests decided by policies, both from a file.

mod file;
mod load;
mod names;
mod policies;
mod principal;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use daypass_ident::printable_line;
use daypass_policy::{Outcome, Report};
use serde::Serialize;

use crate::terminal;
use file::{Expectation, Request};
use load::Loaded;

/// What to decide, and how to say it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Policies and requests, in TOML or JSON; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to write the decisions
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Decide requests whose services, actions or condition keys daypass does not know, too
    #[arg(long)]
    allow_unknown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// For programs: one object
    Json,
}

/// Decides the requests. The exit code is 1 if one of them is not decided as it should be, and 2,
/// with the place shown, if there is something wrong with the file.
///
/// # Errors
/// When the file cannot be read at all, or the answer cannot be printed.
pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let loaded = match Loaded::read(&options.file, options.allow_unknown)? {
        Ok(loaded) => loaded,
        Err(trouble) => {
            terminal::complain(&trouble)?;
            return Ok(ExitCode::from(2));
        }
    };
    let decided: Vec<_> = loaded.requests.iter().map(|request| decide(&loaded, request)).collect();
    match options.format {
        Format::Text => terminal::print_styled(&text(&decided))?,
        Format::Json => {
            let json = serde_json::to_string_pretty(&Json::of(&decided));
            terminal::print(&(json.context("cannot be written as JSON")? + "\n"))?;
        }
    }
    let all = decided.iter().all(Decided::is_as_expected);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A request and what became of it.
struct Decided<'f> {
    request: &'f Request,
    report: Report,
}

fn decide<'f>(loaded: &'f Loaded, request: &'f Request) -> Decided<'f> {
    let context = loaded.context(request);
    let caller = request.principal.as_ref().unwrap_or(&loaded.principal);
    let asked = daypass_policy::Request {
        caller: caller.as_caller(),
        action: &request.action,
        resource: &request.resource,
        context: &context,
    };
    let report = loaded.policies.with(caller, request, |policies| Report::new(&asked, policies));
    Decided { request, report }
}

impl Decided<'_> {
    /// Without an expectation a request should be allowed.
    fn is_as_expected(&self) -> bool {
        match self.request.expect.unwrap_or(Expectation::Allowed) {
            Expectation::Allowed => self.report.decision == Outcome::Allowed,
            Expectation::Denied => self.report.decision != Outcome::Allowed,
            Expectation::ExplicitDeny => self.report.decision == Outcome::ExplicitDeny,
            Expectation::ImplicitDeny => self.report.decision == Outcome::ImplicitDeny,
        }
    }

    fn name(&self) -> String {
        let Request { name, action, resource, .. } = self.request;
        let name = name.clone().unwrap_or_else(|| format!("{action} on {resource}"));
        printable_line(&name).into_owned()
    }
}

/// A line for each request that is as expected, the whole report for one that is not, and for one
/// of which nothing is expected.
fn text(decided: &[Decided<'_>]) -> String {
    let mut out = String::new();
    let mut separate = false;
    for (one, number) in decided.iter().zip(1..) {
        let Decided { request, report } = one;
        let head = format!("{number}. {}", one.name());
        let head = match request.expect {
            None if decided.len() == 1 => None,
            None => Some(head),
            Some(_) if one.is_as_expected() => {
                let _ = writeln!(out, "ok {head}: {}", report.decision.as_str());
                separate = true;
                continue;
            }
            Some(expected) => Some(format!(
                "NOT AS EXPECTED {head}: {} where {} is expected",
                report.decision.as_str(),
                expected.as_str()
            )),
        };
        if separate {
            out.push('\n');
        }
        separate = true;
        if let Some(head) = head {
            let _ = writeln!(out, "{head}\n");
        }
        let _ = write!(out, "{report}");
    }
    let tested = decided.iter().filter(|one| one.request.expect.is_some());
    let (tested, failed): (usize, usize) =
        tested.fold((0, 0), |(all, bad), one| (all + 1, bad + usize::from(!one.is_as_expected())));
    if tested > 0 {
        let _ = writeln!(out, "\n{tested} tested, {failed} not as expected");
    }
    out
}

/// The answer for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'d> {
    as_expected: bool,
    requests: Vec<JsonRequest<'d>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonRequest<'d> {
    name: Option<&'d str>,
    expect: Option<&'static str>,
    as_expected: bool,
    report: &'d Report,
}

impl<'d> Json<'d> {
    fn of(decided: &'d [Decided<'d>]) -> Self {
        let one = |one: &'d Decided<'d>| JsonRequest {
            name: one.request.name.as_deref(),
            expect: one.request.expect.map(Expectation::as_str),
            as_expected: one.is_as_expected(),
            report: &one.report,
        };
        Self {
            as_expected: decided.iter().all(Decided::is_as_expected),
            requests: decided.iter().map(one).collect(),
        }
    }
}

pub(super) const AFTER_HELP: &str = r#"Paste this and change it:

  cat > access.toml <<'EOF'
  principal = "arn:aws:iam::111122223333:user/bob"

  [[identity]]
  name = "own-keys"
  document = '''
  {
    "Version": "2012-10-17",
    "Statement": {
      "Effect": "Allow",
      "Action": "iam:*AccessKey*",
      "Resource": "arn:aws:iam::*:user/${aws:username}",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    }
  }
  '''

  [[requests]]
  name = "bob makes himself a key"
  action = "iam:CreateAccessKey"
  resource = "arn:aws:iam::111122223333:user/bob"
  context = { "aws:MultiFactorAuthPresent" = true }
  expect = "allowed"

  [[requests]]
  name = "bob makes carol a key"
  action = "iam:CreateAccessKey"
  resource = "arn:aws:iam::111122223333:user/carol"
  expect = "implicitDeny"
  EOF
  daypass policy eval access.toml

What the file can hold, all but the requests and a principal optional:
  principal         who asks: the ARN of a user, a role, a session (assumed-role/...), a federated
                    user or root; a service such as lambda.amazonaws.com; the ARN or host of an
                    identity provider; anonymous; or { role = ARN, session = NAME },
                    { federated_user = ARN, user = ARN }
  identity          policies of the user and their groups, or of the role: a list
  boundary          the permissions boundary
  session           the policies that the session was made with: a list
  trust             the trust policy of the role that is asked for
  resource_policy   the policy of any other resource that is asked for
  resource_account  its account, if it is not in its ARN and not the caller's
  service_control, resource_control
                    for each level of the organisation, from its root to the account, a list of
                    policies: [["FullAWSAccess"], ["FullAWSAccess", "no-deletes.json"]]
  context           condition keys: texts, numbers, true or false, lists of texts. Of themselves
                    requests have aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType,
                    aws:ResourceAccount, and users aws:username
  requests          action, resource ("*" if it is not given); optional: name, expect, and
                    principal and context of its own. The policies are those of whoever asks; root
                    has neither identity policies nor a boundary

A policy is the path of a JSON file, relative to this one; the ARN of a policy of AWS's such as
arn:aws:iam::aws:policy/ReadOnlyAccess; or { name, file } or { name, document }, where a document is
JSON in a text, or a table.

A request is expected to be allowed, explicitDeny, implicitDeny, or denied for either; allowed if it
does not say. What is as expected takes one line, what is not is explained in full.

What no service of AWS has is refused, so that a typing mistake does not pass for an implicitDeny: services,
actions, and condition keys that are neither global nor of the service of an action here nor of the one that
they begin with. Keys of identity providers, such as idp.example.com:sub, may have any name.
--allow-unknown is for what is newer than daypass.

Exit codes: 0 all requests are decided as expected; 1 one is not; 2 there is something wrong with the
file, which is shown."#;
