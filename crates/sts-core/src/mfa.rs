//! Multi-factor authentication of a call.
//!
//! The code is checked before the policies are asked, which may want it, and spent when the session
//! is made: so a call that is refused for another reason leaves it good, and of two calls with one
//! code only one gets a session. Spending it is the one effect of STS beside its answers; nothing is
//! written, so that no operation of STS is ever run twice.

use std::sync::Arc;

use daypass_authz::Call;
use daypass_ident::Principal;
use daypass_state::MfaDevice;
use daypass_state::record::KeyOwner;
use daypass_token::Mfa;

use crate::errors::StsError;

/// A code that the call gives, and that a device of its caller's shows now.
#[derive(Debug)]
pub(crate) struct Proof {
    device: Arc<MfaDevice>,
    step: i64,
    now: i64,
}

/// Checks the serial number and code that a call gives. `None`: it gives neither.
///
/// # Errors
/// AWS's refusals of one without the other, of a device that is not the caller's own, and of a code
/// that it does not show now, or that was spent.
pub(crate) fn check(
    serial: Option<&str>,
    code: Option<&str>,
    call: &Call,
) -> Result<Option<Proof>, StsError<'static>> {
    let (serial, code) = match (serial, code) {
        (None, None) => return Ok(None),
        (Some(serial), Some(code)) => (serial, code),
        _ => return Err(StsError::MfaIncomplete),
    };
    let device = device(serial, call).ok_or(StsError::MfaUnknownDevice)?;
    let now = call.now.secs();
    let step = code.parse().ok().and_then(|code| device.verify(code, now));
    let step = step.ok_or(StsError::MfaInvalidCode)?;
    Ok(Some(Proof { device: Arc::clone(device), step, now }))
}

impl Proof {
    /// Spends the code, and gives what the session is to say of it.
    ///
    /// # Errors
    /// [`StsError::MfaInvalidCode`] when another call has been quicker.
    pub(crate) fn spend(self) -> Result<Mfa, StsError<'static>> {
        if !self.device.spend(self.step) {
            return Err(StsError::MfaInvalidCode);
        }
        let serial = self.device.serial_number().to_string();
        Ok(Mfa { serial, authenticated_at: self.now })
    }
}

/// The caller's device of this serial number. Only users and root users have any.
fn device<'a>(serial: &str, call: &'a Call) -> Option<&'a Arc<MfaDevice>> {
    let owner = match call.caller.principal() {
        Principal::Root { .. } => KeyOwner::Root,
        Principal::User { id, .. } => KeyOwner::User(*id),
        _ => return None,
    };
    let device = call.entities().mfa_device(serial);
    device.filter(|device| device.owner() == Some(owner))
}

#[cfg(test)]
mod tests;
