use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListServerCertificateTagsInput, ListServerCertificateTagsOutput};
use daypass_state::Tx;

use crate::generated::ListServerCertificateTags;
use crate::pagination::paging;
use crate::{need, tags};

impl Guarded for ListServerCertificateTags {
    fn targets(
        input: &ListServerCertificateTagsInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_server_certificate(
            targets,
            scope,
            "iam:ListServerCertificateTags",
            &input.server_certificate_name,
        );
        Ok(())
    }
}

impl Handle for ListServerCertificateTags {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListServerCertificateTagsOutput, ServiceError> {
        let input = call.input();
        let certificate = super::find(tx.account(), &input.server_certificate_name)?;
        let page = tags::page(&certificate.record.tags, paging!(input))?;
        Ok(ListServerCertificateTagsOutput {
            is_truncated: page.is_truncated(),
            marker: page.marker,
            tags: page.items,
        })
    }
}
