use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    UpdateServiceSpecificCredentialInput, UpdateServiceSpecificCredentialOutput,
};
use daypass_state::Tx;

use crate::credential_status;
use crate::generated::UpdateServiceSpecificCredential;

impl Guarded for UpdateServiceSpecificCredential {
    fn targets(
        input: &UpdateServiceSpecificCredentialInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        super::need(
            targets,
            scope,
            "iam:UpdateServiceSpecificCredential",
            input.user_name.as_deref(),
            &input.service_specific_credential_id,
        )
    }
}

impl Handle for UpdateServiceSpecificCredential {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateServiceSpecificCredentialOutput, ServiceError> {
        let input = call.input();
        let (user, id) = (input.user_name.as_deref(), &input.service_specific_credential_id);
        let (_, record) = super::named(tx.account(), call.call(), user, id)?;
        let mut record = record.as_ref().clone();
        record.status = credential_status::stored(input.status)?;
        tx.put_credential(&record);
        Ok(UpdateServiceSpecificCredentialOutput {})
    }
}
