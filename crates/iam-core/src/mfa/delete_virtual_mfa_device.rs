use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::DeleteVirtualMfaDeviceOutput;
use daypass_state::Tx;

use crate::errors::DeleteConflict;
use crate::generated::DeleteVirtualMfaDevice;
use crate::need::Needed;

impl Guarded for DeleteVirtualMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        super::on_device(targets, scope, "iam:DeleteVirtualMFADevice", &input.serial_number);
        Ok(())
    }
}

impl Handle for DeleteVirtualMfaDevice {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteVirtualMfaDeviceOutput, ServiceError> {
        let device = super::find(tx.account(), &call.input().serial_number)?.clone();
        if device.owner().is_some() {
            return Err(DeleteConflict::MfaDeviceInUse.into());
        }
        tx.delete_mfa_device(&device);
        Ok(DeleteVirtualMfaDeviceOutput {})
    }
}
