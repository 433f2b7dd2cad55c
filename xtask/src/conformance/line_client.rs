//! A client behind a script of ours: a line of JSON for each call, a line for each outcome.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{Call, Client, Outcome};

/// A script that is running.
#[derive(Debug)]
pub(crate) struct LineClient {
    process: Child,
    calls: ChildStdin,
    outcomes: BufReader<ChildStdout>,
}

impl LineClient {
    /// Starts the script. What it complains goes to the file `log`.
    pub(crate) fn start(mut command: Command, log: &Path) -> Result<Self> {
        let complaints = File::create(log).with_context(|| format!("writing {}", log.display()))?;
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let calls = process.stdin.take().context("the script has no standard input")?;
        let outcomes = process.stdout.take().context("the script has no standard output")?;
        Ok(Self { process, calls, outcomes: BufReader::new(outcomes) })
    }

    /// Says a line to the script, and reads its answer.
    pub(crate) fn exchange<T: DeserializeOwned>(&mut self, said: &impl Serialize) -> Result<T> {
        let mut line = serde_json::to_string(said)?;
        line.push('\n');
        self.calls.write_all(line.as_bytes()).context("the script has ended")?;
        line.clear();
        let length = self.outcomes.read_line(&mut line)?;
        ensure!(length > 0, "the script ended without an answer");
        serde_json::from_str(&line).with_context(|| format!("the script answered {line:?}"))
    }
}

impl Client for LineClient {
    fn call(&mut self, call: &Call<'_>) -> Result<Outcome> {
        self.exchange(call)
    }
}

impl Drop for LineClient {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
