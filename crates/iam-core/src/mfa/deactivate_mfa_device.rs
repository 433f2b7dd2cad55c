use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::DeactivateMfaDeviceOutput;
use daypass_state::Tx;
use daypass_state::record::MfaDeviceRecord;

use crate::generated::DeactivateMfaDevice;
use crate::need::Needed;

impl Guarded for DeactivateMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let subject = super::subject(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:DeactivateMFADevice");
        Ok(())
    }
}

impl Handle for DeactivateMfaDevice {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeactivateMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let subject = super::subject(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let device = super::find_of(tx.account(), owner, &input.serial_number)?;
        let record = MfaDeviceRecord { assignment: None, ..device.record.clone() };
        tx.put_mfa_device(&record);
        Ok(DeactivateMfaDeviceOutput {})
    }
}
