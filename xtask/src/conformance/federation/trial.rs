//! A daypass, a provider registered in it, and what is shown to it.

use std::path::Path;

use anyhow::Result;

use super::case::Case;
use super::daypass::{Answer, Daypass};
use super::kind::{OIDC_REPLAYED, Outcome, SAML_REPLAYED, Tally};
use crate::conformance::Folders;

/// Cases for one provider.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) provider: Provider,
    pub(crate) cases: Vec<Case>,
}

/// Whom an account trusts.
#[derive(Debug)]
pub(crate) enum Provider {
    /// Its keys, as a JSON Web Key Set.
    Oidc { keys: String },
    /// Its metadata, the key to decrypt with in PEM, and whether it must encrypt.
    Saml { metadata: String, key: Option<String>, encrypted: bool },
}

impl Trial {
    /// How many cases there are.
    pub(crate) fn len(&self) -> usize {
        self.cases.len()
    }

    /// Shows all cases to a daypass of its own, each at its time; and what was accepted once more, a
    /// day later.
    pub(crate) fn hold(&self, folders: &Folders, work: &Path, tally: &mut Tally) -> Result<()> {
        let daypass = Daypass::start(folders, work, self.provider.keys())?;
        self.provider.register(&daypass)?;
        for case in &self.cases {
            daypass.set_clock(&case.now)?;
            let answer = self.provider.show(&daypass, &case.evidence)?;
            let outcome = match (&case.error, answer.is_accepted()) {
                (None, true) => self.provider.check(&daypass, case, &answer)?,
                (None, false) => Outcome::RefusedWrongly(answer.error()),
                (Some(_), true) => Outcome::AcceptedWrongly,
                (Some(code), false) => refused(&answer, code),
            };
            let accepted = matches!(outcome, Outcome::Accepted);
            tally.count(case.kind, &case.name, outcome);
            if accepted {
                daypass.advance_clock(86_400)?;
                let answer = self.provider.show(&daypass, &case.evidence)?;
                let outcome = match answer.is_accepted() {
                    true => Outcome::AcceptedWrongly,
                    false => refused(&answer, "ExpiredTokenException"),
                };
                tally.count(self.provider.replayed(), &case.name, outcome);
            }
        }
        Ok(())
    }
}

impl Provider {
    fn keys(&self) -> Option<&str> {
        match self {
            Self::Oidc { keys } => Some(keys),
            Self::Saml { .. } => None,
        }
    }

    fn register(&self, daypass: &Daypass) -> Result<()> {
        let (principal, role, action) = match self {
            Self::Oidc { .. } => {
                let parameters = [("Url", ISSUER), ("ClientIDList.member.1", "client")];
                daypass.iam("CreateOpenIDConnectProvider", &parameters)?;
                (OIDC_PROVIDER, "ci", "sts:AssumeRoleWithWebIdentity")
            }
            Self::Saml { metadata, key, encrypted } => {
                let mut parameters =
                    vec![("Name", "Example"), ("SAMLMetadataDocument", metadata.as_str())];
                parameters.extend(key.as_deref().map(|key| ("AddPrivateKey", key)));
                if *encrypted {
                    parameters.push(("AssertionEncryptionMode", "Required"));
                }
                daypass.iam("CreateSAMLProvider", &parameters)?;
                (SAML_PROVIDER, "Developer", "sts:AssumeRoleWithSAML")
            }
        };
        let trust = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": { "Federated": principal },
                "Action": [action, "sts:TagSession", "sts:SetSourceIdentity"],
            },
        });
        let trust = trust.to_string();
        let seconds = ("MaxSessionDuration", "43200");
        let parameters = [("RoleName", role), ("AssumeRolePolicyDocument", &trust), seconds];
        daypass.iam("CreateRole", &parameters)
    }

    /// Asks for a session, as one who has no credentials.
    fn show(&self, daypass: &Daypass, evidence: &str) -> Result<Answer> {
        match self {
            Self::Oidc { .. } => {
                let parameters = [
                    ("RoleArn", "arn:aws:iam::123456789012:role/ci"),
                    ("RoleSessionName", SESSION_NAME),
                    ("WebIdentityToken", evidence),
                ];
                daypass.sts("AssumeRoleWithWebIdentity", &parameters)
            }
            Self::Saml { .. } => {
                let parameters = [
                    ("RoleArn", "arn:aws:iam::123456789012:role/Developer"),
                    ("PrincipalArn", SAML_PROVIDER),
                    ("SAMLAssertion", evidence),
                ];
                daypass.sts("AssumeRoleWithSAML", &parameters)
            }
        }
    }

    /// Whether the answer says who it was, and its credentials do so, too.
    fn check(&self, daypass: &Daypass, case: &Case, answer: &Answer) -> Result<Outcome> {
        let (outputs, role): (&[(&str, &str)], _) = match self {
            Self::Oidc { .. } => (
                &[
                    ("SubjectFromWebIdentityToken", &case.subject),
                    ("Audience", "client"),
                    ("Provider", OIDC_PROVIDER),
                ],
                "ci",
            ),
            Self::Saml { .. } => (
                &[("Subject", &case.subject), ("Issuer", "https://idp.example.com/metadata")],
                "Developer",
            ),
        };
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{}", case.session_name);
        for (name, expected) in outputs.iter().copied().chain([("Arn", arn.as_str())]) {
            let said = answer.text(name).unwrap_or_default();
            if said != expected {
                return Ok(Outcome::AnsweredWrongly(format!("{name} is {said:?}")));
            }
        }
        let identity = daypass.identity(answer)?;
        Ok(match (identity.text("Arn"), answer.text("Arn")) {
            (Some(said), Some(arn)) if said == arn => Outcome::Accepted,
            _ => Outcome::AnsweredWrongly(format!("the session: {}", identity.error())),
        })
    }

    fn replayed(&self) -> &'static str {
        match self {
            Self::Oidc { .. } => OIDC_REPLAYED,
            Self::Saml { .. } => SAML_REPLAYED,
        }
    }
}

fn refused(answer: &Answer, code: &str) -> Outcome {
    match answer.text("Code") {
        Some(said) if said == code => Outcome::Refused,
        _ => Outcome::AnsweredWrongly(format!("{}, where {code} was due", answer.error())),
    }
}

/// Of all tokens in the collections.
pub(crate) const ISSUER: &str = "https://idp.example/realm";
/// How sessions of tokens are named.
pub(crate) const SESSION_NAME: &str = "build";
/// The account that everything is in.
pub(crate) const ACCOUNT: &str = "123456789012";
const OIDC_PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/idp.example/realm";
const SAML_PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/Example";
