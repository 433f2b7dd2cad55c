use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{TagServerCertificateInput, TagServerCertificateOutput};
use daypass_state::Tx;

use crate::generated::TagServerCertificate;
use crate::need;
use crate::tags::{self, KeyCase};

impl Guarded for TagServerCertificate {
    fn targets(
        input: &TagServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_server_certificate(
            targets,
            scope,
            "iam:TagServerCertificate",
            &input.server_certificate_name,
        )
        .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Handle for TagServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<TagServerCertificateOutput, ServiceError> {
        let input = call.input();
        let found = super::find(tx.account(), &input.server_certificate_name)?;
        let mut certificate = found.record.clone();
        KeyCase::Significant.put(&mut certificate.tags, &input.tags)?;
        tx.put_server_certificate(&certificate);
        Ok(TagServerCertificateOutput {})
    }
}
