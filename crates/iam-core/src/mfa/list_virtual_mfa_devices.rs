use aws_smithy_types::DateTime;
use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::AccountId;
use daypass_model::ServiceError;
use daypass_model::iam::{AssignmentStatusType, ListVirtualMfaDevicesOutput, VirtualMfaDevice};
use daypass_state::record::KeyOwner;
use daypass_state::{Account, MfaDevice, Tx};

use crate::generated::ListVirtualMfaDevices;
use crate::need::{self, Needed};
use crate::pagination::paging;
use crate::user;

impl Guarded for ListVirtualMfaDevices {
    fn targets(_: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_list(targets, scope, "iam:ListVirtualMFADevices", "mfa", None);
        Ok(())
    }
}

impl Handle for ListVirtualMfaDevices {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListVirtualMfaDevicesOutput, ServiceError> {
        let input = call.input();
        let status = input.assignment_status.unwrap_or(AssignmentStatusType::Any);
        let devices = |after: Option<&str>| {
            tx.account().mfa_devices_after(after).filter(move |device| match status {
                AssignmentStatusType::Any => true,
                AssignmentStatusType::Assigned => device.owner().is_some(),
                AssignmentStatusType::Unassigned => device.owner().is_none(),
            })
        };
        let page = paging!(input).page_from(devices, |device| device.record.key())?;
        Ok(ListVirtualMfaDevicesOutput {
            virtual_mfa_devices: page.shape(|device| listed(call.account(), tx.account(), device)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}

/// A device as lists show it: with its owner, without seed and tags.
fn listed(id: AccountId, account: &Account, device: &MfaDevice) -> VirtualMfaDevice {
    let owner = match device.owner() {
        None => None,
        Some(KeyOwner::Root) => Some(user::root(id, account)),
        Some(KeyOwner::User(user_id)) => {
            account.user_by_id(user_id).map(|user| user::listed(id, &user.record))
        }
    };
    let assignment = device.record.assignment.as_ref();
    VirtualMfaDevice {
        serial_number: device.serial_number().to_string(),
        user: owner,
        enable_date: assignment.map(|assignment| DateTime::from_secs(assignment.enable_date)),
        ..VirtualMfaDevice::default()
    }
}
