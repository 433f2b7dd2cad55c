//! One call of an AWS client, and what may come of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A call, as every client understands it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call<'a> {
    /// `iam` or `sts`.
    pub(crate) service: &'a str,
    /// AWS's name, such as `CreateUser`.
    pub(crate) operation: &'a str,
    /// The parameters, by AWS's names.
    pub(crate) input: Value,
    #[serde(flatten)]
    pub(crate) who: Who<'a>,
}

/// Who calls.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Who<'a> {
    /// Whoever holds these keys.
    Keys(&'a Keys),
    /// Whoever the client finds by these variables of its environment, and without any, nobody.
    Environment(&'a [(&'a str, &'a str)]),
    /// Whoever the client makes of a profile in its configuration file. Clients that are libraries read it once.
    Profile(&'a str),
    /// The same, where the client asks for something at its terminal.
    Prompted { profile: &'a str, prompt: &'a str, answer: &'a str },
    /// Whoever a provider gets the credentials of, that code has set up.
    Made {
        maker: Maker,
        /// The parameters of its call, by AWS's names.
        input: &'a Value,
        /// Whose keys it makes its call with, if that is signed.
        #[serde(skip_serializing_if = "Option::is_none")]
        keys: Option<&'a Keys>,
        /// The code that it is told when it asks for one.
        #[serde(skip_serializing_if = "Option::is_none")]
        answer: Option<&'a str>,
    },
}

/// What a provider calls.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Maker {
    AssumeRole,
    WebIdentity,
}

/// Nobody: the call is not signed.
pub(crate) const NOBODY: Who<'static> = Who::Environment(&[]);

/// An access key of one user or session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
}

impl Keys {
    /// A long-term access key.
    pub(crate) fn long_term(id: &str, secret: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned(), token: None }
    }
}

/// What came of a call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// AWS's answer, by AWS's names; bytes are in base64.
    Answer(Value),
    /// AWS's refusal.
    Refusal(Refusal),
    /// The client itself gave up.
    Broken(String),
}

/// A refusal by AWS.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    /// The HTTP status, where the client shows it.
    pub(crate) status: Option<u16>,
    pub(crate) message: String,
}

/// A real client.
pub(crate) trait Client {
    /// Makes a call and waits for what comes of it.
    ///
    /// # Errors
    ///
    /// The client cannot be talked to any more.
    fn call(&mut self, call: &Call<'_>) -> anyhow::Result<Outcome>;
}
