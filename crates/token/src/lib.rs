//! Sealed, self-contained session tokens, and sealed messages.
//!
//! Issuing temporary credentials writes nothing: all that daypass must know of a session, its
//! [`SessionClaims`], travels inside the session token, encrypted and authenticated under the
//! deployment's [`KeyRing`]. The secret access key is derived from the same ring, so whoever holds
//! the ring can verify the session's signatures, and nobody else can read or make a token.
//!
//! The same ring seals messages about denials, which travel through the hands of those who were
//! denied and are read by those who may, and sign-in tokens: [`KeyRing::seal_message`].
//!
//! It seals, too, what IAM Identity Center says of the user on whose behalf a session acts:
//! [`KeyRing::seal_context`].
//!
//! The keys of a ring outlive the process as [`SealingKeys`], which are written down and rotated.
//!
//! The room knows nothing of what the claims permit, nor of the time: whether a session has
//! expired, and whether its role still exists, is the caller's question.

mod claims;
mod context;
mod key_ring;
mod seal;
mod sealing_keys;

pub use claims::{FederationFacts, Mfa, SessionClaims, SessionPolicies};
pub use context::{ContextAssertion, ContextKind, OnBehalfOf};
pub use key_ring::{
    KeyRing, MessagePurpose, OpenError, OpenedMessage, OpenedSession, SealError, SealedSession,
    SessionToken,
};
pub use seal::KeyId;
pub use sealing_keys::{ParseKeysError, SealingKeys, TooManyKeys};
