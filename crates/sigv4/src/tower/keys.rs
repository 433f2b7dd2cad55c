//! Where secrets come from.

use std::{fmt, future::Future};

use zeroize::Zeroizing;

use crate::{error::AuthError, tower::BoxError};

/// Looks up access keys. Implement it with a plain `async fn find`.
pub trait Keys: Send + Sync + 'static {
    /// What the service wants to know of a caller: a name, a record, an `Arc` of one.
    type Caller: Clone + Send + Sync + 'static;

    /// Finds the secret of an access key, and whose it is.
    ///
    /// Neither argument is proved yet: anybody can name a key. A token must be opened and compared with the key
    /// here, before the signature is verified, as AWS does.
    ///
    /// # Errors
    ///
    /// [`KeyError::Refused`] with the [`AuthError`] that says why (unknown or inactive key; missing, unreadable or
    /// expired token, or that of another key; an issuer that is gone); [`KeyError::Unavailable`] when nobody knows.
    fn find(
        &self,
        access_key_id: &str,
        session_token: Option<&str>,
    ) -> impl Future<Output = Result<AccessKey<Self::Caller>, KeyError>> + Send;
}

/// An access key that may sign. Its secret is wiped from memory when dropped, and never printed.
pub struct AccessKey<C> {
    pub(super) secret: Zeroizing<Vec<u8>>,
    pub(super) caller: C,
    pub(super) temporary: bool,
}

impl<C> AccessKey<C> {
    /// A long-term key. A session token beside it is refused once the signature is found right, as AWS does.
    pub fn long_term(secret: impl Into<Vec<u8>>, caller: C) -> Self {
        Self { secret: Zeroizing::new(secret.into()), caller, temporary: false }
    }

    /// The key of a session, whose token has been found to belong to it.
    pub fn temporary(secret: impl Into<Vec<u8>>, caller: C) -> Self {
        Self { secret: Zeroizing::new(secret.into()), caller, temporary: true }
    }
}

impl<C: fmt::Debug> fmt::Debug for AccessKey<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("caller", &self.caller)
            .field("temporary", &self.temporary)
            .finish_non_exhaustive()
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// This key, or this token, does not open the door.
    #[error(transparent)]
    Refused(#[from] AuthError),
    /// It cannot be found out now. The cause is for the log; the client is told of an internal failure.
    #[error("access keys cannot be looked up")]
    Unavailable(#[source] BoxError),
}

/// Who signed a request: an extension of every request that the layer lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller<C>(pub C);
