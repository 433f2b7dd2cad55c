use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    DeleteServiceSpecificCredentialInput, DeleteServiceSpecificCredentialOutput,
};
use daypass_state::Tx;

use crate::generated::DeleteServiceSpecificCredential;

impl Guarded for DeleteServiceSpecificCredential {
    fn targets(
        input: &DeleteServiceSpecificCredentialInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        super::need(
            targets,
            scope,
            "iam:DeleteServiceSpecificCredential",
            input.user_name.as_deref(),
            &input.service_specific_credential_id,
        )
    }
}

impl Handle for DeleteServiceSpecificCredential {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteServiceSpecificCredentialOutput, ServiceError> {
        let input = call.input();
        let (user, id) = (input.user_name.as_deref(), &input.service_specific_credential_id);
        let (_, record) = super::named(tx.account(), call.call(), user, id)?;
        let record = Arc::clone(record);
        tx.delete_credential(&*record);
        Ok(DeleteServiceSpecificCredentialOutput {})
    }
}
