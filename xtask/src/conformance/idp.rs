//! daypass's own identity provider, in a process beside the walks.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Folders, http};
use crate::server::{self, Server};

/// A running identity provider.
#[derive(Debug)]
pub(crate) struct Idp {
    server: Server,
}

impl Idp {
    /// Starts it with one user.
    pub(crate) fn start(folders: &Folders) -> Result<Self> {
        let settings = folders.work.join("home/idp.toml");
        fs::create_dir_all(folders.work.join("home"))?;
        fs::write(&settings, SETTINGS)?;
        let mut daypass = Command::new(server::binary(&folders.target, "debug"));
        daypass.env_clear().args(["idp", "--listen", "127.0.0.1:0", "--config"]).arg(settings);
        Ok(Self { server: Server::start(&mut daypass, &folders.work.join("logs/idp.log"))? })
    }

    /// Host and port, which is what its provider is called in ARNs and condition keys.
    pub(crate) fn host(&self) -> &str {
        self.server.address()
    }

    /// The issuer of its tokens.
    pub(crate) fn issuer(&self) -> String {
        self.server.endpoint()
    }

    /// A token of its user's.
    pub(crate) fn token(&self) -> Result<String> {
        let form = format!(
            "grant_type=password&username={USER}&password={PASSWORD}&client_id={CLIENT}&client_secret=known"
        );
        let answer = http::post_form(self.host(), "/token", &form)?.accepted()?;
        let answer: Value = serde_json::from_str(&answer)?;
        let token = answer.get("id_token").and_then(Value::as_str).context("there is no token")?;
        Ok(token.to_owned())
    }

    /// The metadata of the SAML provider.
    pub(crate) fn metadata(&self) -> Result<String> {
        http::get(self.host(), "/saml/metadata")?.accepted()
    }

    /// Where its user signs in.
    pub(crate) fn sign_in_page(&self) -> String {
        format!("{}/saml/sso", self.server.endpoint())
    }
}

/// Its user.
pub(crate) const USER: &str = "ana";
pub(crate) const PASSWORD: &str = "lake";

/// The client that its tokens are for.
pub(crate) const CLIENT: &str = "walk";

const SETTINGS: &str = r#"
[[idp.clients]]
id = "walk"
secret = "known"

[[idp.users]]
name = "ana"
password = "lake"
roles = [
    "arn:aws:iam::000000000000:role/federated,arn:aws:iam::000000000000:saml-provider/Idp",
    "arn:aws:iam::111122223333:saml-provider/Idp,arn:aws:iam::111122223333:role/auditor",
]
"#;
