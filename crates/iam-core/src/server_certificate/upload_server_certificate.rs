use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_ident::{Arn, IdKind, UniqueId};
use daypass_model::ServiceError;
use daypass_model::iam::{UploadServerCertificateInput, UploadServerCertificateOutput};
use daypass_state::Tx;
use daypass_state::record::{ServerCertificateRecord, Tags};

use crate::errors::{EntityAlreadyExists, KeyPairMismatch, MalformedCertificate};
use crate::generated::UploadServerCertificate;
use crate::pki::{Certificate, ChainError, PrivateKey};
use crate::tags::{self, KeyCase};
use crate::{need, quotas};

impl Guarded for UploadServerCertificate {
    fn targets(
        input: &UploadServerCertificateInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let name = &input.server_certificate_name;
        let arn = Arn::server_certificate(scope.account(), path(input), name);
        let actions = ["iam:UploadServerCertificate", "iam:TagServerCertificate"];
        need::to_create(targets, actions, arn, input.tags.as_deref());
        Ok(())
    }
}

impl Handle for UploadServerCertificate {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<UploadServerCertificateOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        let certificate = checked(input, call.now())?;
        let account = tx.account();
        let name = &input.server_certificate_name;
        if account.server_certificate(name).is_some() {
            return Err(EntityAlreadyExists::ServerCertificate(name).into());
        }
        quotas::SERVER_CERTIFICATES_PER_ACCOUNT
            .of(account)
            .admit_one(account.server_certificate_count())?;
        let record = ServerCertificateRecord {
            name: name.clone(),
            path: path(input).to_owned(),
            id: UniqueId::generate(IdKind::ServerCertificate, call.account(), call.ids()),
            upload_date: call.now(),
            expiration: certificate.not_after,
            body: input.certificate_body.clone(),
            chain: input.certificate_chain.clone(),
            tags,
        };
        tx.put_server_certificate(&record);
        Ok(UploadServerCertificateOutput {
            server_certificate_metadata: Some(super::metadata_of(call.account(), &record)),
            tags: tags::shape_some(&record.tags),
        })
    }
}

/// The certificate, if it is valid now, its private key goes with it, and its chain leads up from it.
/// A certificate without a chain is accepted, whoever issued it: AWS calls the parameter optional.
fn checked(input: &UploadServerCertificateInput, now: i64) -> Result<Certificate, ServiceError> {
    let certificate = Certificate::parse(&input.certificate_body);
    let certificate = certificate.ok_or(MalformedCertificate::Unreadable)?;
    let key = PrivateKey::parse(input.private_key.expose());
    let key = key.ok_or(MalformedCertificate::PrivateKey)?;
    if key.public_key() != certificate.public_key {
        return Err(KeyPairMismatch.into());
    }
    if let Some(chain) = &input.certificate_chain {
        certificate.verify_chain(chain).map_err(|error| match error {
            ChainError::Unreadable => MalformedCertificate::Unreadable,
            ChainError::Invalid(index) => MalformedCertificate::Chain(index),
        })?;
    }
    if now < certificate.not_before {
        return Err(MalformedCertificate::NotYetValid.into());
    }
    if now > certificate.not_after {
        return Err(MalformedCertificate::Expired.into());
    }
    Ok(certificate)
}

fn path(input: &UploadServerCertificateInput) -> &str {
    input.path.as_deref().unwrap_or("/")
}
