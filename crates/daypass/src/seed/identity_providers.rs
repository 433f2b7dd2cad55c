//! Identity providers in a seed: OpenID Connect's and SAML's.
//!
//! ```toml
//! [[accounts]]
//! id = "111122223333"
//!
//! [[accounts.oidc_providers]]
//! url = "https://token.actions.githubusercontent.com"
//! client_ids = ["sts.amazonaws.com"]
//! thumbprints = []                        # for issuers whose certificate no known authority issued
//!
//! [[accounts.saml_providers]]
//! name = "corp"
//! metadata_file = "idp-metadata.xml"      # beside the seed; or `metadata`, the document itself
//! tags = { team = "red" }
//! ```

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use serde::Deserialize;

use super::api_call::ApiCall;

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
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

impl SamlProviderSeed {
    /// Reads the metadata, where they are in a file of their own.
    ///
    /// # Errors
    /// What is wrong, and with which member of the seed; `None` stands for the whole provider.
    pub(super) fn load(&mut self, folder: &FilePath) -> Result<(), (Option<&'static str>, String)> {
        match (&self.metadata, &self.metadata_file) {
            (Some(_), None) => Ok(()),
            (None, Some(file)) => {
                let file = folder.join(file);
                let read = std::fs::read_to_string(&file).map_err(|error| {
                    (Some("metadata_file"), format!("{} cannot be read: {error}", file.display()))
                });
                self.metadata = Some(read?);
                Ok(())
            }
            _ => Err((None, "a SAML provider has either metadata or a metadata_file".to_owned())),
        }
    }

    /// The request that makes the provider, whose metadata have been read.
    pub(super) fn creation(&self) -> ApiCall {
        ApiCall::new("CreateSAMLProvider")
            .with("Name", &self.name)
            .with_some("SAMLMetadataDocument", self.metadata.as_deref())
            .with_tags(&self.tags)
    }
}
