//! Which clients there are, and how each is started.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::call::Client;
use super::cli_client::CliClient;
use super::debian_cli::DebianCli;
use super::line_client::LineClient;
use super::node_env::NodeEnv;
use super::pins;
use super::python_env::PythonEnv;
use super::sandbox::Sandbox;
use super::walk::{
    ASSUME_ROOT_STEP, CHAIN_STEP, CODE_STEP, CONTEXT_STEP, DELEGATION_STEP, EKS_STEP, IAM_STEP,
    PROFILE_STEP, PROMPT_STEP, RENEWAL_STEP, TOKEN_FILE_STEP, WEB_IDENTITY_STEP,
};

/// A client of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Boto3,
    CliV1,
    Awslocal,
    Js,
    CliV2,
}

impl Kind {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 5] =
        [Self::Boto3, Self::CliV1, Self::Awslocal, Self::Js, Self::CliV2];

    /// What it is called in the table.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Boto3 => "boto3",
            Self::CliV1 => "AWS CLI v1",
            Self::Awslocal => "awslocal",
            Self::Js => "JS SDK v3",
            Self::CliV2 => "AWS CLI v2",
        }
    }

    /// A name for its folder.
    pub(crate) fn folder(self) -> String {
        self.title().to_lowercase().replace(' ', "-")
    }

    /// Why a client of this kind cannot take a step, if it can't.
    pub(crate) fn cannot(self, step: &str) -> Option<&'static str> {
        match (step, self) {
            // The endpoint on its command line is not for the calls that it makes by itself.
            (
                PROFILE_STEP | CHAIN_STEP | RENEWAL_STEP | TOKEN_FILE_STEP | PROMPT_STEP,
                Self::CliV2,
            ) => Some("Debian's AWS CLI v2 (2.9) takes no endpoint from the environment"),
            (WEB_IDENTITY_STEP | ASSUME_ROOT_STEP | DELEGATION_STEP, Self::CliV2) => {
                Some("Debian's AWS CLI v2 (2.9) does not know the operations")
            }
            (CONTEXT_STEP, Self::CliV2) => {
                Some("Debian's AWS CLI v2 (2.9) does not know --provided-contexts")
            }
            (EKS_STEP, Self::Boto3 | Self::Js) => Some("get-token is a command of the AWS CLI"),
            (CODE_STEP, Self::CliV1 | Self::Awslocal | Self::CliV2) => {
                Some("its users write no code")
            }
            (IAM_STEP, Self::CliV1 | Self::Awslocal | Self::CliV2) => {
                Some("a command takes a second, and they are the operations of the libraries")
            }
            _ => None,
        }
    }
}

/// What the clients live in. A part that could not be made tells why.
#[derive(Debug)]
pub(crate) struct Homes {
    pub(crate) python: Result<PythonEnv, String>,
    pub(crate) node: Result<NodeEnv, String>,
    pub(crate) debian: Result<DebianCli, String>,
}

impl Homes {
    /// Makes everything below `folder`, or takes what is there.
    pub(crate) fn prepare(folder: &Path) -> Self {
        let plain = |error: anyhow::Error| format!("{error:#}");
        Self {
            python: PythonEnv::prepare(&folder.join("venv"), &pins::PYTHON).map_err(plain),
            node: NodeEnv::prepare(&folder.join("node"), &pins::NODE).map_err(plain),
            debian: DebianCli::prepare(&folder.join("awscli-v2")).map_err(plain),
        }
    }

    /// Why there can be no client of a kind, if there can't.
    pub(crate) fn lacks(&self, kind: Kind) -> Option<&str> {
        match kind {
            Kind::Boto3 | Kind::CliV1 | Kind::Awslocal => self.python.as_ref().err(),
            Kind::Js => self.node.as_ref().err(),
            Kind::CliV2 => self.debian.as_ref().err(),
        }
        .map(String::as_str)
    }

    /// Starts a client with an empty home below `folder`.
    pub(crate) fn start(
        &self,
        kind: Kind,
        folder: PathBuf,
        endpoint: &str,
        scripts: &Path,
    ) -> Result<Started> {
        let home = |programs: Option<&Path>| Sandbox::new(folder, endpoint.to_owned(), programs);
        let unmade = |reason: &String| anyhow::anyhow!("{reason}");
        let assistant = self.python.as_ref().ok().map(|python| Assistant {
            python: python.program("python"),
            scripts: scripts.to_path_buf(),
        });
        let (client, sandbox): (Box<dyn Client>, Sandbox) = match kind {
            Kind::Boto3 => {
                let python = self.python.as_ref().map_err(unmade)?;
                let sandbox = home(Some(python.bin()))?;
                let mut command = sandbox.command(python.program("python"));
                command.arg("-B").arg(scripts.join("boto3_client.py"));
                (Box::new(LineClient::start(command, &sandbox.log())?), sandbox)
            }
            Kind::CliV1 | Kind::Awslocal => {
                let python = self.python.as_ref().map_err(unmade)?;
                let sandbox = home(Some(python.bin()))?;
                let program = python.program(if kind == Kind::CliV1 { "aws" } else { "awslocal" });
                let python = python.program("python");
                let client = CliClient::start(&sandbox, &python, scripts, &program, &[])?;
                (Box::new(client), sandbox)
            }
            Kind::Js => {
                let node = self.node.as_ref().map_err(unmade)?;
                let sandbox = home(None)?;
                let mut command = sandbox.command("node");
                command.arg(scripts.join("js_client.mjs")).current_dir(node.folder());
                (Box::new(LineClient::start(command, &sandbox.log())?), sandbox)
            }
            Kind::CliV2 => {
                let debian = self.debian.as_ref().map_err(unmade)?;
                let sandbox = home(None)?.with("PYTHONPATH", debian.python_path());
                let (python, program) = debian.program();
                let arguments = ["--endpoint-url", endpoint];
                let client = CliClient::start(&sandbox, &python, scripts, &program, &arguments)?;
                (Box::new(client), sandbox)
            }
        };
        Ok(Started { client, sandbox, assistant })
    }
}

/// A client that is ready, and its surroundings.
pub(crate) struct Started {
    pub(crate) client: Box<dyn Client>,
    pub(crate) sandbox: Sandbox,
    /// What else takes part in its walk, where there is a Python.
    pub(crate) assistant: Option<Assistant>,
}

/// Scripts that are somebody else than the client: who is shown its tokens, its user's browser.
#[derive(Debug)]
pub(crate) struct Assistant {
    python: PathBuf,
    scripts: PathBuf,
}

impl Assistant {
    /// One of the scripts, in the surroundings of the client.
    pub(crate) fn script(&self, name: &str, sandbox: &Sandbox) -> Command {
        let mut command = sandbox.command(&self.python);
        command.arg(self.scripts.join(name));
        command
    }
}
