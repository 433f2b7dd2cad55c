//! Users' credentials for single services, by whose they are.

use std::sync::Arc;

use daypass_ident::UniqueId;

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::record::ServiceSpecificCredentialRecord;

/// One account's.
#[derive(Debug, Clone, Default)]
pub(super) struct ServiceSpecificCredentials(
    imbl::OrdMap<(UniqueId, UniqueId), Arc<ServiceSpecificCredentialRecord>>,
);

impl ServiceSpecificCredentials {
    pub(super) fn put(&mut self, value: &[u8]) -> Result<(), UnknownCodec> {
        let record: ServiceSpecificCredentialRecord = decode(value)?;
        self.0.insert((record.user, record.id), Arc::new(record));
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) {
        let ids = name.split_once('/').map(|(user, id)| (user.parse(), id.parse()));
        if let Some((Ok(user), Ok(id))) = ids {
            self.0.remove(&(user, id));
        }
    }
}

impl Account {
    /// A user's credentials for single services, by id.
    pub fn service_specific_credentials_of(
        &self,
        user: UniqueId,
    ) -> impl Iterator<Item = &Arc<ServiceSpecificCredentialRecord>> {
        self.service_specific_credentials().filter(move |one| one.user == user)
    }

    /// Those of all users.
    pub fn service_specific_credentials(
        &self,
    ) -> impl Iterator<Item = &Arc<ServiceSpecificCredentialRecord>> {
        self.service_specific_credentials.0.values()
    }

    /// A user's credential by its id.
    #[must_use]
    pub fn service_specific_credential(
        &self,
        user: UniqueId,
        id: UniqueId,
    ) -> Option<&Arc<ServiceSpecificCredentialRecord>> {
        self.service_specific_credentials.0.get(&(user, id))
    }
}
