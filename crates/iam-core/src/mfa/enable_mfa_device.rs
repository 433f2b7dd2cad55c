use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::EnableMfaDeviceOutput;
use daypass_state::Tx;
use daypass_state::record::{MfaAssignment, MfaDeviceRecord};

use crate::errors::EntityAlreadyExists;
use crate::generated::EnableMfaDevice;
use crate::need::Needed;
use crate::quotas;

impl Guarded for EnableMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let subject = super::subject(Some(&input.user_name), scope.call())?;
        subject.need(targets, scope, "iam:EnableMFADevice");
        Ok(())
    }
}

impl Handle for EnableMfaDevice {
    /// Both codes are spent by it.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<EnableMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let subject = super::subject(Some(&input.user_name), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        super::proven(owner, tx.account(), call.call())?;
        let device = super::find(tx.account(), &input.serial_number)?;
        if device.owner().is_some() {
            return Err(EntityAlreadyExists::MfaDeviceInUse.into());
        }
        quotas::MFA_DEVICES_PER_USER
            .of(tx.account())
            .admit_one(tx.account().mfa_devices_of(owner).count())?;
        let codes = [&*input.authentication_code1, &*input.authentication_code2];
        let synchronized = super::synchronize(device, codes, call.now())?;
        let record = MfaDeviceRecord {
            assignment: Some(MfaAssignment {
                owner,
                enable_date: call.now(),
                drift: synchronized.drift,
            }),
            newest_spent: Some(synchronized.step),
            ..device.record.clone()
        };
        tx.put_mfa_device(&record);
        Ok(EnableMfaDeviceOutput {})
    }
}
