use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    ResetServiceSpecificCredentialInput, ResetServiceSpecificCredentialOutput,
};
use daypass_state::Tx;

use super::secret::NewSecret;
use crate::generated::ResetServiceSpecificCredential;

impl Guarded for ResetServiceSpecificCredential {
    fn targets(
        input: &ResetServiceSpecificCredentialInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        super::need(
            targets,
            scope,
            "iam:ResetServiceSpecificCredential",
            input.user_name.as_deref(),
            &input.service_specific_credential_id,
        )
    }
}

impl Handle for ResetServiceSpecificCredential {
    /// Its id, date and status stay as they are, as recorded from AWS.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ResetServiceSpecificCredentialOutput, ServiceError> {
        let input = call.input();
        let (user, id) = (input.user_name.as_deref(), &input.service_specific_credential_id);
        let (user, record) = super::named(tx.account(), call.call(), user, id)?;
        let (user, mut record) = (Arc::clone(user), record.as_ref().clone());
        let secret = NewSecret::generate(&record.service, &record.name, call.ids());
        record.secret_hash.clone_from(&secret.hash);
        tx.put_credential(&record);
        let shown = super::with_secret(&user, &record, secret, call.now());
        Ok(ResetServiceSpecificCredentialOutput { service_specific_credential: Some(shown) })
    }
}
