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
mod contents;
mod file;
mod form;
mod identity_providers;
mod listed;
mod organization;
pub(crate) mod place;
mod stand_in;
pub(crate) mod tree;

use std::fmt;
use std::path::Path;

use daypass_ident::{AccessKeyId, AccountId, Secret};
use file::{OrganizationSeed, SeedFile};
use place::{Place, Position, Source, Step};
use toml::de::DeTable;
use tree::Node;

pub(crate) use carry_out::carry_out;

/// What a deployment holds at its start. Whether it can, a server says that is started with it: then
/// all that is wrong is told at once, of the form and of what AWS refuses.
#[derive(Debug, Clone)]
pub struct Seed {
    name: String,
    source: Source,
    file: SeedFile,
    /// Those of its form, with whose mending `file` was made.
    mistakes: Vec<Mistake>,
}

impl Seed {
    /// Reads a file; its name must end in `.toml` or `.json`.
    ///
    /// # Errors
    /// When the file cannot be read, or is not TOML or JSON.
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
        match json {
            true => Self::of_json(&name, text, Some(folder)),
            false => Self::of_toml(&name, text, folder),
        }
    }

    /// Takes a seed in TOML; `name` stands for the file in messages. Files that it names are looked
    /// for in the current folder.
    ///
    /// # Errors
    /// When the text is not TOML.
    pub fn from_toml(name: &str, text: impl Into<String>) -> Result<Self, SeedError> {
        Self::of_toml(name, text.into(), Path::new(""))
    }

    /// Takes a seed in JSON; `name` stands for the file in messages. Files that it names are looked
    /// for in the current folder.
    ///
    /// # Errors
    /// When the text is not JSON.
    pub fn from_json(name: &str, text: impl Into<String>) -> Result<Self, SeedError> {
        Self::of_json(name, text.into(), Some(Path::new("")))
    }

    /// Takes a seed in JSON that a client sends, for a state that is not empty. It names no files, which would
    /// be the server's, and no organisations, which accounts that are there already may be in.
    ///
    /// # Errors
    /// When the text is not JSON.
    pub(crate) fn received(text: impl Into<String>) -> Result<Self, SeedError> {
        let mut seed = Self::of_json("seed", text.into(), None)?;
        for number in 0..seed.file.organizations.len() {
            let place = Place::Value(place::Path::to("organizations", number));
            let message = "organizations are made when a server starts: name them in its --seed";
            seed.mistakes.push(Mistake { place, message: message.to_owned() });
        }
        Ok(seed)
    }

    fn of_toml(name: &str, text: String, folder: &Path) -> Result<Self, SeedError> {
        let (table, errors) = DeTable::parse_recoverable(&text);
        let tree = Node::of_toml(table.get_ref());
        let source = Source::Toml(text);
        if errors.is_empty() {
            return Ok(Self::of_tree(name, source, &tree, Some(folder)));
        }
        let located = errors.iter().map(|error| Located {
            at: error.span().map(|span| source.position(span.start)),
            path: None,
            message: error.message().to_owned(),
        });
        Err(SeedError { name: name.to_owned(), mistakes: located.collect() })
    }

    fn of_json(name: &str, text: String, folder: Option<&Path>) -> Result<Self, SeedError> {
        let source = Source::Json(text);
        match serde_json::from_str(source.text()) {
            Ok(tree) => Ok(Self::of_tree(name, source, &tree, folder)),
            Err(error) => {
                let at = Some(Position { line: error.line(), column: error.column() });
                // serde_json ends its messages with the place, which stands in front here.
                let message = error.to_string();
                let message = message.rsplit_once(" at line ").map_or(&*message, |(text, _)| text);
                Err(SeedError::of(name, Located { at, path: None, message: message.to_owned() }))
            }
        }
    }

    /// Reads the form, and the files that are named; without a folder none may be.
    fn of_tree(name: &str, source: Source, tree: &Node, folder: Option<&Path>) -> Self {
        let (mut file, mut mistakes) = form::read::<SeedFile>(tree);
        for (number, account) in file.accounts.iter_mut() {
            let path = place::Path::to("accounts", number);
            for (number, provider) in account.saml_providers.iter_mut() {
                let found = provider.load(folder, &path.element("saml_providers", number));
                let found = found.into_iter();
                mistakes.extend(found.map(|(path, message)| (Place::Value(path), message)));
            }
        }
        let mistakes = mistakes.into_iter().map(|(place, message)| Mistake { place, message });
        Self { name: name.to_owned(), source, file, mistakes: mistakes.collect() }
    }

    /// The accounts that the seed fills, and those of its organisations.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let filled = self.file.accounts.values().map(|account| account.id);
        filled.chain(self.file.organizations.values().flat_map(OrganizationSeed::all_accounts))
    }

    /// The first active key that the seed gives the root user of an account.
    pub(crate) fn root_key(&self, account: AccountId) -> Option<(AccessKeyId, Secret<String>)> {
        let accounts = self.file.accounts.values().filter(|seed| seed.id == account);
        let mut keys = accounts.flat_map(|seed| seed.root_access_keys.values());
        let key = keys.find(|key| !key.inactive)?;
        Some((key.id.clone(), key.secret.clone()))
    }

    /// All that is wrong, in the order of the file.
    fn error(&self, mistakes: Vec<Mistake>) -> SeedError {
        let located = mistakes.into_iter().map(|Mistake { place, message }| {
            let (at, path) = match place {
                Place::Value(path) => (self.source.locate(path.steps()), path),
                Place::Key(path) => (self.source.locate_key(path.steps()), path),
            };
            Located { at, path: Some(path), message }
        });
        let mut mistakes: Vec<_> = located.collect();
        mistakes.sort_by_key(|mistake| mistake.at);
        SeedError { name: self.name.clone(), mistakes }
    }
}

/// Everything that is wrong with a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedError {
    name: String,
    mistakes: Vec<Located>,
}

impl SeedError {
    fn of(name: &str, mistake: Located) -> Self {
        Self { name: name.to_owned(), mistakes: vec![mistake] }
    }

    /// How many mistakes there are: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an error is never empty")]
    pub fn len(&self) -> usize {
        self.mistakes.len()
    }

    /// What a program is told of each: the way to it in the seed, and what is wrong.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mistakes = self.mistakes.iter().map(|mistake| {
            let path = mistake.path.iter().flat_map(|path| path.steps()).map(Step::to_json);
            let path: Vec<_> = path.collect();
            serde_json::json!({ "path": path, "message": mistake.message })
        });
        mistakes.collect()
    }

    /// The way to each mistake in the seed, and what is wrong.
    pub(crate) fn into_mistakes(self) -> impl Iterator<Item = (Option<place::Path>, String)> {
        self.mistakes.into_iter().map(|mistake| (mistake.path, mistake.message))
    }

    fn of_file(name: &str, message: String) -> Self {
        Self::of(name, Located { at: None, path: None, message })
    }
}

/// One line for each mistake: `file:line:column: what is wrong`. The lines of the file are not shown, since a
/// seed holds secrets.
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

/// Something that is wrong with a part of the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    place: Place,
    message: String,
}

/// The same for its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Located {
    at: Option<Position>,
    /// The way to it in the seed, where that is well formed.
    path: Option<place::Path>,
    message: String,
}

#[cfg(test)]
mod tests;
