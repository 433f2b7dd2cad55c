use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{EncodingType, GetSshPublicKeyInput, GetSshPublicKeyOutput};
use daypass_state::Tx;
use daypass_state::record::SshPublicKeyRecord;

use crate::errors::NoSuchEntity;
use crate::generated::GetSshPublicKey;
use crate::need;
use crate::pki::SshKey;

impl Guarded for GetSshPublicKey {
    fn targets(
        input: &GetSshPublicKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:GetSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Handle for GetSshPublicKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<GetSshPublicKeyOutput, ServiceError> {
        let input = call.input();
        let id = &input.ssh_public_key_id;
        let (user, record) = super::named(tx.account(), &input.user_name, id)?;
        let body = body(record, &input.encoding).ok_or(NoSuchEntity::SshPublicKey(id))?;
        let ssh_public_key = Some(super::shown(user, record, body));
        Ok(GetSshPublicKeyOutput { ssh_public_key })
    }
}

/// The key as it was uploaded, with its comment, or in the other encoding. `None` never, since the key
/// was read when it came.
fn body(record: &SshPublicKeyRecord, encoding: &EncodingType) -> Option<String> {
    let is_pem = record.body.trim_start().starts_with("-----BEGIN");
    if is_pem == (*encoding == EncodingType::Pem) {
        return Some(record.body.clone());
    }
    let key = SshKey::parse(&record.body).ok()?;
    if is_pem { Some(key.line()) } else { key.pem() }
}
