//! Server certificates (IAM User Guide, "Manage server certificates in IAM").

mod delete_server_certificate;
mod get_server_certificate;
mod list_server_certificate_tags;
mod list_server_certificates;
mod tag_server_certificate;
mod untag_server_certificate;
mod update_server_certificate;
mod upload_server_certificate;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{AccountId, Arn};
use daypass_model::ServiceError;
use daypass_model::iam::ServerCertificateMetadata;
use daypass_state::record::ServerCertificateRecord;
use daypass_state::{Account, ServerCertificate};

use crate::errors::NoSuchEntity;

/// The server certificate of this name.
///
/// # Errors
/// `NoSuchEntity` when there is none.
fn find<'a>(account: &'a Account, name: &str) -> Result<&'a Arc<ServerCertificate>, ServiceError> {
    account.server_certificate(name).ok_or_else(|| NoSuchEntity::ServerCertificate(name).into())
}

/// A certificate in the form in which lists show it.
fn metadata(certificate: &ServerCertificate) -> ServerCertificateMetadata {
    metadata_with(&certificate.record, &certificate.arn())
}

/// As [`metadata`], of a certificate that is not stored yet.
fn metadata_of(account: AccountId, record: &ServerCertificateRecord) -> ServerCertificateMetadata {
    metadata_with(record, &Arn::server_certificate(account, &record.path, &record.name))
}

fn metadata_with(record: &ServerCertificateRecord, arn: &Arn) -> ServerCertificateMetadata {
    ServerCertificateMetadata {
        path: record.path.clone(),
        server_certificate_name: record.name.clone(),
        server_certificate_id: record.id.to_string(),
        arn: arn.to_string(),
        upload_date: Some(DateTime::from_secs(record.upload_date)),
        expiration: Some(DateTime::from_secs(record.expiration)),
    }
}
