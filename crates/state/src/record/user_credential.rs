use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::KeyOwner;
use crate::Account;
use crate::key::Kind;
use crate::view::UserCredentials;

/// What a user has to identify with, beside access keys, and has several of: signing certificates, SSH
/// keys, credentials for single services. Each kind is kept by owner and id.
pub trait UserCredential: Kept {
    /// Whose it is.
    fn owner(&self) -> KeyOwner;

    /// The id, which no other of the owner's has.
    fn id(&self) -> &str;
}

/// Where the records of a kind are kept. It is not for other crates to name.
pub trait Kept: fmt::Debug + Clone + Serialize + DeserializeOwned + Sized + 'static {
    #[doc(hidden)]
    fn kind() -> StoredKind;
    #[doc(hidden)]
    fn kept(account: &Account) -> &UserCredentials<Self>;
}

/// The part of a key in the store that says what the record is.
#[derive(Debug, Clone, Copy)]
pub struct StoredKind(pub(crate) Kind);
