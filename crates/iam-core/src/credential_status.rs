//! Whether a credential is in use, as requests and answers say it.

use daypass_model::ServiceError;
use daypass_model::iam::StatusType;
use daypass_state::record::KeyStatus;

use crate::errors::ValidationError;

/// As answers say it.
pub(crate) fn shown(status: KeyStatus) -> StatusType {
    match status {
        KeyStatus::Active => StatusType::Active,
        KeyStatus::Inactive => StatusType::Inactive,
    }
}

/// What a request sets.
///
/// # Errors
/// `ValidationError` for `Expired`, which is what time makes of a key: nobody sets it.
pub(crate) fn stored(status: StatusType) -> Result<KeyStatus, ServiceError> {
    match status {
        StatusType::Active => Ok(KeyStatus::Active),
        StatusType::Inactive => Ok(KeyStatus::Inactive),
        StatusType::Expired => Err(ValidationError::AccessKeyStatus.into()),
    }
}
