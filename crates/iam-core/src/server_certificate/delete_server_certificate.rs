use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{DeleteServerCertificateInput, DeleteServerCertificateOutput};
use daypass_state::Tx;

use crate::generated::DeleteServerCertificate;
use crate::need;

impl Guarded for DeleteServerCertificate {
    fn targets(
        input: &DeleteServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_server_certificate(
            targets,
            scope,
            "iam:DeleteServerCertificate",
            &input.server_certificate_name,
        );
        Ok(())
    }
}

impl Handle for DeleteServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<DeleteServerCertificateOutput, ServiceError> {
        let certificate = super::find(tx.account(), &call.input().server_certificate_name)?.clone();
        tx.delete_server_certificate(&certificate);
        Ok(DeleteServerCertificateOutput {})
    }
}
