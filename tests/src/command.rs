use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The `daypass` command with no environment but the one that the test gives it.
#[must_use]
pub fn daypass<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs a command to its end, which is to come soon.
pub async fn run(mut command: Command) -> Output {
    timeout(PATIENCE, command.output()).await.expect("it ends by itself").unwrap()
}

/// Sends a signal to a process.
pub async fn kill(signal: &str, process: u32) {
    let mut command = Command::new("sh");
    command.args(["-c", "kill -s $0 $1", signal, &process.to_string()]);
    assert!(run(command).await.status.success());
}

/// A `daypass` that runs as a process of its own.
#[derive(Debug)]
pub struct Running {
    process: Child,
    printed: Lines<BufReader<ChildStdout>>,
    logged: JoinHandle<String>,
    /// The lines of its greeting.
    pub greeting: Vec<String>,
    /// What its greeting tells a shell to export.
    pub exports: BTreeMap<String, String>,
}

impl Running {
    /// Starts it on a free port and reads what it prints until it is told how to go on.
    pub async fn start<'a>(options: impl IntoIterator<Item = &'a str>) -> Self {
        let mut command = daypass(["--listen", "127.0.0.1:0"].into_iter().chain(options));
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap()).lines();
        let logged = tokio::spawn(read(process.stderr.take().unwrap()));
        let (greeting, exports) = (Vec::new(), BTreeMap::new());
        let mut running = Self { process, printed, logged, greeting, exports };
        timeout(PATIENCE, running.read_greeting()).await.expect("it greets");
        running
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        let endpoint = self.exports.get("AWS_ENDPOINT_URL").expect("it says its endpoint");
        endpoint.strip_prefix("http://").expect("it speaks HTTP")
    }

    /// Waits for its end, and gives what it logged until then.
    pub async fn end(mut self) -> (ExitStatus, String) {
        let status = timeout(PATIENCE, self.process.wait()).await.expect("it ends").unwrap();
        (status, self.logged.await.unwrap())
    }

    async fn read_greeting(&mut self) {
        while let Some(line) = self.printed.next_line().await.unwrap() {
            if let Some((name, value)) =
                line.trim().strip_prefix("export ").and_then(|export| export.split_once('='))
            {
                self.exports.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            }
            let is_last = line.contains("aws sts get-caller-identity");
            self.greeting.push(line);
            if is_last {
                return;
            }
        }
        panic!("it ended after saying {:?}", self.greeting);
    }
}

async fn read(mut stream: ChildStderr) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

/// The command as it is built from this very source: Cargo knows where it is, and builds it if
/// nothing has yet. The packages are named as they are for these tests, so that what the tests
/// were built with is not built again.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args(["build", "--offline", "--message-format=json-render-diagnostics"]);
        cargo.args(["--package=daypass", "--package=daypass-tests", "--bin=daypass"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let built = cargo.stderr(Stdio::inherit()).output().unwrap();
        assert!(built.status.success(), "the command cannot be built");
        let messages = String::from_utf8(built.stdout).unwrap();
        let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut executables = messages.filter_map(|message| {
            message.get("executable").and_then(Value::as_str).map(PathBuf::from)
        });
        executables.next().expect("Cargo says where it is")
    })
}

/// How long a process may take to do what takes it milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(20);
