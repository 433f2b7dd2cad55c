//! Sessions for whoever an identity provider vouches for: with a token of OpenID Connect, shown by the
//! user, by the client itself or by a provider in code, and with a SAML response that a browser brings.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{ACCOUNT, Walk, identity_providers, policies};
use crate::conformance::call::{Maker, NOBODY, Who};
use crate::conformance::{expect, idp, tool};

impl Walk {
    /// Lets the account trust the identity provider, and shows it a token without any credentials.
    pub(super) fn with_web_identity(&mut self) -> Result<()> {
        // Older clients insist on a thumbprint.
        let create = json!({
            "Url": self.idp.issuer(),
            "ClientIDList": [idp::CLIENT],
            "ThumbprintList": [identity_providers::THUMBPRINT],
        });
        let made = self.as_root("iam", "CreateOpenIDConnectProvider", create)?;
        let oidc = expect::text(&made, "/OpenIDConnectProviderArn")?;
        let create = json!({"Name": "Idp", "SAMLMetadataDocument": self.idp.metadata()?});
        let made = self.as_root("iam", "CreateSAMLProvider", create)?;
        let saml = expect::text(&made, "/SAMLProviderArn")?;
        let by = |provider: &str, action: &str, condition: Value| {
            let principal = json!({"Federated": provider});
            json!({"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition})
        };
        let subject = format!("{}:sub", self.idp.host());
        let trust = policies::document(json!([
            by(
                oidc,
                "sts:AssumeRoleWithWebIdentity",
                json!({"StringEquals": {subject: idp::USER}})
            ),
            by(saml, "sts:AssumeRoleWithSAML", json!({"StringEquals": {"SAML:aud": SIGN_IN}})),
        ]));
        let role = json!({"RoleName": ROLE, "AssumeRolePolicyDocument": trust});
        self.as_root("iam", "CreateRole", role)?;

        let token = self.idp.token()?;
        let input =
            json!({"RoleArn": ROLE_ARN, "RoleSessionName": "shown", "WebIdentityToken": token});
        let given = self.call(NOBODY, "sts", "AssumeRoleWithWebIdentity", input)?;
        let given = expect::answer(given)?;
        for (path, expected) in [
            ("/SubjectFromWebIdentityToken", idp::USER),
            ("/Audience", idp::CLIENT),
            ("/Provider", oidc),
            ("/AssumedRoleUser/Arn", &session("shown")),
        ] {
            expect::equal(path, expect::text(&given, path)?, expected)?;
        }
        let keys = expect::keys(&given, "/Credentials", "ASIA")?;
        let id = expect::text(&given, "/AssumedRoleUser/AssumedRoleId")?;
        expect::identity(self.identity(&keys)?, &session("shown"), id)
    }

    /// The client finds the token in a file: one that its environment names, as in a pod of EKS, and one
    /// that a profile names.
    pub(super) fn token_file(&mut self) -> Result<()> {
        let file = self.with.sandbox.file("token");
        fs::write(&file, self.idp.token()?)?;
        let file = file.to_str().context("a path that is no text")?;
        let pod = [
            ("AWS_ROLE_ARN", ROLE_ARN),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", file),
            ("AWS_ROLE_SESSION_NAME", "pod"),
        ];
        self.is_session(Who::Environment(&pod), "pod")?;
        self.with.sandbox.write_profiles(&[(
            "federated",
            &[
                ("role_arn", ROLE_ARN),
                ("web_identity_token_file", file),
                ("role_session_name", "profile"),
            ],
        )])?;
        self.is_session(Who::Profile("federated"), "profile")
    }

    /// A provider that code sets up shows the token.
    pub(super) fn token_in_code(&mut self) -> Result<()> {
        let token = self.idp.token()?;
        let input =
            json!({"RoleArn": ROLE_ARN, "RoleSessionName": "code", "WebIdentityToken": token});
        let (maker, keys) = (Maker::WebIdentity, None);
        self.is_session(Who::Made { maker, input: &input, keys, answer: None }, "code")
    }

    /// Somebody signs in at the identity provider's page, takes what it would post to AWS to STS, and
    /// keeps the session in a profile.
    pub(super) fn with_saml(&mut self) -> Result<()> {
        let browser = self.with.assistant.as_ref().context("there is no Python")?;
        let mut browser = browser.script("sign_in.py", &self.with.sandbox);
        browser.args([&self.idp.sign_in_page(), idp::USER, idp::PASSWORD]);
        let signed_in: Value = serde_json::from_str(&tool::run(&mut browser)?)?;
        expect::equal("where it posts to", expect::text(&signed_in, "/action")?, SIGN_IN)?;
        let roles = signed_in.pointer("/roles");
        ensure!(
            roles == Some(&json!([[ROLE_ARN, SAML], [OTHER_ROLE, OTHER_SAML]])),
            "roles to choose from: {roles:?}"
        );

        let response = expect::text(&signed_in, "/response")?;
        let input = json!({"RoleArn": ROLE_ARN, "PrincipalArn": SAML, "SAMLAssertion": response});
        let given = expect::answer(self.call(NOBODY, "sts", "AssumeRoleWithSAML", input)?)?;
        for (path, expected) in [
            ("/Subject", idp::USER),
            ("/SubjectType", "persistent"),
            ("/Issuer", &format!("{}/saml/metadata", self.idp.issuer())),
            ("/Audience", SIGN_IN),
            ("/AssumedRoleUser/Arn", &session(idp::USER)),
        ] {
            expect::equal(path, expect::text(&given, path)?, expected)?;
        }
        ensure!(expect::bytes(&given, "/NameQualifier")?.len() == 20, "no hash: {given}");
        let keys = expect::keys(&given, "/Credentials", "ASIA")?;
        self.with.sandbox.write_profiles(&[(
            "saml",
            &[
                ("aws_access_key_id", &keys.id),
                ("aws_secret_access_key", &keys.secret),
                ("aws_session_token", keys.token.as_deref().unwrap_or_default()),
            ],
        )])?;
        self.is_session(Who::Profile("saml"), idp::USER)
    }

    fn is_session(&mut self, who: Who<'_>, name: &str) -> Result<()> {
        let told = expect::answer(self.identity_of(who)?).with_context(|| name.to_owned())?;
        expect::equal("Arn", expect::text(&told, "/Arn")?, &session(name))
    }
}

fn session(name: &str) -> String {
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{name}")
}

/// The role that trusts the identity provider.
pub(super) const ROLE: &str = "federated";
const ROLE_ARN: &str = "arn:aws:iam::000000000000:role/federated";
const SAML: &str = "arn:aws:iam::000000000000:saml-provider/Idp";
const OTHER_ROLE: &str = "arn:aws:iam::111122223333:role/auditor";
const OTHER_SAML: &str = "arn:aws:iam::111122223333:saml-provider/Idp";
const SIGN_IN: &str = "https://signin.aws.amazon.com/saml";
