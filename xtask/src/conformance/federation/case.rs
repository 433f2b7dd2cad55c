//! The collections as `fixtures/federation` keeps them, read into trials.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use super::kind;
use super::trial::{Provider, SESSION_NAME, Trial};

/// Tokens or responses of one maker.
#[derive(Debug)]
pub(crate) enum Collection {
    Oidc(Tokens),
    /// The folder with `cases.json`, `cases` and the metadata.
    Saml(PathBuf),
}

/// What `oidc/pyjwt.json` is.
#[derive(Debug, Deserialize)]
pub(crate) struct Tokens {
    jwks: Value,
    tokens: Vec<Token>,
}

#[derive(Debug, Deserialize)]
struct Token {
    name: String,
    answer: String,
    token: String,
}

/// A line of `saml/cases.json`.
#[derive(Debug, Deserialize)]
struct Response {
    name: String,
    expected: String,
    now: Option<String>,
    /// Whom it is about, and the session's name, where they are not those of all others.
    subject: Option<String>,
    session_name: Option<String>,
    #[serde(flatten)]
    provider: Registration,
}

/// How the provider is registered that a response is shown to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Registration {
    #[serde(default = "usual_metadata")]
    metadata: String,
    /// Whether it must encrypt.
    #[serde(default)]
    encrypted: bool,
    /// Whether it has the key to decrypt with.
    #[serde(default = "yes")]
    decryption_keys: bool,
}

/// Something to show to STS.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    /// A token, or a response in Base64.
    pub(crate) evidence: String,
    /// The time at which the verdict holds, as the service clock takes it.
    pub(crate) now: String,
    /// The code of the error, if it must be refused.
    pub(crate) error: Option<&'static str>,
    /// Whom it is about, as the XML of the answer has it, and the session's name.
    pub(crate) subject: String,
    pub(crate) session_name: String,
}

impl Collection {
    /// Reads tokens and the keys that they are signed with.
    pub(crate) fn tokens(json: &str) -> Result<Self> {
        serde_json::from_str(json).map(Self::Oidc).context("these are no tokens")
    }

    /// The cases, with the provider that each is shown to.
    pub(crate) fn trials(self) -> Result<Vec<Trial>> {
        match self {
            Self::Oidc(tokens) => Ok(vec![tokens.trial()]),
            Self::Saml(folder) => responses(&folder),
        }
    }
}

impl Tokens {
    fn trial(self) -> Trial {
        let case = |Token { name, answer, token }| Case {
            kind: kind::of(kind::OIDC, &name, &answer),
            error: token_error(&answer),
            name,
            evidence: token,
            now: TOKENS_NOW.to_owned(),
            subject: "ana".to_owned(),
            session_name: SESSION_NAME.to_owned(),
        };
        let cases = self.tokens.into_iter().map(case).collect();
        Trial { provider: Provider::Oidc { keys: self.jwks.to_string() }, cases }
    }
}

fn responses(folder: &Path) -> Result<Vec<Trial>> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
    };
    let responses: Vec<Response> = serde_json::from_str(&read("cases.json")?)?;
    let mut trials: Vec<(Registration, Trial)> = Vec::new();
    for Response { name, mut expected, now, subject, session_name, provider } in responses {
        if name == TAG_WITH_AN_AMPERSAND {
            "Attribute".clone_into(&mut expected);
        }
        let case = Case {
            kind: kind::of(kind::SAML, &name, &expected),
            error: response_error(&name, &expected),
            evidence: STANDARD.encode(read(&format!("cases/{name}.xml"))?),
            now: now.unwrap_or_else(|| RESPONSES_NOW.to_owned()),
            subject: escaped(subject.as_deref().unwrap_or("ana@example.com")),
            session_name: session_name.unwrap_or_else(|| "ana".to_owned()),
            name,
        };
        if let Some((_, trial)) = trials.iter_mut().find(|(of, _)| *of == provider) {
            trial.cases.push(case);
            continue;
        }
        let key = provider.decryption_keys.then(|| read("provider-key.pem")).transpose()?;
        let metadata = read(&provider.metadata)?;
        let of = Provider::Saml { metadata, key, encrypted: provider.encrypted };
        trials.push((provider, Trial { provider: of, cases: vec![case] }));
    }
    Ok(trials.into_iter().map(|(_, trial)| trial).collect())
}

/// The code that AWS answers for a verdict on a token (STS API Reference, `AssumeRoleWithWebIdentity`).
fn token_error(verdict: &str) -> Option<&'static str> {
    match verdict {
        "accepted" => None,
        "expired" => Some("ExpiredTokenException"),
        "rejected-claim" => Some("IDPRejectedClaim"),
        // Longer than any.
        "too-long" => Some("ValidationError"),
        _ => Some(INVALID),
    }
}

/// The same for a response, of which STS looks at more than the verdict does.
fn response_error(name: &str, verdict: &str) -> Option<&'static str> {
    match (name, verdict) {
        // It is shorter than any.
        ("empty", _) => Some("ValidationError"),
        (_, "accepted") => None,
        (_, "Expired" | "NotYetValid") => Some("ExpiredTokenException"),
        (_, "Role") => Some("AccessDenied"),
        _ => Some(INVALID),
    }
}

/// As XML has it between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn usual_metadata() -> String {
    "metadata.xml".to_owned()
}

fn yes() -> bool {
    true
}

/// A response that is signed well, and carries a session tag that STS does not take.
const TAG_WITH_AN_AMPERSAND: &str = "attributes";
const INVALID: &str = "InvalidIdentityToken";
/// When the READMEs of the collections have them looked at.
const TOKENS_NOW: &str = "2026-01-01T00:10:00Z";
const RESPONSES_NOW: &str = "2026-01-15T12:01:00Z";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    #[test]
    fn responses_are_sorted_by_their_providers() {
        let folder = paths::root().join("fixtures/federation/saml");
        let trials = Collection::Saml(folder).trials().unwrap();
        assert!(trials.len() > 3 && trials[0].cases.len() > 100, "{}", trials.len());
    }
}
