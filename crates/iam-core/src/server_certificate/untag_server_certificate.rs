use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{UntagServerCertificateInput, UntagServerCertificateOutput};
use daypass_state::Tx;

use crate::generated::UntagServerCertificate;
use crate::need;
use crate::tags::KeyCase;

impl Guarded for UntagServerCertificate {
    fn targets(
        input: &UntagServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_server_certificate(
            targets,
            scope,
            "iam:UntagServerCertificate",
            &input.server_certificate_name,
        )
        .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

impl Handle for UntagServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UntagServerCertificateOutput, ServiceError> {
        let input = call.input();
        let found = super::find(tx.account(), &input.server_certificate_name)?;
        let mut certificate = found.record.clone();
        KeyCase::Significant.remove(&mut certificate.tags, &input.tag_keys);
        tx.put_server_certificate(&certificate);
        Ok(UntagServerCertificateOutput {})
    }
}
