//! A shell in which a page is followed from its first line to its last.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::page::{self, Step};
use crate::conformance::tool;

/// Where a page is followed: an empty home that is the working directory, too.
#[derive(Debug)]
pub(crate) struct Session {
    /// The home.
    pub(crate) home: PathBuf,
    /// The folders of `daypass` and `aws`, as `PATH` has them.
    pub(crate) programs: String,
}

/// What became of a command.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) command: page::Command,
    pub(crate) printed: String,
    /// Nothing, if the shell ended before.
    pub(crate) exit_code: Option<i32>,
}

/// Marks where the output of a command begins and ends. Nothing prints them.
const BEGIN: char = '\u{1e}';
const END: char = '\u{1f}';

impl Session {
    /// Follows a page.
    ///
    /// # Errors
    ///
    /// There is no bash, or the home cannot be made.
    pub(crate) fn follow(&self, steps: &[Step]) -> Result<Vec<Outcome>> {
        tool::empty_folder(&self.home)?;
        let script = script(steps);
        let path = self.home.join(".page.sh");
        fs::write(&path, script).with_context(|| format!("writing {}", path.display()))?;
        let output = Command::new("bash")
            .arg(&path)
            .current_dir(&self.home)
            .env_clear()
            .env("HOME", &self.home)
            .env("PATH", &self.programs)
            .env("LANG", "C.UTF-8")
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("DISABLE_DEPRECATION_NOTICE", "1")
            .stdin(Stdio::null())
            .output()
            .context("bash cannot be started")?;
        let printed = String::from_utf8_lossy(&output.stdout);
        Ok(outcomes(steps, &printed))
    }
}

/// Whether bash takes a text for a whole command.
pub(crate) fn is_complete(text: &str) -> bool {
    let ends_open = text.trim_end_matches(' ').ends_with('\\');
    let parsed = Command::new("bash").args(["-n", "-c", text]).stderr(Stdio::null()).status();
    !ends_open && parsed.is_ok_and(|status| status.success())
}

/// A server goes on while the next commands are entered, as it does in a second shell; one that takes the place of
/// another of its kind ends it first. What a server says until it listens or ends is what its command printed.
const FUNCTIONS: &str = r#"
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
declare -A running
serve() { # kind command
  if [ -n "${running[$1]:-}" ]; then kill "${running[$1]}" 2>/dev/null; wait "${running[$1]}" 2>/dev/null; fi
  eval "exec $2" > ".$1.log" 2>&1 < /dev/null &
  running[$1]=$!
  for _ in $(seq 600); do
    if grep -q 'http://' ".$1.log" || ! kill -0 "${running[$1]}" 2>/dev/null; then break; fi
    sleep 0.05
  done
  sleep 0.05
  cat ".$1.log"
}
"#;

fn script(steps: &[Step]) -> String {
    let mut script = FUNCTIONS.to_owned();
    for step in steps {
        match step {
            Step::Save { file, text } => {
                script += &format!("printf %s {} > {file}\n", quoted(text));
            }
            Step::Enter(command) => {
                let text = match server(command) {
                    Some((kind, text)) => format!("serve {kind} {}", quoted(text)),
                    None => command.text.clone(),
                };
                script +=
                    &format!("printf '{BEGIN}'\n{{ {text}\n}} 2>&1\nprintf '{END}%s\\n' $?\n");
            }
            Step::Look { .. } => {}
        }
    }
    script
}

/// Whether a command is a server's, and which: `daypass` without a command, or `daypass idp` without one. One that is shown to print no address ends by itself.
fn server(command: &page::Command) -> Option<(&'static str, &str)> {
    if !command.output.trim().is_empty() && !command.output.contains("http://") {
        return None;
    }
    let text = command.text.split(" #").next().unwrap_or_default().trim();
    let text = text.strip_suffix('&').unwrap_or(text).trim();
    let arguments = text.strip_prefix("daypass")?;
    let idp = arguments.strip_prefix(" idp");
    let rest = idp.unwrap_or(arguments);
    let ends_at_once = ["--version", "--help"].iter().any(|option| rest.contains(option));
    let serves = rest.is_empty() || rest.starts_with(" --");
    (serves && !ends_at_once).then_some((if idp.is_some() { "idp" } else { "daypass" }, text))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn outcomes(steps: &[Step], printed: &str) -> Vec<Outcome> {
    let commands = steps.iter().filter_map(|step| match step {
        Step::Enter(command) => Some(command),
        Step::Save { .. } | Step::Look { .. } => None,
    });
    let mut parts = printed.split(BEGIN).skip(1);
    let outcome = |command: &page::Command| {
        let part = parts.next().unwrap_or_default();
        let (printed, code) = part.rsplit_once(END).unwrap_or((part, ""));
        Outcome {
            command: command.clone(),
            printed: printed.to_owned(),
            exit_code: code.trim().parse().ok(),
        }
    };
    commands.map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_stay() {
        let command = |text: &str, output: &str| page::Command {
            line: 1,
            text: text.to_owned(),
            output: output.to_owned(),
        };
        assert!(server(&command("daypass", "daypass listens on http://127.0.0.1:4566")).is_some());
        assert!(server(&command("daypass --listen 0.0.0.0:1", "daypass: will not")).is_none());
        for (text, kind) in [
            ("daypass", Some("daypass")),
            ("daypass --config daypass.toml      # as above", Some("daypass")),
            ("daypass idp &", Some("idp")),
            ("daypass idp --config a.toml", Some("idp")),
            ("daypass idp token --user alice", None),
            ("daypass --version", None),
            ("daypass why", None),
            ("aws iam list-users", None),
        ] {
            assert_eq!(server(&command(text, "")).map(|(kind, _)| kind), kind, "{text}");
        }
    }

    #[test]
    fn a_command_goes_on_until_the_shell_has_all_of_it() {
        assert!(is_complete("one two"));
        assert!(!is_complete("one \\"));
        assert!(!is_complete("one '{"));
        assert!(is_complete("one '{\n}'"));
        assert!(!is_complete("f() {"));
    }
}
