//! Credentials whose secrets the file gives: for these the API has no call.

use daypass_ident::AccountId;
use daypass_state::Tx;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus, MfaAssignment, MfaDeviceRecord};

use super::super::api_call::ApiCall;
use super::super::file::{KeySeed, MfaDeviceSeed};
use super::super::place::Path;
use super::super::stand_in;
use super::creation::Creation;
use super::{Kind, Work};

impl Work<'_> {
    /// A key whose id and secret the file gives.
    pub(super) async fn access_key(
        &mut self,
        account: AccountId,
        path: &Path,
        owner: KeyOwner,
        seed: &KeySeed,
    ) {
        let view = self.env.state.view();
        let id = seed.id.as_str();
        let wrong_id = if view.access_key(id).is_some() {
            Some("another access key has this id")
        } else if id.starts_with("ASIA") {
            Some("ASIA begins the ids of temporary credentials; begin with AKIA")
        } else {
            None
        };
        let wrong_secret =
            seed.secret.expose().is_empty().then_some("a secret access key is not empty");
        for (member, wrong) in [("id", wrong_id), ("secret", wrong_secret)] {
            if let Some(message) = wrong {
                self.report(&path.member(member), message.to_owned());
            }
        }
        if wrong_id.or(wrong_secret).is_some() {
            return;
        }
        let mut tx = Tx::new(view, account);
        tx.put_access_key(&AccessKeyRecord {
            id: seed.id.clone(),
            secret: seed.secret.clone(),
            owner,
            status: if seed.inactive { KeyStatus::Inactive } else { KeyStatus::Active },
            create_date: self.env.clock.now().secs(),
        });
        self.commit(path, tx).await;
    }

    /// A device that shows the codes of the seed that the file gives, enabled from the start.
    pub(super) async fn mfa_device(
        &mut self,
        account: AccountId,
        path: &Path,
        owner: KeyOwner,
        seed: &MfaDeviceSeed,
    ) {
        let view = self.env.state.view();
        if view.account(account).mfa_devices_of(owner).count() >= MFA_DEVICES_PER_USER {
            let message = format!("a user has {MFA_DEVICES_PER_USER} MFA devices at most");
            self.report(path, message);
            return;
        }
        let (action, parameter) = ("CreateVirtualMFADevice", "VirtualMFADeviceName");
        let name = stand_in::name(self.made_up());
        let creation = Creation::new(action, Kind::MfaDevice, parameter, &seed.name, name)
            .with_some("path", "Path", seed.path.as_deref())
            .with_all("tags", ApiCall::tags(&seed.tags));
        // One that only stands in for another is nobody's, so that it does not count.
        let made = self.create(account, path, creation).await;
        let Some(name) = made.filter(|name| *name == seed.name) else { return };
        let view = self.env.state.view();
        let device_path = seed.path.as_deref().unwrap_or("/");
        let serial = format!("arn:aws:iam::{account}:mfa{device_path}{name}");
        let Some(made) = view.account(account).mfa_device(&serial) else { return };
        let device = MfaDeviceRecord {
            seed: seed.seed.clone(),
            assignment: Some(MfaAssignment {
                owner,
                enable_date: self.env.clock.now().secs(),
                drift: 0,
            }),
            ..made.record.clone()
        };
        let mut tx = Tx::new(self.env.state.view(), account);
        tx.put_mfa_device(&device);
        self.commit(path, tx).await;
    }
}

/// IAM User Guide, "IAM and AWS STS quotas".
const MFA_DEVICES_PER_USER: usize = 8;
