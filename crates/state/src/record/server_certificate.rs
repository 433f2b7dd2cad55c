use daypass_ident::UniqueId;
use serde::{Deserialize, Serialize};

use super::Tags;

/// A server certificate. The private key is checked when it comes and is not kept: nothing in daypass
/// uses it, and no operation shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerCertificateRecord {
    /// Unique in the account, whatever the case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `ASCA…`.
    pub id: UniqueId,
    /// Unix seconds.
    pub upload_date: i64,
    /// When the certificate is no longer valid; Unix seconds.
    pub expiration: i64,
    /// The certificate in PEM, as it was uploaded.
    pub body: String,
    /// The certificates of its issuers in PEM, as they were uploaded.
    pub chain: Option<String>,
    /// Its tags.
    pub tags: Tags,
}
