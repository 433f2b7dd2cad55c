use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListServerCertificatesInput, ListServerCertificatesOutput};
use daypass_state::{Name, Tx};

use crate::generated::ListServerCertificates;
use crate::need;
use crate::pagination::paging;

impl Guarded for ListServerCertificates {
    fn targets(
        input: &ListServerCertificatesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let path = input.path_prefix.as_deref();
        need::on_list(targets, scope, "iam:ListServerCertificates", "server-certificate", path);
        Ok(())
    }
}

impl Handle for ListServerCertificates {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListServerCertificatesOutput, ServiceError> {
        let input = call.input();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let certificates = |after: Option<&str>| {
            let certificates = tx.account().server_certificates_after(after);
            certificates.filter(move |one| one.record.path.starts_with(prefix))
        };
        let page = paging!(input).page_from(certificates, |one| Name::new(&one.record.name))?;
        Ok(ListServerCertificatesOutput {
            server_certificate_metadata_list: page.shape(|one| super::metadata(one)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
