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
use super::place::Path;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OidcProviderSeed {
    url: String,
    #[serde(default)]
    client_ids: Vec<String>,
    #[serde(default)]
    thumbprints: Vec<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

impl OidcProviderSeed {
    /// The request that makes the provider.
    pub(super) fn creation(&self) -> ApiCall {
        ApiCall::new("CreateOpenIDConnectProvider")
            .with("Url", &self.url)
            .with_list("ClientIDList", &self.client_ids)
            .with_list("ThumbprintList", &self.thumbprints)
            .with_tags(&self.tags)
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
    private_keys: Vec<Secret<String>>,
    /// Where more of them are, seen from the seed's own folder.
    #[serde(default)]
    private_key_files: Vec<PathBuf>,
    /// What those files hold.
    #[serde(skip)]
    read_keys: Vec<Secret<String>>,
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
    /// Reads the metadata and the keys, where they are in files of their own.
    ///
    /// # Errors
    /// What is wrong, and where, seen from `path`, the provider's own.
    pub(super) fn load(&mut self, folder: &FilePath, path: &Path) -> Result<(), (Path, String)> {
        match (&self.metadata, &self.metadata_file) {
            (Some(_), None) => {}
            (None, Some(file)) => {
                let read = read(&folder.join(file));
                self.metadata =
                    Some(read.map_err(|message| (path.member("metadata_file"), message))?);
            }
            _ => {
                let message = "a SAML provider has either metadata or a metadata_file";
                return Err((path.clone(), message.to_owned()));
            }
        }
        for (number, file) in self.private_key_files.iter().enumerate() {
            let read = read(&folder.join(file));
            let key = read.map_err(|message| (path.element("private_key_files", number), message));
            self.read_keys.push(Secret::new(key?));
        }
        Ok(())
    }

    /// The request that makes the provider, whose metadata have been read.
    pub(super) fn creation(&self) -> ApiCall {
        ApiCall::new("CreateSAMLProvider")
            .with("Name", &self.name)
            .with_some("SAMLMetadataDocument", self.metadata.as_deref())
            .with_tags(&self.tags)
    }

    /// The requests that give the provider its keys, and where in the file each stands.
    pub(super) fn keys(
        &self,
        account: AccountId,
        path: &Path,
    ) -> impl Iterator<Item = (Path, ApiCall)> {
        let list = |name: &'static str, keys: &[Secret<String>]| {
            let keys = keys.iter().enumerate();
            let call = |key: &Secret<String>| self.update(account, "AddPrivateKey", key.expose());
            keys.map(|(number, key)| (path.element(name, number), call(key))).collect::<Vec<_>>()
        };
        let given = list("private_keys", &self.private_keys);
        given.into_iter().chain(list("private_key_files", &self.read_keys))
    }

    /// The request that says whether assertions must be encrypted.
    pub(super) fn encryption(&self, account: AccountId) -> Option<ApiCall> {
        let mode = match self.assertion_encryption? {
            AssertionEncryption::Required => "Required",
            AssertionEncryption::Allowed => "Allowed",
        };
        Some(self.update(account, "AssertionEncryptionMode", mode))
    }

    fn update(&self, account: AccountId, member: &str, value: &str) -> ApiCall {
        let arn = Arn::saml_provider(account, &self.name).to_string();
        ApiCall::new("UpdateSAMLProvider").with("SAMLProviderArn", &arn).with(member, value)
    }
}

fn read(file: &FilePath) -> Result<String, String> {
    let read = std::fs::read_to_string(file);
    read.map_err(|error| format!("{} cannot be read: {error}", file.display()))
}
