//! What users have to identify with, beside access keys, by whose it is.

use std::sync::Arc;

use super::Account;
use crate::UnknownCodec;
use crate::codec::decode;
use crate::key::Kind;
use crate::record::{
    Kept, KeyOwner, ServiceSpecificCredentialRecord, SigningCertificateRecord, SshPublicKeyRecord,
    StoredKind, UserCredential,
};

/// One account's, of one kind.
#[derive(Debug, Clone)]
pub struct UserCredentials<R>(imbl::OrdMap<(KeyOwner, Box<str>), Arc<R>>);

impl<R> Default for UserCredentials<R> {
    fn default() -> Self {
        Self(imbl::OrdMap::new())
    }
}

impl<R: UserCredential> UserCredentials<R> {
    pub(super) fn put(&mut self, value: &[u8]) -> Result<(), UnknownCodec> {
        let record: R = decode(value)?;
        self.0.insert((record.owner(), record.id().into()), Arc::new(record));
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &str) {
        let Some((owner, id)) = key.split_once('/') else { return };
        let owner = match owner {
            ROOT => Some(KeyOwner::Root),
            user => user.parse().ok().map(KeyOwner::User),
        };
        if let Some(owner) = owner {
            self.0.remove(&(owner, id.into()));
        }
    }
}

/// The rest of a record's key in the store.
pub(crate) fn key<R: UserCredential>(record: &R) -> String {
    let id = record.id();
    match record.owner() {
        KeyOwner::Root => format!("{ROOT}/{id}"),
        KeyOwner::User(user) => format!("{user}/{id}"),
    }
}

impl Account {
    /// All of a kind, by owner and id.
    pub fn credentials<R: UserCredential>(&self) -> impl Iterator<Item = &Arc<R>> {
        R::kept(self).0.values()
    }

    /// Those of one owner, by id.
    pub fn credentials_of<R: UserCredential>(
        &self,
        owner: KeyOwner,
    ) -> impl Iterator<Item = &Arc<R>> {
        let all = R::kept(self).0.range((owner, Box::default())..);
        all.take_while(move |((of, _), _)| *of == owner).map(|(_, record)| record)
    }

    /// One by its id.
    #[must_use]
    pub fn credential<R: UserCredential>(&self, owner: KeyOwner, id: &str) -> Option<&Arc<R>> {
        R::kept(self).0.get(&(owner, id.into()))
    }
}

/// Says where an account keeps the records of a kind.
macro_rules! kept {
    ($($record:ty: $kind:ident in $field:ident),* $(,)?) => {$(
        impl Kept for $record {
            fn kind() -> StoredKind {
                StoredKind(Kind::$kind)
            }

            fn kept(account: &Account) -> &UserCredentials<Self> {
                &account.$field
            }
        }
    )*};
}

kept! {
    ServiceSpecificCredentialRecord: ServiceSpecificCredential in service_specific_credentials,
    SigningCertificateRecord: SigningCertificate in signing_certificates,
    SshPublicKeyRecord: SshPublicKey in ssh_public_keys,
}

/// What stands in a key for the account's root user.
const ROOT: &str = "root";
