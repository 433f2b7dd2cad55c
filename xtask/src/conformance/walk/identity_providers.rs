//! An issuer of tokens and one of assertions that an account trusts for a while.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Walk;
use super::policies::joined;
use crate::conformance::call::Who;
use crate::conformance::expect;

impl Walk {
    pub(super) fn oidc_provider(&mut self) -> Result<()> {
        let provider = json!({"OpenIDConnectProviderArn": OIDC});
        let with = |more: Value| joined(&provider, &more);
        let create = json!({
            "Url": "https://token.actions.githubusercontent.com",
            "ClientIDList": ["sts.amazonaws.com"],
            "ThumbprintList": ["990f4193972f2becf12ddeda5237f9c952f20d9e"],
            "Tags": [{"Key": "team", "Value": "red"}],
        });
        let made = self.as_root("iam", "CreateOpenIDConnectProvider", create)?;
        expect::equal("ARN", expect::text(&made, "/OpenIDConnectProviderArn")?, OIDC)?;

        let client = with(json!({"ClientID": "corp"}));
        self.as_root("iam", "AddClientIDToOpenIDConnectProvider", client)?;
        let client = with(json!({"ClientID": "sts.amazonaws.com"}));
        self.as_root("iam", "RemoveClientIDFromOpenIDConnectProvider", client)?;
        let thumbprints = with(json!({"ThumbprintList": [THUMBPRINT.to_uppercase()]}));
        self.as_root("iam", "UpdateOpenIDConnectProviderThumbprint", thumbprints)?;
        self.tag("OpenIDConnectProvider", &provider)?;

        let found = self.as_root("iam", "GetOpenIDConnectProvider", provider.clone())?;
        let url = expect::text(&found, "/Url")?;
        expect::equal("URL", url, "token.actions.githubusercontent.com")?;
        is(&found, "/ClientIDList", json!(["corp"]))?;
        is(&found, "/ThumbprintList", json!([THUMBPRINT]))?;
        is(&found, "/Tags", json!([{"Key": "stage", "Value": "test"}]))?;
        let listed = self.as_root("iam", "ListOpenIDConnectProviders", json!({}))?;
        expect::names(&listed, "/OpenIDConnectProviderList", "Arn", &[OIDC])?;
        self.as_root("iam", "DeleteOpenIDConnectProvider", provider.clone())?;
        self.gone("GetOpenIDConnectProvider", provider, "OpenIDConnect Provider", OIDC)
    }

    pub(super) fn saml_provider(&mut self) -> Result<()> {
        let provider = json!({"SAMLProviderArn": SAML});
        let tags = json!([{"Key": "team", "Value": "red"}]);
        let create = json!({"Name": "corp", "SAMLMetadataDocument": METADATA, "Tags": tags});
        let made = self.as_root("iam", "CreateSAMLProvider", create)?;
        expect::equal("ARN", expect::text(&made, "/SAMLProviderArn")?, SAML)?;

        let expiring =
            METADATA.replacen("entityID", "validUntil=\"2099-01-01T00:00:00Z\" entityID", 1);
        let update = joined(&provider, &json!({"SAMLMetadataDocument": expiring}));
        let updated = self.as_root("iam", "UpdateSAMLProvider", update)?;
        expect::equal("ARN", expect::text(&updated, "/SAMLProviderArn")?, SAML)?;
        self.tag("SAMLProvider", &provider)?;

        let found = self.as_root("iam", "GetSAMLProvider", provider.clone())?;
        expect::equal("metadata", expect::text(&found, "/SAMLMetadataDocument")?, &expiring)?;
        is(&found, "/Tags", json!([{"Key": "stage", "Value": "test"}]))?;
        let listed = self.as_root("iam", "ListSAMLProviders", json!({}))?;
        expect::names(&listed, "/SAMLProviderList", "Arn", &[SAML])?;
        let until = expect::text(&listed, "/SAMLProviderList/0/ValidUntil")?;
        ensure!(until.starts_with("2099-01-01"), "valid until {until}");
        self.as_root("iam", "DeleteSAMLProvider", provider.clone())?;
        self.gone("GetSAMLProvider", provider, "Manifest", SAML)
    }

    /// Puts the tag `stage` in the place of `team`.
    fn tag(&mut self, kind: &str, provider: &Value) -> Result<()> {
        let stage = json!([{"Key": "stage", "Value": "test"}]);
        let tags = joined(provider, &json!({"Tags": stage}));
        self.as_root("iam", &format!("Tag{kind}"), tags)?;
        let keys = joined(provider, &json!({"TagKeys": ["team"]}));
        self.as_root("iam", &format!("Untag{kind}"), keys)?;
        let listed = self.as_root("iam", &format!("List{kind}Tags"), provider.clone())?;
        is(&listed, "/Tags", stage)
    }

    fn gone(&mut self, get: &str, provider: Value, what: &str, arn: &str) -> Result<()> {
        let root = self.root.clone();
        let outcome = self.call(Who::Keys(&root), "iam", get, provider)?;
        expect::refusal(outcome, "NoSuchEntity", 404, &format!("{what} not found for arn {arn}"))
    }
}

fn is(answer: &Value, path: &str, expected: Value) -> Result<()> {
    let got = answer.pointer(path);
    ensure!(got == Some(&expected), "{path} is {got:?}, not {expected}");
    Ok(())
}

const OIDC: &str = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com";
const SAML: &str = "arn:aws:iam::000000000000:saml-provider/corp";
pub(super) const THUMBPRINT: &str = "6938fd4d98bab03faadb97b34396831e3780aea1";

/// What an identity provider says of itself.
const METADATA: &str = include_str!("../../../../crates/iam-core/testdata/idp-metadata.xml");
