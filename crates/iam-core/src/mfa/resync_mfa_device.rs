use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::ResyncMfaDeviceOutput;
use daypass_state::Tx;

use crate::generated::ResyncMfaDevice;
use crate::need::Needed;

impl Guarded for ResyncMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let subject = super::subject(Some(&input.user_name), scope.call())?;
        subject.need(targets, scope, "iam:ResyncMFADevice");
        Ok(())
    }
}

impl Handle for ResyncMfaDevice {
    /// Both codes are spent by it.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ResyncMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let subject = super::subject(Some(&input.user_name), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let device = super::find_of(tx.account(), owner, &input.serial_number)?;
        let codes = [&*input.authentication_code1, &*input.authentication_code2];
        let synchronized = super::synchronize(device, codes, call.now())?;
        let mut record = device.record.clone();
        record.newest_spent = Some(synchronized.step);
        if let Some(assignment) = &mut record.assignment {
            assignment.drift = synchronized.drift;
        }
        tx.put_mfa_device(&record);
        Ok(ResyncMfaDeviceOutput {})
    }
}
