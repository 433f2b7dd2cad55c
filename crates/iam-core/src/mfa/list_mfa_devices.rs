use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListMfaDevicesOutput, MfaDevice};
use daypass_state::Tx;

use crate::generated::ListMfaDevices;
use crate::need::Needed;
use crate::pagination::paging;

impl Guarded for ListMfaDevices {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        match input.user_name.as_deref() {
            Some(name) => {
                super::subject(Some(name), scope.call())?.need(targets, scope, "iam:ListMFADevices")
            }
            // AWS does not take the caller's own devices for a resource.
            None => targets.need_on_all("iam:ListMFADevices"),
        };
        Ok(())
    }
}

impl Handle for ListMfaDevices {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListMfaDevicesOutput, ServiceError> {
        let input = call.input();
        let subject = super::subject(input.user_name.as_deref(), call.call())?;
        let owner = subject.key_owner(tx.account())?;
        let user_name = super::owner_name(call.account(), tx.account(), owner);
        let devices = tx.account().mfa_devices_of(owner);
        let page = paging!(input).page(devices, |device| device.record.key())?;
        let shape = |device: &daypass_state::MfaDevice| {
            let since = device.record.assignment.as_ref().map_or(0, |since| since.enable_date);
            MfaDevice {
                user_name: user_name.clone(),
                serial_number: device.serial_number().to_string(),
                enable_date: DateTime::from_secs(since),
            }
        };
        Ok(ListMfaDevicesOutput {
            mfa_devices: page.shape(|device| shape(device)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
