//! An issuer of tokens and one of assertions that an account trusts for a while.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Walk;
use crate::conformance::call::Who;
use crate::conformance::expect;

impl Walk {
    pub(super) fn oidc_provider(&mut self) -> Result<()> {
        let provider = json!({"OpenIDConnectProviderArn": OIDC});
        let create = json!({
            "Url": "https://token.actions.githubusercontent.com",
            "ClientIDList": ["sts.amazonaws.com"],
            "ThumbprintList": ["6938FD4D98BAB03FAADB97B34396831E3780AEA1"],
        });
        let made = self.as_root("iam", "CreateOpenIDConnectProvider", create)?;
        expect::equal("ARN", expect::text(&made, "/OpenIDConnectProviderArn")?, OIDC)?;
        let found = self.as_root("iam", "GetOpenIDConnectProvider", provider.clone())?;
        let url = expect::text(&found, "/Url")?;
        expect::equal("URL", url, "token.actions.githubusercontent.com")?;
        let ids = found.pointer("/ClientIDList");
        ensure!(ids == Some(&json!(["sts.amazonaws.com"])), "client ids: {found}");
        let listed = self.as_root("iam", "ListOpenIDConnectProviders", json!({}))?;
        expect::names(&listed, "/OpenIDConnectProviderList", "Arn", &[OIDC])?;
        self.as_root("iam", "DeleteOpenIDConnectProvider", provider.clone())?;
        self.gone("GetOpenIDConnectProvider", provider, "OpenIDConnect Provider", OIDC)
    }

    pub(super) fn saml_provider(&mut self) -> Result<()> {
        let provider = json!({"SAMLProviderArn": SAML});
        let create = json!({"Name": "corp", "SAMLMetadataDocument": METADATA});
        let made = self.as_root("iam", "CreateSAMLProvider", create)?;
        expect::equal("ARN", expect::text(&made, "/SAMLProviderArn")?, SAML)?;
        let found = self.as_root("iam", "GetSAMLProvider", provider.clone())?;
        expect::equal("metadata", expect::text(&found, "/SAMLMetadataDocument")?, METADATA)?;
        let listed = self.as_root("iam", "ListSAMLProviders", json!({}))?;
        expect::names(&listed, "/SAMLProviderList", "Arn", &[SAML])?;
        self.as_root("iam", "DeleteSAMLProvider", provider.clone())?;
        self.gone("GetSAMLProvider", provider, "Manifest", SAML)
    }

    fn gone(&mut self, get: &str, provider: Value, what: &str, arn: &str) -> Result<()> {
        let root = self.root.clone();
        let outcome = self.call(Who::Keys(&root), "iam", get, provider)?;
        expect::refusal(outcome, "NoSuchEntity", 404, &format!("{what} not found for arn {arn}"))
    }
}

const OIDC: &str = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com";
const SAML: &str = "arn:aws:iam::000000000000:saml-provider/corp";

/// What an identity provider says of itself.
const METADATA: &str = include_str!("../../../../crates/iam-core/testdata/idp-metadata.xml");
