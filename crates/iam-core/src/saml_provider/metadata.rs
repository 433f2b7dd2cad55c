use daypass_federation::saml::Metadata;
use daypass_model::ServiceError;

use crate::errors::InvalidInput;

/// Reads a metadata document and answers until when it holds, in Unix seconds. One that does not
/// say so holds for a hundred years, as with AWS.
///
/// # Errors
/// `InvalidInput` for what is no metadata of an identity provider, or begins with a byte order mark.
pub(super) fn valid_until(document: &str, now: i64) -> Result<i64, ServiceError> {
    if document.starts_with('\u{feff}') {
        return Err(InvalidInput::Metadata.into());
    }
    let metadata = Metadata::parse(document).map_err(|_| InvalidInput::Metadata)?;
    Ok(metadata.valid_until().map_or(now.saturating_add(A_CENTURY), |until| until.secs()))
}

/// Seconds of a hundred years. Whenever they begin in this century, 24 of them are leap years.
const A_CENTURY: i64 = (100 * 365 + 24) * 24 * 60 * 60;
