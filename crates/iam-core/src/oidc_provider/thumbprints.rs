use daypass_model::ServiceError;

use crate::errors::InvalidInput;
use crate::quotas::THUMBPRINTS_PER_OIDC_PROVIDER;

/// The thumbprints of a request as they are kept: in lower case. AWS looks at their number and
/// length, never whether they are hexadecimal; one that is not fits no certificate.
///
/// # Errors
/// `InvalidInput` when there are too many.
pub(super) fn accept(given: &[String]) -> Result<Vec<String>, ServiceError> {
    if given.len() > THUMBPRINTS_PER_OIDC_PROVIDER {
        return Err(InvalidInput::Thumbprints.into());
    }
    Ok(given.iter().map(|thumbprint| thumbprint.to_ascii_lowercase()).collect())
}
