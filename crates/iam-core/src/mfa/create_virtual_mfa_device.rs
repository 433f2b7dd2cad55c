use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, Secret};
use daypass_model::iam::{
    CreateVirtualMfaDeviceInput, CreateVirtualMfaDeviceOutput, VirtualMfaDevice,
};
use daypass_model::{ServiceError, common};
use daypass_state::record::{MfaDeviceRecord, Tags};
use daypass_state::{Account, Tx};
use daypass_totp::Seed;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::qr_code;
use crate::errors::{EntityAlreadyExists, ValidationError};
use crate::generated::CreateVirtualMfaDevice;
use crate::need::{self, Needed};
use crate::tags::KeyCase;
use crate::{quotas, tags};

impl Guarded for CreateVirtualMfaDevice {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::to_create(
            targets,
            ["iam:CreateVirtualMFADevice", "iam:TagMFADevice"],
            Arn::iam(scope.account(), &["mfa", path(input), &input.virtual_mfa_device_name]),
            input.tags.as_deref(),
        );
        Ok(())
    }
}

impl Handle for CreateVirtualMfaDevice {
    /// The seed is shown here and never again.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateVirtualMfaDeviceOutput, ServiceError> {
        let input = call.input();
        let name = &input.virtual_mfa_device_name;
        let serial_number = Arn::iam(call.account(), &["mfa", path(input), name]).to_string();
        if serial_number.len() > SERIAL_NUMBER_SIZE {
            // What cannot be named cannot be used: no operation takes a longer serial number.
            return Err(ValidationError::MfaDeviceName.into());
        }
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        if tx.account().mfa_device(&serial_number).is_some() {
            return Err(EntityAlreadyExists::VirtualMfaDevice.into());
        }
        quotas::MFA_DEVICES_PER_ACCOUNT
            .of(tx.account())
            .admit_one(tx.account().mfa_device_count())?;
        let seed = Seed::generate(call.ids());
        let uri = key_uri(name, &account_name(call, tx.account()), &seed);
        let device = MfaDeviceRecord {
            name: name.clone(),
            path: path(input).to_owned(),
            seed,
            assignment: None,
            newest_spent: None,
            tags,
        };
        tx.put_mfa_device(&device);
        let picture = qr_code::png(&uri).map_err(|_| common::INTERNAL_FAILURE.bare())?;
        Ok(CreateVirtualMfaDeviceOutput {
            virtual_mfa_device: VirtualMfaDevice {
                serial_number,
                base32_string_seed: Some(bytes(&device.seed.to_base32())),
                qr_code_png: Some(picture),
                tags: tags::shape_some(&device.tags),
                ..VirtualMfaDevice::default()
            },
        })
    }
}

/// What authenticator apps read from a QR code, as AWS's say it: the label is the device's name and the
/// account's, `@` between them, after AWS's own. The IAM API Reference (`VirtualMFADevice`) leaves the
/// issuer out, which codes had no part of at first; apps show it in front.
fn key_uri(name: &str, account_name: &str, seed: &Seed) -> Secret<String> {
    let name = utf8_percent_encode(name, RESERVED);
    let seed = seed.to_base32();
    let secret = seed.expose();
    Secret::new(format!(
        "otpauth://totp/{ISSUER}:{name}@{account_name}?secret={secret}&issuer={ISSUER}"
    ))
}

/// The account's alias, else its id.
fn account_name(call: &Permitted<CreateVirtualMfaDevice>, account: &Account) -> String {
    account.alias().map_or_else(|| call.account().to_string(), str::to_owned)
}

fn bytes(text: &Secret<String>) -> Secret<Vec<u8>> {
    Secret::new(text.expose().as_bytes().to_vec())
}

fn path(input: &CreateVirtualMfaDeviceInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}

/// Characters of the longest serial number that operations take.
const SERIAL_NUMBER_SIZE: usize = 256;

const ISSUER: &str = "Amazon%20Web%20Services";

/// What a label cannot hold as it is (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authenticator_apps_read_who_the_code_is_for() {
        let seed = Seed::from_base32("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap();
        for (name, account, label) in [
            ("phone", "123456789012", "phone@123456789012"),
            ("root-account-mfa-device", "corp-1", "root-account-mfa-device@corp-1"),
            ("a.b_c", "corp", "a.b_c@corp"),
            ("me+you=us,@home", "corp", "me%2Byou%3Dus%2C%40home@corp"),
        ] {
            let expected = format!(
                "otpauth://totp/Amazon%20Web%20Services:{label}?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\
                 &issuer=Amazon%20Web%20Services"
            );
            assert_eq!(*key_uri(name, account, &seed).expose(), expected);
        }
    }
}
