use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateSshPublicKeyInput, UpdateSshPublicKeyOutput};
use daypass_state::Tx;
use daypass_state::record::SshPublicKeyRecord;

use crate::generated::UpdateSshPublicKey;
use crate::{credential_status, need};

impl Guarded for UpdateSshPublicKey {
    fn targets(
        input: &UpdateSshPublicKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:UpdateSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Handle for UpdateSshPublicKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<UpdateSshPublicKeyOutput, ServiceError> {
        let input = call.input();
        let (_, key) = super::named(tx.account(), &input.user_name, &input.ssh_public_key_id)?;
        let status = credential_status::stored(input.status)?;
        let changed = SshPublicKeyRecord { status, ..(**key).clone() };
        tx.put_credential(&changed);
        Ok(UpdateSshPublicKeyOutput {})
    }
}
