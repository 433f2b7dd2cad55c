use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteAccountAliasInput, DeleteAccountAliasOutput};
use daypass_state::Tx;

use crate::errors::NoSuchEntity;
use crate::generated::DeleteAccountAlias;

impl Guarded for DeleteAccountAlias {
    fn targets(
        _: &DeleteAccountAliasInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:DeleteAccountAlias");
        Ok(())
    }
}

impl Handle for DeleteAccountAlias {
    fn run(call: &Permitted<Self>, tx: &mut Tx) -> Result<DeleteAccountAliasOutput, ServiceError> {
        let alias = &call.input().account_alias;
        if tx.account().alias() != Some(alias) {
            return Err(NoSuchEntity::AccountAlias(alias).into());
        }
        tx.delete_alias();
        Ok(DeleteAccountAliasOutput {})
    }
}
