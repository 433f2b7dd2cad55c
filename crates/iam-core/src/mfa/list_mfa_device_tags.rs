use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::ListMfaDeviceTagsOutput;
use daypass_state::Tx;

use crate::generated::ListMfaDeviceTags;
use crate::need::Needed;
use crate::pagination::paging;
use crate::tags;

impl Guarded for ListMfaDeviceTags {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        super::on_device(targets, scope, "iam:ListMFADeviceTags", &input.serial_number);
        Ok(())
    }
}

impl Handle for ListMfaDeviceTags {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<ListMfaDeviceTagsOutput, ServiceError> {
        let input = call.input();
        let device = super::find(tx.account(), &input.serial_number)?;
        let page = tags::page(&device.record.tags, paging!(input))?;
        Ok(ListMfaDeviceTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
