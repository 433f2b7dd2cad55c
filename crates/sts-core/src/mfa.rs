//! Multi-factor authentication of a call.

use crate::errors::StsError;

/// Checks the serial number and code that a call gives, if it gives them.
///
/// No user has a device as long as `CreateVirtualMFADevice` is not built, so that every serial
/// number is one that AWS would not know.
pub(crate) fn check(serial: Option<&str>, code: Option<&str>) -> Result<(), StsError<'static>> {
    match (serial, code) {
        (None, None) => Ok(()),
        (Some(_), Some(_)) => Err(StsError::MfaUnknownDevice),
        _ => Err(StsError::MfaIncomplete),
    }
}
