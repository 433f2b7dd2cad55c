use daypass_model::sts::errors::EXPIRED_TOKEN;
use daypass_model::{ServiceError, common};

/// Why `AssumeRole` takes no context. Of AWS it is on record only that the operation knows
/// `ExpiredTokenException`, and that a session has one context: codes and sentences are those of what
/// is most like it.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(crate) enum ContextError<'a> {
    #[error("ProvidedContexts must give a ProviderArn and a ContextAssertion.")]
    Incomplete,
    #[error("ProvidedContexts must give one context assertion only.")]
    Several,
    /// As of other ARNs.
    #[error("{0} is invalid")]
    Provider(&'a str),
    /// Nobody sealed it, somebody else did, or it has been changed: nothing is told of which.
    #[error("The context assertion is invalid.")]
    Assertion,
    #[error("The context assertion is expired.")]
    Expired,
}

impl From<ContextError<'_>> for ServiceError {
    fn from(error: ContextError<'_>) -> Self {
        let shape = match error {
            ContextError::Incomplete
            | ContextError::Several
            | ContextError::Provider(_)
            | ContextError::Assertion => &common::VALIDATION_ERROR,
            ContextError::Expired => &EXPIRED_TOKEN,
        };
        shape.with(error.to_string())
    }
}
