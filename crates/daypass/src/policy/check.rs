//! `daypass policy check`: what the rules find in files.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use daypass_ident::printable_line;
use daypass_policy::lint::{Category, Finding, Severity, check, guess_kind};
use daypass_policy::{PolicyKind, Position};
use serde_json::{Value, json};

use super::catalog::Catalog;
use super::report::{self, Diagnostic, Tone};
use super::sarif;
use crate::terminal;

/// What to check, and what to make of it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Policy documents in JSON; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the policies are for
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Kind::Auto)]
    kind: Kind,
    /// How to write what is found
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Deny::Warning)]
    deny: Deny,
}

/// The kinds of policies, and the guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Identity, trust or resource, by the elements that it has
    Auto,
    /// For users, groups and roles, by the rules of managed policies
    Identity,
    /// Embedded in a user, a group or a role: may be of 2008, too
    Inline,
    /// Of a role: who may assume it
    Trust,
    /// Given when a session is made
    Session,
    /// Of any other resource, such as a bucket
    Resource,
    /// A permissions boundary
    Boundary,
    /// A service control policy of an organisation (SCP)
    ServiceControl,
    /// A resource control policy of an organisation (RCP)
    ResourceControl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading: the lines with what is wrong underlined
    Text,
    /// For programs: one object
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Errors only
    #[value(alias = "errors")]
    Error,
    /// Errors and warnings
    #[value(alias = "warnings")]
    Warning,
    /// Whatever is found
    #[value(alias = "suggestions")]
    Suggestion,
    /// The exit code is 0 whatever is found
    Nothing,
}

/// A file and what was found in it.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) text: String,
    kind: Kind,
    guessed: bool,
    pub(super) findings: Vec<Finding>,
}

/// Checks the files. The exit code is 1 if anything is found that is denied.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let checked = |path: &PathBuf| Checked::of(path, options.kind);
    let files = options.files.iter().map(checked).collect::<anyhow::Result<Vec<_>>>()?;
    match options.format {
        Format::Text => terminal::print_styled(&text(&files))?,
        Format::Json => terminal::print(&format!("{:#}\n", json(&files)))?,
        Format::Sarif => terminal::print(&format!("{:#}\n", sarif::log(&files)))?,
    }
    let denied = |finding: &Finding| match options.deny {
        Deny::Error => finding.severity >= Severity::Error,
        Deny::Warning => finding.severity >= Severity::Warning,
        Deny::Suggestion => true,
        Deny::Nothing => false,
    };
    let failed = files.iter().flat_map(|file| &file.findings).any(denied);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Checked {
    fn of(path: &Path, wanted: Kind) -> anyhow::Result<Self> {
        let (name, text) = if path == Path::new("-") {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            ("stdin".to_owned(), text)
        } else {
            let name = path.display().to_string();
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
            (name, text)
        };
        let guessed = wanted == Kind::Auto;
        let kind = if guessed { Kind::guess(&text) } else { wanted };
        let mut findings = check(kind.policy_kind(), &text, &Catalog);
        if kind == Kind::Boundary {
            // A boundary gives nothing: what it leaves open is for the policies within it.
            findings.retain(|finding| finding.rule.category != Category::Security);
        }
        Ok(Self { name, text, kind, guessed, findings })
    }
}

impl Kind {
    fn guess(text: &str) -> Self {
        match guess_kind(text) {
            PolicyKind::Trust => Self::Trust,
            PolicyKind::Resource => Self::Resource,
            _ => Self::Identity,
        }
    }

    fn policy_kind(self) -> PolicyKind {
        match self {
            Self::Auto | Self::Identity | Self::Boundary => PolicyKind::Identity,
            Self::Inline => PolicyKind::Inline,
            Self::Trust => PolicyKind::Trust,
            Self::Session => PolicyKind::Session,
            Self::Resource => PolicyKind::Resource,
            Self::ServiceControl => PolicyKind::ServiceControl,
            Self::ResourceControl => PolicyKind::ResourceControl,
        }
    }

    /// As on the command line.
    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// The findings with their lines, and a line for each file that sums them up.
fn text(files: &[Checked]) -> String {
    let mut out = String::new();
    for file in files {
        for finding in &file.findings {
            out.push_str(&report::render(&file.name, &file.text, &diagnostic(finding)));
            out.push_str("\n\n");
        }
        let kind = file.kind.name();
        let guess = if file.guessed { " by its elements; --kind says otherwise" } else { "" };
        let (name, found) = (printable_line(&file.name), summary(&file.findings));
        let _ = writeln!(out, "{name}: {found} ({kind} policy{guess})");
    }
    out
}

fn diagnostic(finding: &Finding) -> Diagnostic<'_> {
    let refusal = finding.refusal.as_ref();
    Diagnostic {
        level: match finding.severity {
            Severity::Error => Tone::Error,
            Severity::Warning => Tone::Warning,
            Severity::Suggestion => Tone::Suggestion,
        },
        id: Some(finding.rule.id),
        message: &finding.message,
        span: finding.span.clone(),
        help: finding.help.as_deref(),
        note: refusal.map(|words| format!("AWS refuses the document: {words}")),
    }
}

/// `2 errors, 1 warning`, or that there is nothing.
fn summary(findings: &[Finding]) -> String {
    let severities = [Severity::Error, Severity::Warning, Severity::Suggestion];
    let counts: Vec<_> = severities
        .into_iter()
        .map(|severity| (severity.as_str(), count(findings, severity)))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") }
}

fn count(findings: &[Finding], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

fn json(files: &[Checked]) -> Value {
    let file = |file: &Checked| {
        let position = |byte| {
            let Position { line, column } = Position::of(&file.text, byte);
            json!({"line": line, "column": column, "byte": byte})
        };
        let finding = |finding: &Finding| {
            json!({
                "rule": finding.rule.id,
                "category": finding.rule.category.as_str(),
                "severity": finding.severity.as_str(),
                "message": finding.message,
                "help": finding.help,
                "refusal": finding.refusal.as_ref().map(ToString::to_string),
                "start": position(finding.span.start),
                "end": position(finding.span.end),
            })
        };
        json!({
            "file": file.name,
            "kind": file.kind.name(),
            "guessed": file.guessed,
            "findings": file.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    };
    json!({"files": files.iter().map(file).collect::<Vec<_>>()})
}

pub(super) const AFTER_HELP: &str = "\
Each finding has the name of its rule, such as [unknown-action], and one of three severities. An error
is a document that AWS refuses, or a part of it that can never have an effect; a warning is a document
that probably does not do what it was written for, or gives away too much; a suggestion is one that
could say the same with less. Where AWS refuses the document, its own words are given.

  daypass policy check role.json
  daypass policy check --kind boundary boundary.json
  aws iam get-role --role-name app --query Role.AssumeRolePolicyDocument | daypass policy check -
  daypass policy check --format sarif policies/*.json > policies.sarif

In CI, fail on errors only, or on everything:
  daypass policy check --deny error policies/*.json
  daypass policy check --deny suggestion policies/*.json

Exit codes: 0 nothing was found that is denied; 1 something was; 2 a file cannot be read, or the
command line cannot be understood.

Services, actions, resources and condition keys are those of the catalogue that this daypass was built
with: what AWS has added since is unknown to it.";
