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
    /// The parameters, by AWS's names; all of them are text or numbers.
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
    /// Whoever the client makes of a profile in its configuration file.
    Profile(&'a str),
    /// The same, where the client asks for something at its terminal.
    Prompted { profile: &'a str, answer: &'a str },
}

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
    /// AWS's answer, by AWS's names.
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
