use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::StatusType;
use daypass_model::iam::{
    UpdateServiceSpecificCredentialInput, UpdateServiceSpecificCredentialOutput,
};
use daypass_state::Tx;
use daypass_state::record::KeyStatus;

use crate::errors::ValidationError;
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
        record.status = match input.status {
            StatusType::Active => KeyStatus::Active,
            StatusType::Inactive => KeyStatus::Inactive,
            // It is what time makes of a key, and nobody sets it.
            StatusType::Expired => return Err(ValidationError::AccessKeyStatus.into()),
        };
        tx.put_service_specific_credential(&record);
        Ok(UpdateServiceSpecificCredentialOutput {})
    }
}
