use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::TagMfaDeviceOutput;
use daypass_state::Tx;

use crate::generated::TagMfaDevice;
use crate::need::Needed;
use crate::tags::{self, KeyCase};

impl Guarded for TagMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        super::on_device(targets, scope, "iam:TagMFADevice", &input.serial_number)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagMfaDevice {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<TagMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let mut record = super::find(tx.account(), &input.serial_number)?.record.clone();
        KeyCase::Significant.put(&mut record.tags, &input.tags)?;
        tx.put_mfa_device(&record);
        Ok(TagMfaDeviceOutput {})
    }
}
