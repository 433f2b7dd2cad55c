//! Identity providers in a seed: OpenID Connect's and SAML's.
//!
//! ```toml
//! [[accounts]]
//! id = "111122223333"
//! outbound_web_identity_federation = {}   # enabled; `issuer_id` may say as which issuer
//!
//! [[accounts.oidc_providers]]
//! url = "https://token.actions.githubusercontent.com"
//! client_ids = ["sts.amazonaws.com"]
//! thumbprints = []                        # for issuers whose certificate no known authority issued
//!
//! [[accounts.saml_providers]]
//! name = "corp"
//! metadata_file = "idp-metadata.xml"      # beside the seed; or `metadata`, the document itself
//! private_key_files = ["saml-key.pem"]    # open encrypted assertions; or `private_keys`, the PEM itself
//! assertion_encryption = "Required"       # or "Allowed"
//! tags = { team = "red" }
//! ```

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use daypass_ident::{AccountId, Arn, Secret};
use serde::Deserialize;

use super::api_call::ApiCall;
use super::carry_out::{Creation, Kind};
use super::listed::Listed;
use super::place::Path;
use super::stand_in;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OidcProviderSeed {
    url: String,
    #[serde(default)]
    client_ids: Listed<String>,
    #[serde(default)]
    thumbprints: Listed<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

impl OidcProviderSeed {
    /// The request that makes the provider; `number` is for what stands in for its URL.
    pub(super) fn creation(&self, number: usize) -> Creation {
        let (action, kind) = ("CreateOpenIDConnectProvider", Kind::OidcProvider);
        Creation::of("url", action, kind, "Url", &self.url, stand_in::url(number))
            .with_all("client_ids", ApiCall::list("ClientIDList", self.client_ids.values()))
            .with_all("thumbprints", ApiCall::list("ThumbprintList", self.thumbprints.values()))
            .with_all("tags", ApiCall::tags(&self.tags))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SamlProviderSeed {
    name: String,
    /// The document itself.
    metadata: Option<String>,
    /// Where the document is, seen from the seed's own folder.
    metadata_file: Option<PathBuf>,
    /// In PEM.
    #[serde(default)]
    private_keys: Listed<Secret<String>>,
    /// Where more of them are, seen from the seed's own folder.
    #[serde(default)]
    private_key_files: Listed<PathBuf>,
    /// What those files hold.
    #[serde(skip)]
    read_keys: Vec<(usize, Secret<String>)>,
    assertion_encryption: Option<AssertionEncryption>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

/// Whether a provider's assertions must be encrypted, or may be (`AssertionEncryptionMode`).
#[derive(Debug, Clone, Copy, Deserialize)]
enum AssertionEncryption {
    Required,
    Allowed,
}

impl SamlProviderSeed {
    /// Reads the metadata and the keys, where they are in files of their own. Gives what is wrong, and
    /// where, seen from `path`, the provider's own. Without a folder no file may be named.
    pub(super) fn load(&mut self, folder: Option<&FilePath>, path: &Path) -> Vec<(Path, String)> {
        let mut mistakes = Vec::new();
        match (&self.metadata, &self.metadata_file) {
            (Some(_), None) => {}
            (None, Some(file)) => match read(folder, file) {
                Ok(document) => self.metadata = Some(document),
                Err(message) => mistakes.push((path.member("metadata_file"), message)),
            },
            _ => {
                let message = "a SAML provider has either metadata or a metadata_file";
                mistakes.push((path.clone(), message.to_owned()));
                self.metadata = None;
            }
        }
        for (number, file) in self.private_key_files.iter() {
            match read(folder, file) {
                Ok(key) => self.read_keys.push((number, Secret::new(key))),
                Err(message) => {
                    mistakes.push((path.element("private_key_files", number), message));
                }
            }
        }
        mistakes
    }

    /// The metadata, and the member of the seed that they come from. None if they could not be read.
    pub(super) fn document(&self) -> Option<(&'static str, &str)> {
        let member = if self.metadata_file.is_some() { "metadata_file" } else { "metadata" };
        self.metadata.as_deref().map(|document| (member, document))
    }

    /// The request that makes the provider. Nothing stands in for its metadata.
    pub(super) fn creation(&self, document: &str, stand_in: String) -> Creation {
        let (action, kind) = ("CreateSAMLProvider", Kind::SamlProvider);
        Creation::new(action, kind, "Name", &self.name, stand_in)
            .with("metadata", "SAMLMetadataDocument", document, document)
            .with_all("tags", ApiCall::tags(&self.tags))
    }

    /// The requests that give the provider its keys, and where in the file each stands.
    pub(super) fn keys(
        &self,
        account: AccountId,
        provider: &str,
        path: &Path,
    ) -> impl Iterator<Item = (Path, ApiCall)> {
        let update = move |list: &'static str, number, key: &Secret<String>| {
            let call = update(account, provider, "AddPrivateKey", key.expose());
            (path.element(list, number), call)
        };
        let given = self.private_keys.iter();
        let given = given.map(move |(number, key)| update("private_keys", number, key));
        let read = self.read_keys.iter();
        given.chain(read.map(move |(number, key)| update("private_key_files", *number, key)))
    }

    /// The request that says whether assertions must be encrypted.
    pub(super) fn encryption(&self, account: AccountId, provider: &str) -> Option<ApiCall> {
        let mode = match self.assertion_encryption? {
            AssertionEncryption::Required => "Required",
            AssertionEncryption::Allowed => "Allowed",
        };
        Some(update(account, provider, "AssertionEncryptionMode", mode))
    }
}

fn update(account: AccountId, provider: &str, member: &str, value: &str) -> ApiCall {
    let arn = Arn::saml_provider(account, provider).to_string();
    ApiCall::new("UpdateSAMLProvider").with("SAMLProviderArn", &arn).with(member, value)
}

fn read(folder: Option<&FilePath>, file: &FilePath) -> Result<String, String> {
    let Some(folder) = folder else {
        return Err("a seed that is sent names no files: send what they hold".to_owned());
    };
    let file = folder.join(file);
    let read = std::fs::read_to_string(&file);
    read.map_err(|error| format!("{} cannot be read: {error}", file.display()))
}
