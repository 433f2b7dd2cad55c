use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{ListSigningCertificatesInput, ListSigningCertificatesOutput};
use daypass_state::Tx;
use daypass_state::record::SigningCertificateRecord;

use crate::caller::Subject;
use crate::generated::ListSigningCertificates;
use crate::pagination::paging;

impl Guarded for ListSigningCertificates {
    fn targets(
        input: &ListSigningCertificatesInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:ListSigningCertificates");
        Ok(())
    }
}

impl Handle for ListSigningCertificates {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListSigningCertificatesOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let owner = Subject::of(input.user_name.as_deref(), call.call())?.key_owner(account)?;
        let certificates = account.credentials_of::<SigningCertificateRecord>(owner);
        // In the order in which they came.
        let mut certificates: Vec<_> = certificates.collect();
        certificates.sort_by_key(|one| (one.upload_date, &one.id));
        let key =
            |one: &&Arc<SigningCertificateRecord>| format!("{:020}/{}", one.upload_date, one.id);
        let page = paging!(input).page(certificates, key)?;
        Ok(ListSigningCertificatesOutput {
            certificates: page.shape(|one| super::shown(account, one)),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}
