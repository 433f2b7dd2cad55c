use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UpdateSigningCertificateInput, UpdateSigningCertificateOutput};
use daypass_state::Tx;
use daypass_state::record::SigningCertificateRecord;

use crate::caller::Subject;
use crate::credential_status;
use crate::generated::UpdateSigningCertificate;

impl Guarded for UpdateSigningCertificate {
    fn targets(
        input: &UpdateSigningCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:UpdateSigningCertificate");
        Ok(())
    }
}

impl Handle for UpdateSigningCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UpdateSigningCertificateOutput, ServiceError> {
        let input = call.input();
        let (user, id) = (input.user_name.as_deref(), &input.certificate_id);
        let certificate = super::named(tx.account(), call.call(), user, id)?;
        let status = credential_status::stored(input.status)?;
        let changed = SigningCertificateRecord { status, ..(**certificate).clone() };
        tx.put_credential(&changed);
        Ok(UpdateSigningCertificateOutput {})
    }
}
