//! A virtual MFA device, from its making to its end.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::mfa::code;
use super::policies::joined;
use super::{ALICE, Walk};
use crate::conformance::call::{Keys, Who};
use crate::conformance::expect;

impl Walk {
    pub(super) fn mfa_device(&mut self) -> Result<()> {
        let alice = self.made.alice()?.keys.clone();
        let name =
            json!({"VirtualMFADeviceName": "walk", "Tags": [{"Key": "team", "Value": "red"}]});
        let made = self.as_root("iam", "CreateVirtualMFADevice", name)?;
        expect::equal(
            "serial number",
            expect::text(&made, "/VirtualMFADevice/SerialNumber")?,
            DEVICE,
        )?;
        let seed = String::from_utf8(expect::bytes(&made, SEED)?)?;
        // The AWS CLI writes one of them only.
        if made.pointer(QR_CODE).is_some() {
            ensure!(expect::bytes(&made, QR_CODE)?.starts_with(b"\x89PNG\r\n"), "no PNG: {made}");
        }

        self.clock("freeze")?;
        let used = self.use_device(&alice, &seed);
        self.clock("release")?;
        used?;
        self.tag_device()?;

        let serial = json!({"SerialNumber": DEVICE});
        self.as_root("iam", "DeactivateMFADevice", of_alice(json!({"SerialNumber": DEVICE})))?;
        let left = self.as_root("iam", "ListMFADevices", json!({"UserName": "alice"}))?;
        expect::names(&left, "/MFADevices", "SerialNumber", &[])?;
        self.as_root("iam", "DeleteVirtualMFADevice", serial)?;
        let left = self.as_root("iam", "ListVirtualMFADevices", json!({}))?;
        expect::names(&left, "/VirtualMFADevices", "SerialNumber", &[])
    }

    /// Enables it with two codes in a row, and again when its clock is found to be ahead.
    fn use_device(&mut self, alice: &Keys, seed: &str) -> Result<()> {
        let now = self.now()?;
        let pair = |one: u64, two: u64| {
            let codes = json!({"AuthenticationCode1": code(seed, one)?, "AuthenticationCode2": code(seed, two)?});
            anyhow::Ok(of_alice(joined(&json!({"SerialNumber": DEVICE}), &codes)))
        };
        let root = self.root.clone();
        let backwards = pair(now, now - 30)?;
        let wrong = self.call(Who::Keys(&root), "iam", "EnableMFADevice", backwards)?;
        expect::refusal(
            wrong,
            "InvalidAuthenticationCode",
            403,
            "Authentication code for device is not valid",
        )?;
        self.as_root("iam", "EnableMFADevice", pair(now - 30, now)?)?;
        self.device_is_alices()?;

        let ahead = now + 300;
        let shown =
            |time| anyhow::Ok(json!({"SerialNumber": DEVICE, "TokenCode": code(seed, time)?}));
        self.refused_code(alice, shown(ahead)?)?;
        self.as_root("iam", "ResyncMFADevice", pair(ahead, ahead + 30)?)?;
        self.answered(alice, "sts", "GetSessionToken", shown(ahead + 60)?).map(drop)
    }

    fn device_is_alices(&mut self) -> Result<()> {
        let listed = self.as_root("iam", "ListMFADevices", json!({"UserName": "alice"}))?;
        expect::names(&listed, "/MFADevices", "SerialNumber", &[DEVICE])?;
        expect::equal("user", expect::text(&listed, "/MFADevices/0/UserName")?, "alice")?;
        let assigned = json!({"AssignmentStatus": "Assigned"});
        let listed = self.as_root("iam", "ListVirtualMFADevices", assigned)?;
        expect::names(&listed, "/VirtualMFADevices", "SerialNumber", &[DEVICE])?;
        expect::equal("user", expect::text(&listed, "/VirtualMFADevices/0/User/Arn")?, ALICE)?;
        let root = self.root.clone();
        let device = of_alice(json!({"SerialNumber": DEVICE}));
        let outcome = self.call(Who::Keys(&root), "iam", "GetMFADevice", device)?;
        match expect::answer_if_known(outcome)? {
            Some(got) => expect::equal("user", expect::text(&got, "/UserName")?, "alice"),
            None => Ok(()),
        }
    }

    fn tag_device(&mut self) -> Result<()> {
        let serial = json!({"SerialNumber": DEVICE});
        let tags = json!({"SerialNumber": DEVICE, "Tags": [{"Key": "stage", "Value": "test"}]});
        self.as_root("iam", "TagMFADevice", tags)?;
        let keys = json!({"SerialNumber": DEVICE, "TagKeys": ["team"]});
        self.as_root("iam", "UntagMFADevice", keys)?;
        let tags = self.as_root("iam", "ListMFADeviceTags", serial)?;
        ensure!(
            tags.pointer("/Tags") == Some(&json!([{"Key": "stage", "Value": "test"}])),
            "tags: {tags}"
        );
        Ok(())
    }
}

fn of_alice(more: Value) -> Value {
    joined(&json!({"UserName": "alice"}), &more)
}

const DEVICE: &str = "arn:aws:iam::000000000000:mfa/walk";
const SEED: &str = "/VirtualMFADevice/Base32StringSeed";
const QR_CODE: &str = "/VirtualMFADevice/QRCodePNG";
