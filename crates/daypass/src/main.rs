//! The `daypass` command.

mod ask;
mod assume_role;
mod banner;
mod cli;
mod config;
mod coverage;
mod doctor;
mod idp;
mod keys;
mod licenses;
mod logging;
mod mfa;
mod open_files;
mod policy;
mod reload;
mod shell;
mod shutdown;
mod terminal;
mod transfer;
mod why;

use std::process::ExitCode;

use anyhow::Context;
use daypass::{Daypass, OidcKeys, Seed, SeedError, StartError};
use daypass_ident::printable;

use crate::cli::{Cli, Command, Doctor, EnvOptions, Options};
use crate::config::Config;
use crate::shell::Scope;
use crate::terminal::print;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let done = match cli.command {
        None => serve(cli.options),
        Some(Command::Serve(options)) => serve(options),
        Some(Command::Env(options)) => env(options),
        Some(Command::Doctor(Doctor::Signature(options))) => {
            return answered(doctor::signature(&options));
        }
        Some(Command::Keys(keys)) => keys::run(keys),
        Some(Command::Idp(options)) => idp::run(&options),
        Some(Command::AssumeRole(options)) => assume_role::run(&options),
        Some(Command::Mfa(mfa)) => mfa::run(&mfa),
        Some(Command::Coverage(options)) => coverage::run(&options),
        Some(Command::Licenses) => licenses::run(),
        Some(Command::Import(options)) => return answered(transfer::import(&options)),
        Some(Command::Export(options)) => return answered(transfer::export(&options)),
        Some(Command::Why(options)) => return answered(why::why(&options)),
        Some(Command::Policy(policy)) => return answered(policy::run(&policy)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// The exit code of a question: 2 if there is no answer.
fn answered(answer: anyhow::Result<ExitCode>) -> ExitCode {
    answer.unwrap_or_else(|error| {
        complain(&error);
        ExitCode::from(2)
    })
}

/// One line for one mistake; the causes stand behind it. Those of a seed are counted first, if there are
/// several, and each has its line.
fn complain(error: &anyhow::Error) {
    let of_seed = match error.downcast_ref() {
        Some(StartError::Seed(error)) => Some(error),
        _ => error.downcast_ref(),
    };
    let head = match of_seed.map(SeedError::len) {
        Some(count @ 2..) => format!("{count} mistakes in the seed\n"),
        _ => String::new(),
    };
    let text = format!("daypass: {head}{}\n", printable(&format!("{error:#}")));
    let _ = terminal::complain(&text);
}

/// The help, the version, or what of the command line cannot be understood.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().ansi().to_string();
    let _ = match error.use_stderr() {
        true => terminal::complain(&text),
        false => terminal::print_styled(&text),
    };
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(1))
}

fn serve(options: Options) -> anyhow::Result<()> {
    let config = Config::load(options)?;
    logging::start(&config.log, config.log_format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(run(config))
}

async fn run(config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::signal().context("signals cannot be awaited")?;
    let mut builder = Daypass::builder()
        .listen(config.listen)
        .account(config.account)
        .strict(config.strict)
        .explain(config.explain.into())
        .well_known_keys(config.well_known_keys)
        .limits(open_files::limits(&config));
    if let Some(url) = &config.public_url {
        builder = builder.public_url(url.clone());
    }
    if let Some(regions) = &config.regions {
        builder = builder.regions(regions.clone());
    }
    builder = builder.service_principals(config.service_principals.clone());
    let seed = config.seed.as_deref().map(Seed::read).transpose()?;
    let loaded = seed.as_ref().map(Seed::contents);
    if let Some(seed) = seed {
        builder = builder.seed(seed);
    }
    if let Some(path) = &config.key_file {
        builder = builder.key_file(path);
    }
    for keys in &config.oidc_keys {
        builder = builder.oidc_keys(OidcKeys::read(&keys.issuer, &keys.file)?);
    }
    if let Some(idp) = &config.idp {
        builder = builder.idp(idp.clone());
    }
    let daypass = builder.start().await?;
    if let Some(loaded) = loaded {
        print(&format!("{loaded}\n"))?;
    }
    if let Some(idp) = daypass.idp() {
        print(&idp::greeting(idp))?;
    }
    greet_and_wait(&daypass, &config, shutdown).await?;
    tracing::info!("shutting down: finishing the requests in flight");
    daypass.shutdown().await;
    Ok(())
}

/// Says that the server is there, and takes rotated keys until it is told to stop.
async fn greet_and_wait(
    daypass: &Daypass,
    config: &Config,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    // Without a key file SIGHUP ends the process, as it does others.
    let reload = config.key_file.as_ref().map(|_| reload::keys_on_hangup(daypass));
    let reload = reload.transpose().context("signals cannot be awaited")?;
    print(&banner::banner(daypass, config))?;
    match reload {
        Some(reload) => tokio::select! {
            () = shutdown => {}
            () = reload => {}
        },
        None => shutdown.await,
    }
    Ok(())
}

/// Prints what a client of a server with these settings needs. A random root key is known to that
/// server alone and not among it.
fn env(options: EnvOptions) -> anyhow::Result<()> {
    let scope = if options.services { Scope::IamAndSts } else { Scope::AllServices };
    let shell = options.shell;
    let config = Config::load(options.into_options())?;
    let keys = config.well_known_keys.then_some(("test", "test"));
    print(&shell::exports(shell, &config.endpoint(), scope, keys))
}
