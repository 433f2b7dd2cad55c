//! A command line client: a process for each call.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use heck::ToKebabCase;
use serde_json::Value;

use super::call::{Call, Client, Outcome, Refusal, Who};
use super::sandbox::Sandbox;
use super::tool;

/// `aws`, or something like it.
#[derive(Debug)]
pub(crate) struct CliClient {
    pub(crate) sandbox: Sandbox,
    pub(crate) program: PathBuf,
    /// What comes before the service on the command line.
    pub(crate) arguments: Vec<OsString>,
}

impl Client for CliClient {
    fn call(&mut self, call: &Call<'_>) -> Result<Outcome> {
        let mut command = match call.who {
            // Without a terminal of its own the client reads the answer from its input.
            Who::Prompted { answer, .. } => {
                let mut command = self.sandbox.command("setsid");
                command.arg("--wait").arg(&self.program).stdin(self.sandbox.answers(answer)?);
                command
            }
            _ => self.sandbox.command(&self.program),
        };
        command
            .args(&self.arguments)
            .args([call.service, &call.operation.to_kebab_case(), "--output", "json"])
            .args(["--cli-connect-timeout", "5", "--cli-read-timeout", "20"]);
        for (name, value) in call.input.as_object().into_iter().flatten() {
            command.arg(format!("--{}", name.to_kebab_case()));
            command.arg(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        match call.who {
            Who::Profile(name) | Who::Prompted { profile: name, .. } => {
                command.args(["--profile", name]);
            }
            Who::Keys(keys) => {
                command
                    .env("AWS_ACCESS_KEY_ID", &keys.id)
                    .env("AWS_SECRET_ACCESS_KEY", &keys.secret);
                command.envs(keys.token.iter().map(|token| ("AWS_SESSION_TOKEN", token)));
            }
        }
        let output = tool::capture(&mut command)?;
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        match (output.status.code(), refusal(&stderr)) {
            (Some(0), None) => Ok(Outcome::Answer(answer(&stdout)?)),
            (Some(0), Some(_)) => bail!("an error was printed, and yet the exit code is zero"),
            (_, Some(refusal)) => Ok(Outcome::Refusal(refusal)),
            (_, None) => Ok(Outcome::Broken(stderr.trim().to_owned())),
        }
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
