//! Credentials whose secrets the file gives: for these the API has no call.

use daypass_ident::AccountId;
use daypass_state::Tx;
use daypass_state::record::{AccessKeyRecord, KeyOwner, KeyStatus, MfaAssignment, MfaDeviceRecord};

use super::super::api_call::ApiCall;
use super::super::file::{KeySeed, MfaDeviceSeed};
use super::super::place::Path;
use super::Work;

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
        if view.access_key(seed.id.as_str()).is_some() {
            self.report(&path.member("id"), "another access key has this id".to_owned());
            return;
        }
        if seed.id.as_str().starts_with("ASIA") {
            let message = "ASIA begins the ids of temporary credentials; begin with AKIA";
            self.report(&path.member("id"), message.to_owned());
            return;
        }
        if seed.secret.expose().is_empty() {
            self.report(&path.member("secret"), "a secret access key is not empty".to_owned());
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
        let call = ApiCall::new("CreateVirtualMFADevice")
            .with("VirtualMFADeviceName", &seed.name)
            .with_some("Path", seed.path.as_deref())
            .with_tags(&seed.tags);
        if !self.call(account, path, call).await {
            return;
        }
        let view = self.env.state.view();
        let device_path = seed.path.as_deref().unwrap_or("/");
        let serial = format!("arn:aws:iam::{account}:mfa{device_path}{}", seed.name);
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
