//! Accounts from elsewhere, as a seed: what AWS answers to `GetAccountAuthorizationDetails`, or what a
//! Terraform plan will make.
//!
//! A seed is made of the files, and with it where in them each of its values stands, so that whatever is
//! wrong with the seed is told of the files.

mod details;
mod draft;
mod source;
mod terraform;
mod value;

use std::fmt;
use std::path::PathBuf;

use crate::deployment::{Deployment, DeploymentError};
use crate::seed::place::{Path, Position, Step};
use crate::seed::tree::Node;
use crate::seed::{Seed, SeedError};
use daypass_ident::AccountId;
use draft::{Draft, Finished, Origins};
use source::{Origin, Sources};

/// Accounts that were read from files.
#[derive(Debug)]
pub struct Import {
    sources: Sources,
    seed: Node,
    origins: Origins,
    /// What is left out; there may be nothing.
    notes: ImportError,
}

impl Import {
    /// Reads what AWS answers to `GetAccountAuthorizationDetails`: each file has one page or several, of one
    /// account or several. What has one of the ARNs `left_out` is not made, and such a policy not attached;
    /// [`notes`](Self::notes) tells of it.
    ///
    /// # Errors
    /// Everything in the files that is of another form, and where.
    pub fn of_authorization_details(
        files: &[PathBuf],
        left_out: &[String],
    ) -> Result<Self, ImportError> {
        let sources = Sources::read(files)?;
        let mut draft = Draft::default();
        details::read(&sources, left_out, &mut draft);
        Self::of(sources, draft)
    }

    /// Reads the IAM resources of a Terraform plan, as `terraform show -json` prints it, for an account, which
    /// plans do not name. What is known only after it is applied is left out; [`notes`](Self::notes) tells of it.
    ///
    /// # Errors
    /// Everything in the file that is of another form, and where.
    pub fn of_terraform_plan(file: PathBuf, account: AccountId) -> Result<Self, ImportError> {
        let sources = Sources::read(&[file])?;
        let mut draft = Draft::default();
        terraform::read(&sources, account, &mut draft);
        Self::of(sources, draft)
    }

    fn of(sources: Sources, draft: Draft) -> Result<Self, ImportError> {
        let Finished { seed, origins, mistakes, notes } = draft.finish();
        if !mistakes.is_empty() {
            return Err(ImportError::of(&sources, mistakes));
        }
        let notes = ImportError::of(&sources, notes);
        Ok(Self { sources, seed, origins, notes })
    }

    /// What is left out without being wrong, a line for each: `file:line:column: what is left out`.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.notes.to_string().lines().map(str::to_owned).collect()
    }

    /// The accounts as a seed in JSON, indented.
    #[must_use]
    pub fn to_seed(&self) -> String {
        format!("{:#}\n", self.seed)
    }

    /// The same on one line.
    #[must_use]
    pub fn to_compact_seed(&self) -> String {
        self.seed.to_string()
    }

    /// How much there is, in one line: `2 accounts, 3 users`.
    #[must_use]
    pub fn contents(&self) -> String {
        let contents = Seed::from_json("", self.to_compact_seed()).map(|seed| seed.contents());
        contents.unwrap_or_default().trim_start_matches(": ").to_owned()
    }

    /// Sees whether a server can start with the accounts.
    ///
    /// # Errors
    /// Everything that IAM refuses, and where in the files it stands.
    pub async fn check(&self) -> Result<(), ImportError> {
        let seed = Seed::from_json("seed", self.to_compact_seed());
        let made = match seed {
            Ok(seed) => Deployment::of_seed(seed).await,
            Err(error) => Err(DeploymentError::Seed(error)),
        };
        match made {
            Ok(_) => Ok(()),
            Err(DeploymentError::Seed(error)) => Err(self.located(error)),
            Err(error) => Err(ImportError::of_nowhere(error.to_string())),
        }
    }

    fn located(&self, error: SeedError) -> ImportError {
        let mistakes = error.into_mistakes().map(|(path, message)| (self.origin(path), message));
        ImportError::of(&self.sources, mistakes.collect())
    }

    /// What a server found wrong with the seed, told of the files: the JSON of its answer, a list of objects
    /// with `path` and `message`. None if it is of another form.
    #[must_use]
    pub fn refused(&self, mistakes: &serde_json::Value) -> Option<ImportError> {
        let mistake = |mistake: &serde_json::Value| {
            let path = mistake.get("path")?.as_array()?.iter().map(Step::of_json);
            let path = path.collect::<Option<Vec<_>>>()?;
            Some((self.origin(Some(Path::of(path))), mistake.get("message")?.as_str()?.to_owned()))
        };
        let mistakes: Option<Vec<_>> = mistakes.as_array()?.iter().map(mistake).collect();
        Some(ImportError::of(&self.sources, mistakes?))
    }

    /// Where a part of the seed, or what it is a part of, comes from.
    fn origin(&self, path: Option<Path>) -> Option<Origin> {
        let mut path = path?;
        loop {
            if let Some(origin) = self.origins.get(&path) {
                return Some(origin.clone());
            }
            if path.is_root() {
                return None;
            }
            path = path.parent();
        }
    }
}

/// Everything in files that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    mistakes: Vec<Located>,
    /// How many more there are.
    untold: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Located {
    file: String,
    at: Option<Position>,
    message: String,
}

impl ImportError {
    /// Each place is looked for in its file, so that their number is bounded.
    fn of(sources: &Sources, mut mistakes: Vec<(impl Into<Option<Origin>>, String)>) -> Self {
        let untold = mistakes.len().saturating_sub(MOST_MISTAKES);
        mistakes.truncate(MOST_MISTAKES);
        let located = mistakes.into_iter().map(|(origin, message)| match origin.into() {
            Some(origin) => {
                let (file, at) = sources.locate(&origin);
                Located { file: file.to_owned(), at: Some(at), message }
            }
            None => Located { file: String::new(), at: None, message },
        });
        let mut mistakes: Vec<_> = located.collect();
        mistakes.sort();
        mistakes.dedup();
        Self { mistakes, untold }
    }

    fn of_file(file: &str, at: Option<Position>, message: String) -> Self {
        Self { mistakes: vec![Located { file: file.to_owned(), at, message }], untold: 0 }
    }

    fn of_nowhere(message: String) -> Self {
        Self::of_file("", None, message)
    }

    /// How many mistakes there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an error is never empty")]
    pub fn len(&self) -> usize {
        self.mistakes.len() + self.untold
    }
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, at, message } = self;
        match (file.as_str(), at) {
            ("", _) => f.write_str(message),
            (file, Some(at)) => write!(f, "{file}:{}:{}: {message}", at.line, at.column),
            (file, None) => write!(f, "{file}: {message}"),
        }
    }
}

/// One line for each mistake: `file:line:column: what is wrong`.
impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{mistake}")?;
        }
        match self.untold {
            0 => Ok(()),
            untold => write!(f, "\nand {untold} more"),
        }
    }
}

impl std::error::Error for ImportError {}

const MOST_MISTAKES: usize = 100;

#[cfg(test)]
mod tests;
