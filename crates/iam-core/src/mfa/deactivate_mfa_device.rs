use daypass_authz::{Call, Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeactivateMfaDeviceInput, DeactivateMfaDeviceOutput};
use daypass_state::Tx;
use daypass_state::record::MfaDeviceRecord;

use crate::caller::Subject;
use crate::errors::ValidationError;
use crate::generated::DeactivateMfaDevice;
use crate::need::Needed;

impl Guarded for DeactivateMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let subject = subject(input, scope.call())?;
        subject.need(targets, scope, "iam:DeactivateMFADevice");
        Ok(())
    }
}

impl Handle for DeactivateMfaDevice {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeactivateMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let subject = subject(input, call.call())?;
        let owner = subject.key_owner(tx.account())?;
        super::proven(owner, tx.account(), call.call())?;
        let device = super::find_of(tx.account(), owner, &input.serial_number)?;
        let record = MfaDeviceRecord { assignment: None, ..device.record.clone() };
        tx.put_mfa_device(&record);
        Ok(DeactivateMfaDeviceOutput {})
    }
}

/// The root user must name itself here, unless it is assumed (IAM API Reference).
fn subject<'a>(
    input: &'a DeactivateMfaDeviceInput,
    call: &'a Call,
) -> Result<Subject<'a>, ServiceError> {
    let is_assumed = call.caller.session().is_some_and(|session| session.claims.assumed_root);
    if input.user_name.is_none() && call.caller.principal().is_root() && !is_assumed {
        return Err(ValidationError::UserNameNeeded.into());
    }
    super::subject(input.user_name.as_deref(), call)
}
