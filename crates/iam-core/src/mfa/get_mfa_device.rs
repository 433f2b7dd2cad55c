use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::GetMfaDeviceOutput;
use daypass_state::Tx;

use crate::generated::GetMfaDevice;
use crate::need::Needed;

impl Guarded for GetMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let subject = super::subject(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:GetMFADevice");
        Ok(())
    }
}

impl Handle for GetMfaDevice {
    /// Only FIDO keys have certifications.
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let subject = super::subject(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let device = super::find_of(tx.account(), owner, &input.serial_number)?;
        let assignment = device.record.assignment.as_ref();
        Ok(GetMfaDeviceOutput {
            user_name: Some(super::owner_name(call.account(), tx.account(), owner)),
            serial_number: device.serial_number().to_string(),
            enable_date: assignment.map(|assignment| DateTime::from_secs(assignment.enable_date)),
            certifications: None,
        })
    }
}
