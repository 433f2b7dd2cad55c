use std::sync::Arc;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::IdGen;
use daypass_model::ServiceError;
use daypass_model::iam::{UploadSigningCertificateInput, UploadSigningCertificateOutput};
use daypass_state::Tx;
use daypass_state::record::{KeyStatus, SigningCertificateRecord};

use crate::caller::Subject;
use crate::errors::{DuplicateCertificate, MalformedCertificate};
use crate::generated::UploadSigningCertificate;
use crate::pki::Certificate;
use crate::quotas;

impl Guarded for UploadSigningCertificate {
    fn targets(
        input: &UploadSigningCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let subject = Subject::of(input.user_name.as_deref(), scope.call())?;
        subject.need(targets, scope, "iam:UploadSigningCertificate");
        Ok(())
    }
}

impl Handle for UploadSigningCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UploadSigningCertificateOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        let owner = Subject::of(input.user_name.as_deref(), call.call())?.key_owner(account)?;
        let certificate = Certificate::parse(&input.certificate_body);
        let digest = certificate.ok_or(MalformedCertificate::Unreadable)?.digest();
        let is_known = |one: &Arc<SigningCertificateRecord>| one.digest == digest;
        if account.credentials().any(is_known) {
            return Err(DuplicateCertificate.into());
        }
        let present = account.credentials_of::<SigningCertificateRecord>(owner).count();
        quotas::SIGNING_CERTIFICATES_PER_USER.of(account).admit_one(present)?;
        let record = SigningCertificateRecord {
            id: id(call.ids()),
            owner,
            body: input.certificate_body.clone(),
            digest,
            status: KeyStatus::Active,
            upload_date: call.now(),
        };
        let certificate = super::shown(account, &record);
        tx.put_credential(&record);
        Ok(UploadSigningCertificateOutput { certificate })
    }
}

/// 32 capital letters and digits, as in AWS's samples.
fn id(ids: &dyn IdGen) -> String {
    let mut bytes = [0; 20];
    ids.fill(&mut bytes);
    data_encoding::BASE32_NOPAD.encode(&bytes)
}
