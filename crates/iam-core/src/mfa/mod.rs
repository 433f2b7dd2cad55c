//! Virtual MFA devices (IAM User Guide, "AWS Multi-factor authentication in IAM"): what they show is
//! `daypass_totp`'s to know.

mod create_virtual_mfa_device;
mod deactivate_mfa_device;
mod delete_virtual_mfa_device;
mod enable_mfa_device;
mod get_mfa_device;
mod list_mfa_device_tags;
mod list_mfa_devices;
mod list_virtual_mfa_devices;
mod qr_code;
mod resync_mfa_device;
mod tag_mfa_device;
mod untag_mfa_device;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use daypass_authz::{Call, Scope, Target, Targets};
use daypass_ident::{AccountId, Arn, Principal};
use daypass_model::ServiceError;
use daypass_state::record::KeyOwner;
use daypass_state::{Account, MfaDevice};
use daypass_totp::Synchronized;

use crate::caller::Subject;
use crate::errors::{AccessDenied, InvalidAuthenticationCode, NoSuchEntity};

/// The device of this serial number.
///
/// # Errors
/// `NoSuchEntity` when there is none.
fn find<'a>(account: &'a Account, serial: &str) -> Result<&'a Arc<MfaDevice>, ServiceError> {
    account.mfa_device(serial).ok_or_else(|| NoSuchEntity::VirtualMfaDevice(serial).into())
}

/// As [`find`], of a device that must be the owner's.
///
/// # Errors
/// `NoSuchEntity` when there is none, and when it is another's or nobody's.
fn find_of<'a>(
    account: &'a Account,
    owner: KeyOwner,
    serial: &str,
) -> Result<&'a Arc<MfaDevice>, ServiceError> {
    let device = find(account, serial)?;
    if device.owner() != Some(owner) {
        return Err(NoSuchEntity::MfaDeviceOfUser.into());
    }
    Ok(device)
}

/// Who has a device proves with it that they are themselves before the number of their devices changes:
/// the owner of a stolen key is not let add one, nor take the others away. What somebody else does about
/// it is for policies to say; a session of `AssumeRoot` is somebody else's.
///
/// # Errors
/// `AccessDenied` when the caller is the owner, and in a session without MFA or in none.
fn proven(owner: KeyOwner, account: &Account, call: &Call) -> Result<(), ServiceError> {
    let session = call.caller.session().map(|session| &session.claims);
    let is_proven = session.is_some_and(|claims| claims.mfa.is_some() || claims.assumed_root);
    let is_own = match call.caller.principal() {
        Principal::Root { .. } => owner == KeyOwner::Root,
        Principal::User { id, .. } => owner == KeyOwner::User(*id),
        _ => false,
    };
    if is_own && !is_proven && account.mfa_devices_of(owner).next().is_some() {
        return Err(AccessDenied::MfaNeeded.into());
    }
    Ok(())
}

/// What two codes in a row tell of a device's clock.
///
/// # Errors
/// `InvalidAuthenticationCode` when the device does not show them one after the other.
fn synchronize(
    device: &MfaDevice,
    [before, code]: [&str; 2],
    now: i64,
) -> Result<Synchronized, ServiceError> {
    let codes = before.parse().ok().zip(code.parse().ok());
    codes
        .and_then(|(before, code)| device.synchronize([before, code], now))
        .ok_or_else(|| InvalidAuthenticationCode::Codes.into())
}

/// Whose devices an operation is about: the user who is named, else the caller. The root user goes
/// by the name that [`owner_name`] gives, as far as no user has it.
///
/// # Errors
/// As [`Subject::of`].
fn subject<'a>(user_name: Option<&'a str>, call: &'a Call) -> Result<Subject<'a>, ServiceError> {
    let account = call.entities();
    let is_root = |name: &str| {
        call.caller.principal().is_root()
            && account.user(name).is_none()
            && name == owner_name(call.account(), account, KeyOwner::Root)
    };
    if user_name.is_some_and(is_root) {
        return Ok(Subject::Root);
    }
    Subject::of(user_name, call)
}

/// The name that requests and answers give to a device's owner: a user's own, and for the root user,
/// who has none, the account's alias or else its id.
fn owner_name(id: AccountId, account: &Account, owner: KeyOwner) -> String {
    let root = || account.alias().map_or_else(|| id.to_string(), str::to_owned);
    match owner {
        KeyOwner::Root => root(),
        KeyOwner::User(id) => {
            account.user_by_id(id).map(|user| user.record.name.clone()).unwrap_or_default()
        }
    }
}

/// `action` on the device of this serial number, with its tags.
fn on_device<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    serial: &str,
) -> &'t mut Target {
    let arn = serial.parse().unwrap_or_else(|_| Arn::iam(scope.account(), &["mfa/", serial]));
    let device = scope.entities().mfa_device(serial);
    let target = targets.need(action, arn);
    match device {
        Some(device) => target.resource_tags(&device.record.tags),
        None => target,
    }
}
