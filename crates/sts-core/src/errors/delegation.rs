use daypass_model::sts::errors::EXPIRED_TRADE_IN_TOKEN;
use daypass_model::{ServiceError, common};

/// Why `GetDelegatedAccessToken` takes no token. AWS's sentences are not on record.
#[derive(Debug, Clone, Copy, thiserror::Error)]
pub(crate) enum DelegationError {
    /// Nobody sent it to the caller's account, or who accepted the request is gone.
    #[error("The trade-in token is not valid.")]
    Invalid,
    #[error("The trade-in token has expired.")]
    Expired,
}

impl From<DelegationError> for ServiceError {
    fn from(error: DelegationError) -> Self {
        let shape = match error {
            DelegationError::Invalid => &common::INVALID_PARAMETER_VALUE,
            DelegationError::Expired => &EXPIRED_TRADE_IN_TOKEN,
        };
        shape.with(error.to_string())
    }
}
