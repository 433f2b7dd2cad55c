//! The command line: what `daypass --help` teaches.

use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{BoolishValueParser, Resettable};
use clap::{
    Arg, Args, Command as ClapCommand, CommandFactory, FromArgMatches, Parser, Subcommand,
    ValueEnum,
};
use daypass::{AccountId, Explanations, PublicUrl, Secret};

use crate::assume_role::{ASSUME_ROLE_HELP, AssumeRoleOptions};
use crate::coverage::{COVERAGE_HELP, CoverageOptions};
use crate::idp::Idp;
use crate::keys::Keys;
use crate::licenses::LICENSES_HELP;
use crate::logging::LogFilter;
use crate::mfa::Mfa;
use crate::policy::Policy;
use crate::transfer::{EXPORT_HELP, ExportOptions, IMPORT_HELP, ImportOptions};
use crate::why::{WHY_HELP, WhyOptions};

/// AWS STS and IAM on your own machine: real signatures, real policy decisions, real temporary
/// credentials.
#[derive(Debug, Parser)]
#[command(
    name = "daypass",
    version = env!("DAYPASS_VERSION"),
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) options: Options,
}

impl Cli {
    /// Reads the command line and the environment.
    ///
    /// An empty variable is as one that is not set. With a subcommand the variables of the server are not
    /// read but by the subcommands that have them: clap would hand them on to arguments of the same names.
    ///
    /// # Errors
    /// The help, the version, or what cannot be understood.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let mut command = without_variables(Self::command(), OsStr::is_empty);
        let first = std::env::args_os().nth(1);
        if first.is_some_and(|name| command.find_subcommand(name).is_some()) {
            command = command.mut_args(|arg| without_variable(arg, |_| true));
        }
        let mut matches = command.clone().try_get_matches()?;
        Self::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// Leaves out of a command and its subcommands the variables whose values are so.
fn without_variables(command: ClapCommand, is_left_out: fn(&OsStr) -> bool) -> ClapCommand {
    command
        .mut_args(|arg| without_variable(arg, is_left_out))
        .mut_subcommands(|command| without_variables(command, is_left_out))
}

fn without_variable(arg: Arg, is_left_out: fn(&OsStr) -> bool) -> Arg {
    let value = arg.get_env().and_then(std::env::var_os);
    if value.is_some_and(|value| is_left_out(&value)) { arg.env(Resettable::Reset) } else { arg }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server (what `daypass` alone does).
    #[command(after_help = AFTER_HELP)]
    Serve(Options),
    /// Print the environment for a shell, to be evaluated: eval "$(daypass env)"
    Env(EnvOptions),
    /// Find out what is wrong, offline
    #[command(subcommand, arg_required_else_help = true)]
    Doctor(Doctor),
    /// Say why a running server's policies denied a request
    #[command(after_help = WHY_HELP)]
    Why(WhyOptions),
    /// Check policies, offline
    #[command(subcommand, arg_required_else_help = true)]
    Policy(Policy),
    /// Build accounts of AWS, or a Terraform plan, in a running server, or write a seed of them
    #[command(after_help = IMPORT_HELP)]
    Import(ImportOptions),
    /// Print a running server's accounts in the form of AWS
    #[command(after_help = EXPORT_HELP)]
    Export(ExportOptions),
    /// Rotate and list the keys that seal session tokens and sign web identities
    #[command(subcommand, arg_required_else_help = true)]
    Keys(Keys),
    /// Run an identity provider to try federation with, or print what it vouches for
    Idp(Idp),
    /// Get a role's credentials from a running server as an AWS service does
    #[command(after_help = ASSUME_ROLE_HELP)]
    AssumeRole(AssumeRoleOptions),
    /// Print what an MFA device shows
    #[command(subcommand, arg_required_else_help = true)]
    Mfa(Mfa),
    /// List the operations of IAM and STS
    #[command(after_help = COVERAGE_HELP)]
    Coverage(CoverageOptions),
    /// Print which packages of others are built in, with the texts of their licences
    #[command(after_help = LICENSES_HELP)]
    Licenses,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Doctor {
    /// Say why the signature of a request does not match
    #[command(after_help = SIGNATURE_HELP)]
    Signature(SignatureOptions),
}

/// A request, and what its server would know.
#[derive(Debug, Args)]
pub(crate) struct SignatureOptions {
    /// The request as it was sent: raw HTTP (request line, headers, empty line, body), or what
    /// curl -v printed; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) request: PathBuf,
    /// The body, where the file does not hold it: a text, or @FILE
    #[arg(long, value_name = "TEXT")]
    pub(crate) body: Option<String>,
    /// The right secret access key. Better in the environment or a file: others see command lines
    #[arg(
        long, value_name = "SECRET", env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true,
        value_parser = secret
    )]
    pub(crate) secret: Option<Secret<String>>,
    /// A file that holds the right secret access key
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// A secret access key that may have been used in place of the right one; may be repeated
    #[arg(long, value_name = "ID:SECRET", value_parser = secret)]
    pub(crate) other_secret: Vec<Secret<String>>,
    /// The session token of the credentials, if the request may lack it
    #[arg(long, value_name = "TOKEN", value_parser = secret)]
    pub(crate) session_token: Option<Secret<String>>,
    /// The access key that should have signed [default: the one that the request names]
    #[arg(long, value_name = "ID")]
    pub(crate) access_key_id: Option<String>,
    /// The service that the request is for [default: the one that it is signed for]
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Option<String>,
    /// The region that the request is for [default: the one that it is signed for]
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
    /// When it was received, such as 2027-01-15T08:00:00Z [default: the date of the answer in a
    /// curl trace; without one the request counts as fresh]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// How to print the environment, and which settings of the server it depends on.
#[derive(Debug, Args)]
pub(crate) struct EnvOptions {
    /// The shell to write for
    #[arg(long, value_enum, default_value_t = Shell::Sh)]
    pub(crate) shell: Shell,
    /// Send only IAM and STS to the server: other services keep their endpoints
    #[arg(long)]
    pub(crate) services: bool,
    /// Where the server listens [default: 127.0.0.1:4566]
    #[arg(long, value_name = "ADDRESS", env = "DAYPASS_LISTEN")]
    listen: Option<String>,
    /// Where others reach it, if that is somewhere else
    #[arg(long, value_name = "URL", env = "DAYPASS_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// The server has no well-known keys: print no keys, and leave those that are set
    #[arg(
        long, env = "DAYPASS_NO_WELL_KNOWN_KEYS", value_name = "BOOL", num_args = 0..=1,
        require_equals = true, default_missing_value = "true", value_parser = BoolishValueParser::new()
    )]
    no_well_known_keys: Option<bool>,
    /// The server's file of settings
    #[arg(long, value_name = "FILE", env = "DAYPASS_CONFIG")]
    config: Option<PathBuf>,
}

impl EnvOptions {
    /// As settings of the server.
    pub(crate) fn into_options(self) -> Options {
        let Self { listen, public_url, no_well_known_keys, config, .. } = self;
        Options { listen, public_url, no_well_known_keys, config, ..Options::default() }
    }
}

pub(crate) fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.to_owned()))
}

/// What can be said on the command line and in the environment; the command line comes first.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Options {
    /// Where to listen: ADDRESS:PORT, or a port on 127.0.0.1; port 0 takes a free one
    /// [default: 127.0.0.1:4566]
    #[arg(long, value_name = "ADDRESS", env = "DAYPASS_LISTEN")]
    pub(crate) listen: Option<String>,
    /// Where others reach daypass, behind a proxy or in a container: https://HOST[:PORT] without a path.
    /// The issuer of web identities begins with it [default: the address that daypass listens on]
    #[arg(long, value_name = "URL", env = "DAYPASS_PUBLIC_URL")]
    pub(crate) public_url: Option<PublicUrl>,
    /// The account of the root credentials [default: 000000000000]
    #[arg(long, value_name = "ID", env = "DAYPASS_ACCOUNT")]
    pub(crate) account: Option<AccountId>,
    /// Do in everything as AWS does: no departures for the convenience of local use
    #[arg(
        long, env = "DAYPASS_STRICT", value_name = "BOOL", num_args = 0..=1, require_equals = true,
        default_missing_value = "true", value_parser = BoolishValueParser::new()
    )]
    pub(crate) strict: Option<bool>,
    /// Of which calls to keep how policies decided them, for daypass why; a strict server keeps
    /// nothing [default: denied]
    #[arg(long, value_enum, value_name = "CALLS", env = "DAYPASS_EXPLAIN")]
    pub(crate) explain: Option<Explain>,
    /// No well-known keys (test/test): make a random root key and print it once. Needed to listen
    /// beyond this machine
    #[arg(
        long, env = "DAYPASS_NO_WELL_KNOWN_KEYS", value_name = "BOOL", num_args = 0..=1,
        require_equals = true, default_missing_value = "true", value_parser = BoolishValueParser::new()
    )]
    pub(crate) no_well_known_keys: Option<bool>,
    /// The regions that credentials may be scoped to, with commas between them
    /// [default: all of AWS's public ones]
    #[arg(long, value_name = "REGION,…", env = "DAYPASS_REGIONS", value_delimiter = ',')]
    pub(crate) regions: Option<Vec<String>>,
    /// Names that trust policies may give to services beside those of AWS's, with commas between them
    /// [default: none]
    #[arg(long, value_name = "NAME,…", env = "DAYPASS_SERVICE_PRINCIPALS", value_delimiter = ',')]
    pub(crate) service_principals: Option<Vec<String>>,
    /// Accounts, users, groups, roles, policies and keys to begin with (.toml or .json)
    #[arg(long, value_name = "FILE", env = "DAYPASS_SEED")]
    pub(crate) seed: Option<PathBuf>,
    /// A file that keeps the keys which seal session tokens and sign web identities; made if it is not
    /// there. SIGHUP reads it anew, after daypass keys rotate [default: none, the keys end with the
    /// process]
    #[arg(long, value_name = "FILE", env = "DAYPASS_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Connections at one time. For one more, a silent one is closed, first those that never asked.
    /// One address has a quarter of them [default: 4096, or as many as the limit of open files allows]
    #[arg(long, value_name = "N", env = "DAYPASS_MAX_CONNECTIONS")]
    pub(crate) max_connections: Option<NonZeroUsize>,
    /// What the bodies of all unanswered requests may hold, in MiB; beyond it requests are answered
    /// ServiceUnavailable (503) and SDKs try again [default: 256]
    #[arg(long, value_name = "MIB", env = "DAYPASS_MAX_BODY_MEMORY")]
    pub(crate) max_body_memory: Option<NonZeroUsize>,
    /// A file with these settings: listen, public_url, account, strict, explain, well_known_keys, regions,
    /// service_principals, seed, key_file, max_connections, max_body_memory, log, log_format, and the tables oidc_keys and idp
    #[arg(long, value_name = "FILE", env = "DAYPASS_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// What to log: a level (error, warn, info, debug, trace, off), and TARGET=LEVEL for parts, such as
    /// "info,daypass::audit=debug" for an event of each call, or "info,daypass::refused=off" for no line
    /// about refused requests [default: info]
    #[arg(long, value_name = "FILTER", env = "DAYPASS_LOG")]
    pub(crate) log: Option<LogFilter>,
    /// How to write the log [default: text]
    #[arg(long, value_enum, value_name = "FORMAT", env = "DAYPASS_LOG_FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

/// The form of a line of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For reading.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Which calls are explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Explain {
    /// None
    None,
    /// Those that policies denied
    #[default]
    Denied,
    /// Those that they allowed too
    All,
}

impl From<Explain> for Explanations {
    fn from(explain: Explain) -> Self {
        match explain {
            Explain::None => Self::None,
            Explain::Denied => Self::Denied,
            Explain::All => Self::All,
        }
    }
}

/// Shells by their way of setting a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// sh, bash, zsh, dash, ksh
    #[value(alias = "bash", alias = "zsh")]
    Sh,
    /// fish
    Fish,
    /// PowerShell
    #[value(alias = "pwsh")]
    Powershell,
    /// A file of NAME=VALUE lines, as docker's --env-file reads; a file unsets nothing
    Dotenv,
}

const AFTER_HELP: &str = "\
Try it, in a second shell:
  eval \"$(daypass env)\"
  aws sts get-caller-identity
  aws iam create-user --user-name alice

Without configuration daypass listens on loopback only, and the access key \"test\" with the secret
\"test\" is the root user of account 000000000000; a 12-digit access key id with the secret \"test\" is
the root user of that account. Their signatures are verified like all others. With
--no-well-known-keys there is nothing of the kind: the root key is random and printed once.

Settings are taken from the command line, then the environment, then the --config file.";

const SIGNATURE_HELP: &str = "\
It computes the signature with the secret, and if that is not the client's, tries the mistakes that
clients make (a host without its port, an unsorted query, a line break after the secret, ...), one
and in pairs. Where one explains the signature, that is proof: it is named, and what AWS computes and
what the client computed are shown side by side. No secret and no session token is printed.

  curl -v ... 2> trace.txt
  daypass doctor signature --request trace.txt --body 'Action=GetCallerIdentity&Version=2011-06-15'

Exit codes: 0 the signature is right; 1 it is not; 2 there is no request, or no secret to look with.

A running daypass does the same by itself: the answer to a signature that does not match names an
address in its header x-daypass-diagnosis.";
