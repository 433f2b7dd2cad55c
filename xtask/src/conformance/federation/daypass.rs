//! A daypass that is talked to as SDKs do: forms over HTTP, signed or, where somebody has no
//! credentials yet, not.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use super::trial::{ACCOUNT, ISSUER};
use crate::conformance::generate::{Algorithm, Form, Unsigned};
use crate::conformance::request::wall;
use crate::conformance::rust_signer::{self, RESERVED};
use crate::conformance::{Folders, http};
use crate::server::{self, Server};

/// A running server whose service clock stands still.
#[derive(Debug)]
pub(crate) struct Daypass {
    server: Server,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Answer(http::Answer);

/// The credentials of a request: key id, secret and session token.
type Keys<'a> = (&'a str, &'a str, Option<&'a str>);

impl Daypass {
    /// Starts one, if there are keys with these for the issuer of tokens.
    pub(crate) fn start(folders: &Folders, work: &Path, keys: Option<&str>) -> Result<Self> {
        fs::create_dir_all(work)?;
        let config = work.join("daypass.toml");
        let mut text = format!("account = {ACCOUNT:?}\n");
        if let Some(keys) = keys {
            fs::write(work.join("keys.json"), keys)?;
            text += &format!("[[oidc_keys]]\nissuer = {ISSUER:?}\nfile = \"keys.json\"\n");
        }
        fs::write(&config, text)?;
        let mut command = Command::new(server::binary(&folders.target, "debug"));
        command.env_clear().args(["--listen", "127.0.0.1:0", "--config"]).arg(config);
        let server = Server::start(&mut command, &work.join("daypass.log"))?;
        let daypass = Self { server };
        daypass.clock("freeze")?;
        Ok(daypass)
    }

    /// Sets the service clock.
    pub(crate) fn set_clock(&self, time: &str) -> Result<()> {
        self.clock(&format!("set?to={time}"))
    }

    /// Moves the service clock on by some seconds.
    pub(crate) fn advance_clock(&self, seconds: u32) -> Result<()> {
        self.clock(&format!("advance?seconds={seconds}"))
    }

    /// A request to IAM by the root user, which must succeed.
    pub(crate) fn iam(&self, action: &str, parameters: &[(&str, &str)]) -> Result<()> {
        let body = form(action, "2010-05-08", parameters);
        let answer = self.send_signed("iam", ("test", "test", None), body)?;
        ensure!(answer.is_accepted(), "{action}: {}", answer.error());
        Ok(())
    }

    /// An unsigned request to STS.
    pub(crate) fn sts(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Answer> {
        self.post("/", &self.headers(), &form(action, "2011-06-15", parameters))
    }

    /// `GetCallerIdentity` with the credentials in an answer.
    pub(crate) fn identity(&self, given: &Answer) -> Result<Answer> {
        let text = |name: &str| given.text(name).with_context(|| format!("no {name}"));
        let keys = (text("AccessKeyId")?, text("SecretAccessKey")?, Some(text("SessionToken")?));
        self.send_signed("sts", keys, form("GetCallerIdentity", "2011-06-15", &[]))
    }

    fn clock(&self, change: &str) -> Result<()> {
        let answer = self.post(&format!("/_daypass/clock/{change}"), &self.headers(), "")?;
        ensure!(answer.is_accepted(), "the clock: {}", answer.0.body);
        Ok(())
    }

    fn headers(&self) -> Vec<(String, String)> {
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        [("Host", self.server.address()), ("Content-Type", content_type)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn send_signed(&self, service: &'static str, keys: Keys<'_>, body: String) -> Result<Answer> {
        let (akid, secret, token) = keys;
        let unsigned = Unsigned {
            algorithm: Algorithm::V4,
            form: Form::Header,
            method: "POST",
            path: "/".to_owned(),
            query: Vec::new(),
            headers: self.headers(),
            body_b64: STANDARD.encode(&body),
            akid: akid.to_owned(),
            secret: secret.to_owned(),
            token: token.map(str::to_owned),
            region: "us-east-1",
            service,
            time: wall().as_secs(),
        };
        let mut signed = rust_signer::signed(&unsigned)?;
        let headers = signed.get_mut("headers").map(Value::take).unwrap_or_default();
        let headers: Vec<(String, String)> = serde_json::from_value(headers)?;
        self.post("/", &headers, &body)
    }

    fn post(&self, target: &str, headers: &[(String, String)], body: &str) -> Result<Answer> {
        http::send(self.server.address(), "POST", target, headers, body).map(Answer)
    }
}

impl Answer {
    /// Whether it is no error.
    pub(crate) fn is_accepted(&self) -> bool {
        self.0.status == 200
    }

    /// The text of the first element with a name, if it needs no unescaping.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.0.body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once('<')?.0)
    }

    /// Status, code and message.
    pub(crate) fn error(&self) -> String {
        let text = |name| self.text(name).unwrap_or("?");
        format!("{} {}: {}", self.0.status, text("Code"), text("Message"))
    }
}

fn form(action: &str, version: &str, parameters: &[(&str, &str)]) -> String {
    let mut body = format!("Action={action}&Version={version}");
    for (name, value) in parameters {
        body += &format!("&{name}={}", utf8_percent_encode(value, RESERVED));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_refused() {
        let text =
            "HTTP/1.1 403 Forbidden\r\na: b\r\n\r\n<E><Code>X</Code><Message>y</Message></E>";
        let answer = Answer(http::Answer::parse(text).unwrap());
        assert!(!answer.is_accepted());
        assert_eq!(answer.error(), "403 X: y");
    }
}
