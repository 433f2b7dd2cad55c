//! What the operations on MFA devices need.

use daypass_authz::{Guarded, Scope, Target, Targets};
use daypass_ident::Arn;

use crate::caller::Subject;
use crate::generated::{
    CreateVirtualMfaDevice, DeactivateMfaDevice, DeleteVirtualMfaDevice, EnableMfaDevice,
    GetMfaDevice, ListMfaDeviceTags, ListMfaDevices, ListVirtualMfaDevices, ResyncMfaDevice,
    TagMfaDevice, UntagMfaDevice,
};
use crate::need::{self, Needed};
use crate::tags;

impl Guarded for CreateVirtualMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = Arn::iam(scope.account(), &["mfa", path, &input.virtual_mfa_device_name]);
        need::to_create(
            targets,
            ["iam:CreateVirtualMFADevice", "iam:TagMFADevice"],
            arn,
            input.tags.as_deref(),
        );
        Ok(())
    }
}

impl Guarded for DeactivateMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:DeactivateMFADevice",
        );
        Ok(())
    }
}

impl Guarded for DeleteVirtualMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_device(targets, scope, "iam:DeleteVirtualMFADevice", &input.serial_number);
        Ok(())
    }
}

impl Guarded for EnableMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:EnableMFADevice", &input.user_name);
        Ok(())
    }
}

impl Guarded for GetMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        Subject::of(input.user_name.as_deref(), scope.call())?.need(
            targets,
            scope,
            "iam:GetMFADevice",
        );
        Ok(())
    }
}

impl Guarded for ListMfaDeviceTags {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_device(targets, scope, "iam:ListMFADeviceTags", &input.serial_number);
        Ok(())
    }
}

impl Guarded for ListMfaDevices {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        match &input.user_name {
            Some(name) => need::on_user(targets, scope, "iam:ListMFADevices", name),
            // AWS does not take the caller's own devices for a resource.
            None => targets.need_on_all("iam:ListMFADevices"),
        };
        Ok(())
    }
}

impl Guarded for ListVirtualMfaDevices {
    fn targets(_: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_list(targets, scope, "iam:ListVirtualMFADevices", "mfa", None);
        Ok(())
    }
}

impl Guarded for ResyncMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_user(targets, scope, "iam:ResyncMFADevice", &input.user_name);
        Ok(())
    }
}

impl Guarded for TagMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_device(targets, scope, "iam:TagMFADevice", &input.serial_number)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Guarded for UntagMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_device(targets, scope, "iam:UntagMFADevice", &input.serial_number)
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

/// `action` on the device of this serial number, which is the ARN of all but the hardware tokens.
fn on_device<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    serial: &str,
) -> &'t mut Target {
    let arn = serial.parse().unwrap_or_else(|_| Arn::iam(scope.account(), &["mfa/", serial]));
    targets.need(action, arn)
}
