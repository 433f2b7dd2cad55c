//! The services that have such credentials.

/// What a service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A user name and a password.
    Password,
    /// One text, which may expire.
    ApiKey,
}

/// What a service takes; `None` for one that has no such credentials.
pub(super) fn form(service: &str) -> Option<Form> {
    SERVICES.iter().find(|(name, _)| *name == service).map(|(_, form)| *form)
}

/// IAM API Reference, `CreateServiceSpecificCredential`.
const SERVICES: [(&str, Form); 6] = [
    ("codecommit.amazonaws.com", Form::Password),
    ("cassandra.amazonaws.com", Form::Password),
    (BEDROCK, Form::ApiKey),
    ("aws-external-anthropic.amazonaws.com", Form::ApiKey),
    ("cloudwatch.amazonaws.com", Form::ApiKey),
    ("logs.amazonaws.com", Form::ApiKey),
];

/// Its API keys have a form of their own.
pub(super) const BEDROCK: &str = "bedrock.amazonaws.com";
