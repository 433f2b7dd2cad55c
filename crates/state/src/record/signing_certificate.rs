use serde::{Deserialize, Serialize};

use super::{KeyOwner, KeyStatus, UserCredential};

/// A certificate with which a user signs requests to services that take SOAP (IAM User Guide, "Manage
/// signing certificates").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningCertificateRecord {
    /// Upper-case letters and digits.
    pub id: String,
    /// Whose it is.
    pub owner: KeyOwner,
    /// The PEM as it was uploaded.
    pub body: String,
    /// The SHA-256 of the certificate itself, by which the same one is known again. Lower-case
    /// hexadecimal.
    pub digest: String,
    /// Whether it is in use.
    pub status: KeyStatus,
    /// Unix seconds.
    pub upload_date: i64,
}

impl UserCredential for SigningCertificateRecord {
    fn owner(&self) -> KeyOwner {
        self.owner
    }

    fn id(&self) -> &str {
        &self.id
    }
}
