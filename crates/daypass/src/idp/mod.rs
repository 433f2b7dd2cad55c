//! `daypass idp`: an identity provider to try federation with, and what it vouches for.

mod context;
mod options;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use daypass_ident::{SystemClock, SystemIds};
use daypass_idp::{AssertionWish, Claims, Keys, Provider, Server, Settings};
use serde_json::Value;

use crate::config::{Config, parse_address};
use crate::terminal::print;
use crate::{logging, shutdown};

pub(crate) use options::Idp;
use options::{Assertion, Command, Options, Token};

/// Serves, or prints what is asked for.
///
/// # Errors
/// When the provider cannot be as it is configured.
pub(crate) fn run(idp: &Idp) -> anyhow::Result<()> {
    match &idp.command {
        None => serve(settings(&idp.options)?),
        Some(Command::Token(token)) => print_token(&kept(&idp.options)?, token),
        Some(Command::Assertion(assertion)) => print_assertion(&kept(&idp.options)?, assertion),
        Some(Command::Context(options)) => context::run(options),
        Some(Command::Metadata) => print(&(kept(&idp.options)?.metadata() + "\n")),
    }
}

/// What a provider that has started prints.
pub(crate) fn greeting(provider: &Provider) -> String {
    let issuer = provider.issuer();
    format!(
        "identity provider: OpenID Connect at {issuer}, SAML metadata at {issuer}/saml/metadata\n"
    )
}

fn serve(settings: Settings) -> anyhow::Result<()> {
    logging::start(&logging::LogFilter::default(), crate::cli::LogFormat::Text)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    runtime.block_on(async {
        let shutdown = shutdown::signal().context("signals cannot be awaited")?;
        let server = Server::bind(settings, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
        print(&greeting(server.provider()))?;
        server.serve(shutdown).await;
        Ok(())
    })
}

fn print_token(provider: &Provider, token: &Token) -> anyhow::Result<()> {
    let claims: Claims = token.claims.iter().cloned().collect();
    let minted = provider.id_token(&token.user, token.audience.as_deref(), &claims)?;
    print(&format!("{}\n", minted.expose()))
}

fn print_assertion(provider: &Provider, assertion: &Assertion) -> anyhow::Result<()> {
    let mut attributes: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in &assertion.attributes {
        match attributes.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value.clone()),
            None => attributes.push((name.clone(), vec![value.clone()])),
        }
    }
    let wish = AssertionWish {
        acs_url: assertion.acs_url.as_deref(),
        in_response_to: None,
        roles: &assertion.roles,
        attributes: &attributes,
    };
    let response = provider.assertion(&assertion.user, &wish)?;
    print(&format!("{}\n", response.expose()))
}

/// A provider whose key outlives the command: what another key signs, no running provider's verifies.
fn kept(options: &Options) -> anyhow::Result<Provider> {
    let settings = settings(options)?;
    let file = settings.key_file.as_deref().context(NO_KEY_FILE)?;
    if settings.issuer.is_none() && settings.listen.ends_with(":0") {
        bail!("the issuer is not known while it may listen on any port: name a port, or --issuer");
    }
    let endpoint = format!("http://{}", settings.listen);
    let keys = Keys::keep_in(file)?;
    let ids = Arc::new(SystemIds);
    Ok(Provider::new(settings, &endpoint, keys, Arc::new(SystemClock), ids)?)
}

/// The command line before the file before the defaults.
fn settings(options: &Options) -> anyhow::Result<Settings> {
    let of_file = options.config.as_deref().map(idp_of).transpose()?;
    let mut settings = of_file.unwrap_or_default();
    if let Some(listen) = &options.listen {
        settings.listen = parse_address(listen)?.to_string();
    }
    settings.issuer = options.issuer.clone().or(settings.issuer);
    settings.key_file = options.key_file.clone().or(settings.key_file);
    Ok(settings)
}

fn idp_of(path: &Path) -> anyhow::Result<Settings> {
    Config::idp_of(path)?
        .ok_or_else(|| anyhow!("the configuration {} has no table [idp]", path.display()))
}

/// `NAME=VALUE`, the value in JSON or else a text.
fn claim(text: &str) -> Result<(String, Value), &'static str> {
    let (name, value) = name_and_value(text)?;
    let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
    Ok((name, value))
}

/// `NAME=VALUE`.
fn name_and_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE"),
    }
}

const NO_KEY_FILE: &str = "there is no key that a running identity provider has too: name the same \
                           file for both, with --key-file or key_file in [idp]; it is made if it is \
                           not there";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_is_json_or_a_text() {
        for (text, value) in [
            ("a=b", json!("b")),
            ("a=", json!("")),
            ("a=b=c", json!("b=c")),
            ("a=1", json!(1)),
            ("a=\"1\"", json!("1")),
            ("a=[\"b\"]", json!(["b"])),
            ("a=[b", json!("[b")),
        ] {
            assert_eq!(claim(text), Ok(("a".to_owned(), value)), "{text}");
        }
        assert!(claim("a").is_err() && claim("=a").is_err());
    }
}
