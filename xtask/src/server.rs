//! A server of our own, for as long as somebody holds on to it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A running server on a free port of this machine; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts daypass with the well-known keys, as [`start`](Self::start) does.
    pub(crate) fn daypass(binary: &Path, log: &Path) -> Result<Self> {
        Self::start(Command::new(binary).env_clear().args(["--listen", "127.0.0.1:0"]), log)
    }

    /// Starts a server and waits until it prints its endpoint. What it prints goes to a file beside `log`, and what
    /// it complains to `log` itself.
    ///
    /// # Errors
    ///
    /// It cannot be started, ends, or says no endpoint within ten seconds: then with its last words.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let name = command.get_program().display().to_string();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log).with_context(|| format!("writing {}", log.display()))?)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let printed = process.stdout.take().context("the server has no standard output")?;
        let copy = File::create(log.with_extension("stdout"))?;
        let (say, heard) = mpsc::channel();
        thread::spawn(move || listen(BufReader::new(printed), copy, &say));
        let mut server = Self { process, address: String::new() };
        match heard.recv_timeout(PATIENCE) {
            Ok(address) => server.address = address,
            Err(_) => {
                drop(server);
                bail!("{name} did not print its endpoint: {}", last_words(log));
            }
        }
        Ok(server)
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The endpoint that clients are given.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Copies what is printed, and says the first endpoint in it.
fn listen(printed: impl BufRead, mut copy: impl Write, say: &mpsc::Sender<String>) {
    let mut said = false;
    for line in printed.lines().map_while(Result::ok) {
        // Nobody misses the copy of a process that we kill.
        let _ = writeln!(copy, "{line}");
        if let (false, Some(address)) = (said, address(&line)) {
            said = say.send(address.to_owned()).is_ok();
        }
    }
}

/// The host and port of the URL in a line.
fn address(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && !".:-".contains(char));
    let address = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
    let (host, port) = address.rsplit_once(':')?;
    (!host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0)).then_some(address)
}

fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    match lines.as_slice() {
        [] => "it said nothing".to_owned(),
        [.., last] => (*last).to_owned(),
    }
}

/// The binary of a profile, `debug` or `release`.
pub(crate) fn binary(target: &Path, profile: &str) -> PathBuf {
    target.join(profile).join("daypass")
}

const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address() {
        for (line, expected) in [
            ("daypass listens on http://127.0.0.1:4566", Some("127.0.0.1:4566")),
            ("  export AWS_ENDPOINT_URL=\"http://127.0.0.1:41001\"", Some("127.0.0.1:41001")),
            ("endpoint http://localhost:4566/.", Some("localhost:4566")),
            ("http://127.0.0.1:0", None),
            ("see http://example.com", None),
            ("listening", None),
        ] {
            assert_eq!(address(line), expected, "{line}");
        }
    }
}
