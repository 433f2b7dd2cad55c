use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::UntagMfaDeviceOutput;
use daypass_state::Tx;

use crate::generated::UntagMfaDevice;
use crate::need::Needed;
use crate::tags::KeyCase;

impl Guarded for UntagMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        super::on_device(targets, scope, "iam:UntagMFADevice", &input.serial_number)
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagMfaDevice {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UntagMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let mut record = super::find(tx.account(), &input.serial_number)?.record.clone();
        KeyCase::Significant.remove(&mut record.tags, &input.tag_keys);
        tx.put_mfa_device(&record);
        Ok(UntagMfaDeviceOutput {})
    }
}
