//! The surroundings of a client: its own home, one endpoint, and nothing from whoever runs us.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::tool;

/// The surroundings of one client.
#[derive(Clone, Debug)]
pub(crate) struct Sandbox {
    home: PathBuf,
    endpoint: String,
    /// Where programs are looked for before the system's own folders.
    programs: Option<PathBuf>,
    more: Vec<(&'static str, PathBuf)>,
}

impl Sandbox {
    /// Makes an empty home.
    pub(crate) fn new(home: PathBuf, endpoint: String, programs: Option<&Path>) -> Result<Self> {
        tool::empty_folder(&home)?;
        Ok(Self { home, endpoint, programs: programs.map(Path::to_path_buf), more: Vec::new() })
    }

    /// The one endpoint.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Sets one more variable.
    pub(crate) fn with(mut self, name: &'static str, value: PathBuf) -> Self {
        self.more.push((name, value));
        self
    }

    /// A program in these surroundings.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", self.path())
            .env("LANG", "C.UTF-8")
            .env("NO_PROXY", "127.0.0.1")
            .env("PYTHONNOUSERSITE", "1")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_CONFIG_FILE", self.config_file())
            .env("AWS_SHARED_CREDENTIALS_FILE", self.home.join("credentials"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("AWS_PAGER", "")
            .env("DISABLE_DEPRECATION_NOTICE", "1")
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Writes the client's configuration: profiles, each with its settings.
    pub(crate) fn write_profiles(&self, profiles: &[(&str, &[(&str, &str)])]) -> Result<()> {
        let mut text = String::new();
        for (profile, settings) in profiles {
            text += &format!("[profile {profile}]\n");
            for (name, value) in *settings {
                text += &format!("{name} = {value}\n");
            }
        }
        Ok(fs::write(self.config_file(), text)?)
    }

    /// A file in the client's home.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// A file for whatever the client complains.
    pub(crate) fn log(&self) -> PathBuf {
        self.home.join("client.log")
    }

    fn config_file(&self) -> PathBuf {
        self.home.join("config")
    }

    fn path(&self) -> String {
        let own = self.programs.iter().map(|folder| folder.display().to_string());
        own.chain([SYSTEM_PROGRAMS.to_owned()]).collect::<Vec<_>>().join(":")
    }
}

const SYSTEM_PROGRAMS: &str = "/usr/local/bin:/usr/bin:/bin";
