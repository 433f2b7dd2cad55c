use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteSshPublicKeyInput, DeleteSshPublicKeyOutput};
use daypass_state::Tx;

use crate::generated::DeleteSshPublicKey;
use crate::need;

impl Guarded for DeleteSshPublicKey {
    fn targets(
        input: &DeleteSshPublicKeyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_user(targets, scope, "iam:DeleteSSHPublicKey", &input.user_name);
        Ok(())
    }
}

impl Handle for DeleteSshPublicKey {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteSshPublicKeyOutput, ServiceError> {
        let input = call.input();
        let (_, key) = super::named(tx.account(), &input.user_name, &input.ssh_public_key_id)?;
        let key = key.clone();
        tx.delete_credential(&*key);
        Ok(DeleteSshPublicKeyOutput {})
    }
}
