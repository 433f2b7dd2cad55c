//! The AWS CLI, or something like it: a command line for each call.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use heck::ToKebabCase;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Call, Client, Outcome, Refusal, Who};
use super::line_client::LineClient;
use super::sandbox::Sandbox;

/// `aws`, or something like it.
#[derive(Debug)]
pub(crate) struct CliClient {
    sandbox: Sandbox,
    /// `xtask/conformance/cli_client.py`, which tells what it is told.
    script: LineClient,
    arguments: Vec<String>,
}

impl CliClient {
    /// Starts the script that runs the program, with the interpreter that both are for. The arguments are what
    /// comes before the service on each command line.
    pub(crate) fn start(
        sandbox: &Sandbox,
        python: &Path,
        scripts: &Path,
        program: &Path,
        arguments: &[&str],
    ) -> Result<Self> {
        let mut command = sandbox.command(python);
        command.arg("-B").arg(scripts.join("cli_client.py")).arg(program);
        let script = LineClient::start(command, &sandbox.log())?;
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Ok(Self { sandbox: sandbox.clone(), script, arguments })
    }
}

/// A line for the script.
#[derive(Debug, Default, Serialize)]
struct CommandLine<'a> {
    arguments: Vec<String>,
    environment: BTreeMap<&'a str, &'a str>,
    prompt: Option<&'a str>,
    answer: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Deserialize)]
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
    terminal: String,
}

impl Client for CliClient {
    fn call(&mut self, call: &Call<'_>) -> Result<Outcome> {
        let mut line = CommandLine { arguments: self.arguments.clone(), ..CommandLine::default() };
        line.arguments.extend([call.service.to_owned(), call.operation.to_kebab_case()]);
        line.push(["--output", "json", "--cli-connect-timeout", "5", "--cli-read-timeout", "20"]);
        for (name, value) in call.input.as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            // In one word, since a value may begin with a dash.
            line.arguments.push(format!("--{}={value}", name.to_kebab_case()));
        }
        let seed = self.sandbox.file("seed");
        let makes_seed = call.operation == "CreateVirtualMFADevice";
        if makes_seed {
            // Of all bytes in answers, the AWS CLI writes these to a file.
            let path = seed.to_str().context("a path that is no text")?;
            line.push(["--bootstrap-method", "Base32StringSeed", "--outfile", path]);
        }
        line.sign_as(call.who)?;
        match ended(self.script.exchange(&line)?)? {
            Outcome::Answer(mut answer) if makes_seed => {
                let device = answer.pointer_mut("/VirtualMFADevice");
                let device = device.and_then(Value::as_object_mut).context("there is no device")?;
                let seed = STANDARD.encode(fs::read(&seed).context("there is no seed")?);
                device.insert("Base32StringSeed".to_owned(), seed.into());
                Ok(Outcome::Answer(answer))
            }
            outcome => Ok(outcome),
        }
    }
}

impl<'a> CommandLine<'a> {
    fn push<const N: usize>(&mut self, arguments: [&str; N]) {
        self.arguments.extend(arguments.map(str::to_owned));
    }

    fn sign_as(&mut self, who: Who<'a>) -> Result<()> {
        match who {
            Who::Keys(keys) => {
                self.environment.insert("AWS_ACCESS_KEY_ID", &keys.id);
                self.environment.insert("AWS_SECRET_ACCESS_KEY", &keys.secret);
                let token = keys.token.as_deref();
                self.environment.extend(token.map(|token| ("AWS_SESSION_TOKEN", token)));
            }
            Who::Environment(variables) => self.environment.extend(variables.iter().copied()),
            Who::Profile(name) => self.push(["--profile", name]),
            Who::Prompted { profile, prompt, answer } => {
                self.push(["--profile", profile]);
                (self.prompt, self.answer) = (Some(prompt), Some(answer));
            }
            Who::Made { .. } => bail!("its users write no code"),
        }
        Ok(())
    }
}

fn ended(ended: Ended) -> Result<Outcome> {
    let Ended { code, stdout, stderr, terminal } = ended;
    match (code, refusal(&stderr)) {
        (0, None) => Ok(Outcome::Answer(answer(&stdout)?)),
        (0, Some(_)) => bail!("an error was printed, and yet the exit code is zero"),
        (_, Some(refusal)) => Ok(Outcome::Refusal(refusal)),
        (_, None) => Ok(Outcome::Broken(format!("{} {}", stderr.trim(), terminal.trim()))),
    }
}

/// What is printed of an operation without output is nothing.
fn answer(stdout: &str) -> Result<Value> {
    if stdout.trim().is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    Ok(serde_json::from_str(stdout)?)
}

/// Reads `An error occurred (Code) when calling the Name operation: Message`, perhaps with a number of retries
/// behind the name.
fn refusal(stderr: &str) -> Option<Refusal> {
    let (_, rest) = stderr.split_once("An error occurred (")?;
    let (code, rest) = rest.split_once(')')?;
    let (_, rest) = rest.split_once(" operation")?;
    let (_, message) =
        if rest.starts_with(" (") { rest.split_once("): ") } else { rest.split_once(": ") }?;
    Some(Refusal { code: code.to_owned(), status: None, message: message.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_refusals() {
        let denied = refusal(
            "\naws: [ERROR]: An error occurred (AccessDenied) when calling the AssumeRole operation: User: \
             arn:aws:iam::000000000000:user/bob is not authorized\n",
        )
        .unwrap();
        assert_eq!(denied.code, "AccessDenied");
        assert_eq!(denied.message, "User: arn:aws:iam::000000000000:user/bob is not authorized");

        let retried = refusal(
            "An error occurred (Throttling) when calling the GetUser operation (reached max retries: 0): Rate exceeded",
        )
        .unwrap();
        assert_eq!(
            (retried.code.as_str(), retried.message.as_str()),
            ("Throttling", "Rate exceeded")
        );

        assert!(
            refusal("Could not connect to the endpoint URL: \"http://127.0.0.1:1/\"").is_none()
        );
    }
}
