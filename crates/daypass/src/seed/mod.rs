//! A start that is not empty: accounts, users, groups, roles, policies, keys and identity providers
//! from a file.
//!
//! A seed is carried out as its account's root user would do it through the API, so that AWS's
//! own rules and messages apply to it. Whatever is wrong is reported with file, line and column,
//! all of it at once; a server that found a mistake does not start.
//!
//! ```toml
//! [[accounts]]
//! id = "111122223333"
//!
//! [[accounts.users]]
//! name = "alice"
//! mfa_devices = [{ name = "phone", seed = "JBSWY3DPEHPK3PXP" }] # enabled; base 32, as typed into an app
//! ```
//!
//! Organisations come last, since their policies only take away. They are made by the same rules as
//! AWS Organizations makes them:
//!
//! ```toml
//! [[organizations]]
//! management_account = "111122223333"     # hangs on the root, where no unit has it
//! accounts = ["444455556666"]             # more that hang on the root
//! id = "o-a1b2c3d4e5"                     # made up where it is not given, like all ids
//! root_id = "r-ab12"
//! without_full_aws_access = ["workloads"] # where AWS's FullAWSAccess is detached
//! features = ["RootSessions", "RootCredentialsManagement"] # central root access
//! delegated_administrators = ["444455556666"] # members that administer IAM too
//!
//! [[organizations.units]]
//! name = "workloads"
//! id = "ou-ab12-11111111"
//!
//! [[organizations.units.units]]           # up to five levels of them
//! name = "production"
//! accounts = ["777788889999"]
//!
//! [[organizations.service_control_policies]]
//! name = "only-iam-and-sts"
//! id = "p-12345678"
//! targets = ["workloads"]                 # "root", a unit by its path of names or its id, an account
//! document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","sts:*"],"Resource":"*"}}'
//!
//! [[organizations.resource_control_policies]]
//! name = "perimeter"
//! targets = ["root", "workloads/production", "444455556666"]
//! [organizations.resource_control_policies.document]
//! Version = "2012-10-17"
//! Statement = { Effect = "Deny", Principal = "*", Action = "sts:AssumeRole", Resource = "*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } } }
//! ```

mod api_call;
mod carry_out;
mod file;
mod identity_providers;
mod organization;
mod place;

use std::fmt;
use std::path::Path;

use daypass_ident::{AccessKeyId, AccountId, Secret};
use file::{OrganizationSeed, SeedFile};
use place::{Position, Source, Step};

pub(crate) use carry_out::carry_out;

/// What a deployment holds at its start, read and checked for form.
#[derive(Debug, Clone)]
pub struct Seed {
    name: String,
    source: Source,
    file: SeedFile,
}

impl Seed {
    /// Reads a file; its name must end in `.toml` or `.json`.
    ///
    /// # Errors
    /// When the file cannot be read or is not a seed.
    pub fn read(path: &Path) -> Result<Self, SeedError> {
        let name = path.display().to_string();
        let json = match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => false,
            Some("json") => true,
            _ => {
                let message = "a seed file's name ends in .toml or .json".to_owned();
                return Err(SeedError::of_file(&name, message));
            }
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| SeedError::of_file(&name, format!("cannot be read: {error}")))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        if json { Self::of_json(&name, text, folder) } else { Self::of_toml(&name, text, folder) }
    }

    /// Takes a seed in TOML; `name` stands for the file in messages. Files that it names are looked
    /// for in the current folder.
    ///
    /// # Errors
    /// When the text is not TOML or not a seed, or names a file that cannot be read.
    pub fn from_toml(name: &str, text: impl Into<String>) -> Result<Self, SeedError> {
        Self::of_toml(name, text.into(), Path::new(""))
    }

    /// Takes a seed in JSON; `name` stands for the file in messages. Files that it names are looked
    /// for in the current folder.
    ///
    /// # Errors
    /// When the text is not JSON or not a seed, or names a file that cannot be read.
    pub fn from_json(name: &str, text: impl Into<String>) -> Result<Self, SeedError> {
        Self::of_json(name, text.into(), Path::new(""))
    }

    fn of_toml(name: &str, text: String, folder: &Path) -> Result<Self, SeedError> {
        let source = Source::Toml(text);
        match toml::from_str(source.text()) {
            Ok(file) => Self { name: name.to_owned(), source, file }.with_files(folder),
            Err(error) => {
                let at = error.span().map(|span| source.position(span.start));
                Err(SeedError::of(name, Mistake { at, message: error.message().to_owned() }))
            }
        }
    }

    fn of_json(name: &str, text: String, folder: &Path) -> Result<Self, SeedError> {
        let source = Source::Json(text);
        match serde_json::from_str(source.text()) {
            Ok(file) => Self { name: name.to_owned(), source, file }.with_files(folder),
            Err(error) => {
                let at = Some(Position { line: error.line(), column: error.column() });
                // serde_json ends its messages with the place, which stands in front here.
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(&*message, |(text, _)| text);
                Err(SeedError::of(name, Mistake { at, message: message.to_owned() }))
            }
        }
    }

    /// The accounts that the seed fills, and those of its organisations.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let filled = self.file.accounts.iter().map(|account| account.id);
        filled.chain(self.file.organizations.iter().flat_map(OrganizationSeed::all_accounts))
    }

    /// The first active key that the seed gives the root user of an account.
    pub(crate) fn root_key(&self, account: AccountId) -> Option<(AccessKeyId, Secret<String>)> {
        let accounts = self.file.accounts.iter().filter(|seed| seed.id == account);
        let mut keys = accounts.flat_map(|seed| &seed.root_access_keys);
        let key = keys.find(|key| !key.inactive)?;
        Some((key.id.clone(), key.secret.clone()))
    }

    /// Reads the files that the seed names.
    fn with_files(mut self, folder: &Path) -> Result<Self, SeedError> {
        let mut mistakes = Vec::new();
        for (number, account) in self.file.accounts.iter_mut().enumerate() {
            let path = place::Path::to("accounts", number);
            for (number, provider) in account.saml_providers.iter_mut().enumerate() {
                let path = path.element("saml_providers", number);
                if let Err((path, message)) = provider.load(folder, &path) {
                    mistakes.push(Mistake { at: self.source.locate(path.steps()), message });
                }
            }
        }
        if mistakes.is_empty() { Ok(self) } else { Err(SeedError { name: self.name, mistakes }) }
    }

    fn locate(&self, path: &[Step]) -> Option<Position> {
        self.source.locate(path)
    }
}

/// Everything that is wrong with a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError {
    name: String,
    mistakes: Vec<Mistake>,
}

impl SeedError {
    fn of(name: &str, mistake: Mistake) -> Self {
        Self { name: name.to_owned(), mistakes: vec![mistake] }
    }

    fn of_file(name: &str, message: String) -> Self {
        Self::of(name, Mistake { at: None, message })
    }
}

/// One line for each mistake: `file:line:column: what is wrong`.
impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, mistake) in self.mistakes.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}:", self.name)?;
            if let Some(at) = mistake.at {
                write!(f, "{}:{}:", at.line, at.column)?;
            }
            write!(f, " {}", mistake.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for SeedError {}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    at: Option<Position>,
    message: String,
}

#[cfg(test)]
mod tests;
