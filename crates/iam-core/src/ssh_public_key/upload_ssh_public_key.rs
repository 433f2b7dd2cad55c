use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{AccessKeyId, AccessKeyKind, AccountId, IdGen};
use daypass_model::ServiceError;
use daypass_model::iam::{UploadSshPublicKeyInput, UploadSshPublicKeyOutput};
use daypass_state::Tx;
use daypass_state::record::{KeyOwner, KeyStatus, SshPublicKeyRecord};

use crate::errors::{DuplicateSshPublicKey, InvalidPublicKey, UnrecognizedPublicKeyEncoding};
use crate::generated::UploadSshPublicKey;
use crate::pki::{SshKey, Unusable};
use crate::{need, quotas, user};

impl Guarded for UploadSshPublicKey {
    fn targets(
        input: &UploadSshPublicKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:UploadSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Handle for UploadSshPublicKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UploadSshPublicKeyOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let user = user::find(account, &input.user_name)?;
        let key = SshKey::parse(&input.ssh_public_key_body).map_err(|unusable| match unusable {
            Unusable::Encoding => ServiceError::from(UnrecognizedPublicKeyEncoding),
            Unusable::Key => InvalidPublicKey.into(),
        })?;
        let fingerprint = key.fingerprint();
        let owner = KeyOwner::User(user.record.id);
        let present: Vec<_> = account.credentials_of::<SshPublicKeyRecord>(owner).collect();
        if present.iter().any(|one| one.fingerprint == fingerprint) {
            return Err(DuplicateSshPublicKey.into());
        }
        quotas::SSH_PUBLIC_KEYS_PER_USER.of(account).admit_one(present.len())?;
        let record = SshPublicKeyRecord {
            id: id(call.account(), call.ids()),
            user: user.record.id,
            body: input.ssh_public_key_body.clone(),
            fingerprint,
            status: KeyStatus::Active,
            upload_date: call.now(),
        };
        let shown = super::shown(user, &record, record.body.clone());
        tx.put_credential(&record);
        Ok(UploadSshPublicKeyOutput { ssh_public_key: Some(shown) })
    }
}

/// As long as an access key's, with a prefix of its own (IAM User Guide, "IAM identifiers").
fn id(account: AccountId, ids: &dyn IdGen) -> String {
    let id = AccessKeyId::generate(AccessKeyKind::LongTerm, account, ids);
    format!("APKA{}", id.as_str().get(4..).unwrap_or_default())
}
