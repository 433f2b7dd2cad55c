use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use daypass_ident::Secret;
use serde::Deserialize;

use crate::Client;

#[cfg(test)]
mod tests;

/// What a provider is to be: the table `[idp]` of a configuration. What is not said is as in
/// [`Settings::default`]: one user and one client, to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where to listen. Default: `127.0.0.1:4580`.
    pub listen: String,
    /// Whether others than this machine may be served. Whoever reaches the provider may sign in as any
    /// user without a password. Otherwise it answers by its issuer's name and those of loopback only.
    pub beyond_loopback: bool,
    /// The URL that tokens name as their issuer, without a slash at its end. Default: where the
    /// provider listens.
    pub issuer: Option<String>,
    /// Where the private key is kept (PEM, PKCS #8, RSA); it is made if it is not there. Default: a
    /// fresh key for each start.
    pub key_file: Option<PathBuf>,
    /// For how long tokens and responses may be used, in seconds. Default: 3600.
    pub lifetime: u32,
    /// Who can sign in.
    pub users: Vec<User>,
    /// Programs that may ask for tokens.
    pub clients: Vec<Client>,
    /// What only SAML needs.
    pub saml: Saml,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct User {
    /// The name to sign in with; also the subject of tokens and responses.
    pub name: String,
    /// The password. Without one the sign-in page asks for none, and the password grant is not for
    /// this user.
    pub password: Option<Secret<String>>,
    /// Claims of the user's tokens, beside those of the protocol or in their place.
    pub claims: Claims,
    /// Session tags, told to AWS in tokens and in responses.
    pub tags: BTreeMap<String, String>,
    /// Which of the tags go on along role chains.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity of the user's sessions.
    pub source_identity: Option<String>,
    /// SAML: the roles that the user may choose from, each `ROLE_ARN,PROVIDER_ARN`.
    pub roles: Vec<String>,
    /// SAML: more attributes, by name.
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// What only SAML needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Saml {
    /// The provider's name. Default: where its metadata are.
    pub entity_id: Option<String>,
    /// To which URLs responses may be posted; the first is meant where a request says none. Default:
    /// AWS's sign-in page; where daypass runs the provider beside its server, its own before that.
    pub acs_urls: Vec<String>,
    /// The audience of responses. Default: `urn:amazon:webservices`.
    pub audience: String,
}

/// Claims, by their names.
pub type Claims = serde_json::Map<String, serde_json::Value>;

impl Settings {
    /// Whether somebody could sign in with what this documentation says.
    pub(crate) fn are_known_to_everybody(&self) -> bool {
        let default = Self::default();
        self.users == default.users || self.clients == default.clients
    }

    pub(crate) fn check(&self) -> Result<(), InvalidSettings> {
        let issuer_is_url = self
            .issuer
            .as_deref()
            .is_none_or(|issuer| is_url(issuer) && !issuer.ends_with('/') && !issuer.contains('?'));
        if !issuer_is_url {
            return Err(InvalidSettings::Issuer);
        }
        unique(self.users.iter().map(|user| &*user.name)).map_err(InvalidSettings::User)?;
        unique(self.clients.iter().map(|client| &*client.id)).map_err(InvalidSettings::Client)?;
        let redirect_uris = self.clients.iter().flat_map(|client| &client.redirect_uris);
        match redirect_uris.chain(&self.saml.acs_urls).find(|url| !is_url(url)) {
            Some(url) => Err(InvalidSettings::Url(url.clone())),
            None => Ok(()),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        let alice = User { name: "alice".to_owned(), ..User::default() };
        let alice = User { password: Some("alice".to_owned().into()), ..alice };
        let client = Client { id: "daypass".to_owned(), ..Client::default() };
        let client = Client { secret: Some("daypass".to_owned().into()), ..client };
        Self {
            listen: "127.0.0.1:4580".to_owned(),
            beyond_loopback: false,
            issuer: None,
            key_file: None,
            lifetime: 3600,
            users: vec![alice],
            clients: vec![client],
            saml: Saml::default(),
        }
    }
}

impl Saml {
    /// AWS's sign-in page.
    pub const AWS: &str = "https://signin.aws.amazon.com/saml";

    /// To which URLs responses may be posted.
    pub(crate) fn acs_urls(&self) -> impl Iterator<Item = &str> {
        let default = self.acs_urls.is_empty().then_some(Self::AWS);
        self.acs_urls.iter().map(String::as_str).chain(default)
    }
}

impl Default for Saml {
    fn default() -> Self {
        Self {
            entity_id: None,
            acs_urls: Vec::new(),
            audience: "urn:amazon:webservices".to_owned(),
        }
    }
}

/// Why a provider cannot be as its settings say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// The issuer is no URL that a provider can have.
    #[error("the issuer is no http or https URL without a query and without a slash at its end")]
    Issuer,
    /// A user without a name, or two with the same.
    #[error("each user has a name of their own; {0:?} is none")]
    User(String),
    /// A client without an id, or two with the same.
    #[error("each client has an id of its own; {0:?} is none")]
    Client(String),
    /// An address that browsers are to be sent to, and cannot be.
    #[error("{0:?} is no URL that a browser can be sent to")]
    Url(String),
}

/// Nothing that ends a header or a redirect early; scripts are no place to send a browser to.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    printable && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// The first name that is empty or comes twice.
fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    match names.into_iter().find(|name| name.is_empty() || !seen.insert(*name)) {
        Some(name) => Err(name.to_owned()),
        None => Ok(()),
    }
}
