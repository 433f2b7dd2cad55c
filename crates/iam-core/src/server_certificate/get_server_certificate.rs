use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    GetServerCertificateInput, GetServerCertificateOutput, ServerCertificate,
};
use daypass_state::Tx;

use crate::generated::GetServerCertificate;
use crate::{need, tags};

impl Guarded for GetServerCertificate {
    fn targets(
        input: &GetServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_server_certificate(
            targets,
            scope,
            "iam:GetServerCertificate",
            &input.server_certificate_name,
        );
        Ok(())
    }
}

impl Handle for GetServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetServerCertificateOutput, ServiceError> {
        let certificate = super::find(tx.account(), &call.input().server_certificate_name)?;
        let record = &certificate.record;
        Ok(GetServerCertificateOutput {
            server_certificate: ServerCertificate {
                server_certificate_metadata: super::metadata(certificate),
                certificate_body: record.body.clone(),
                certificate_chain: record.chain.clone(),
                tags: tags::shape_some(&record.tags),
            },
        })
    }
}
