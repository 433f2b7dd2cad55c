use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteSigningCertificateInput, DeleteSigningCertificateOutput};
use daypass_state::Tx;

use crate::caller::Subject;
use crate::generated::DeleteSigningCertificate;

impl Guarded for DeleteSigningCertificate {
    fn targets(
        input: &DeleteSigningCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:DeleteSigningCertificate");
        Ok(())
    }
}

impl Handle for DeleteSigningCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteSigningCertificateOutput, ServiceError> {
        let input = call.input();
        let (user, id) = (input.user_name.as_deref(), &input.certificate_id);
        let certificate = super::named(tx.account(), call.call(), user, id)?.clone();
        tx.delete_credential(&*certificate);
        Ok(DeleteSigningCertificateOutput {})
    }
}
