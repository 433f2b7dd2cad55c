//! Server certificates, by name.

use std::sync::Arc;

use daypass_ident::{AccountId, Arn};

use super::Account;
use super::account::after;
use crate::codec::decode;
use crate::record::ServerCertificateRecord;
use crate::{Name, UnknownCodec};

/// A server certificate.
#[derive(Debug)]
pub struct ServerCertificate {
    /// What is stored.
    pub record: ServerCertificateRecord,
    account: AccountId,
}

impl ServerCertificate {
    /// The certificate's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::server_certificate(self.account, &self.record.path, &self.record.name)
    }
}

/// One account's server certificates.
#[derive(Debug, Clone, Default)]
pub(super) struct ServerCertificates(imbl::OrdMap<Name, Arc<ServerCertificate>>);

impl ServerCertificates {
    pub(super) fn put(
        &mut self,
        account: AccountId,
        name: &str,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        let certificate = ServerCertificate { record: decode(value)?, account };
        self.0.insert(Name::new(name), Arc::new(certificate));
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(&Name::new(name));
    }
}

impl Account {
    /// A server certificate by name, in any case.
    #[must_use]
    pub fn server_certificate(&self, name: &str) -> Option<&Arc<ServerCertificate>> {
        self.server_certificates.0.get(&Name::new(name))
    }

    /// All server certificates, by name.
    pub fn server_certificates(&self) -> impl Iterator<Item = &Arc<ServerCertificate>> {
        self.server_certificates.0.values()
    }

    /// As [`server_certificates`](Self::server_certificates), from behind a name on, at the cost of
    /// what is taken.
    pub fn server_certificates_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<ServerCertificate>> + use<'a> {
        after(&self.server_certificates.0, name)
    }

    /// How many server certificates there are.
    #[must_use]
    pub fn server_certificate_count(&self) -> usize {
        self.server_certificates.0.len()
    }
}
