//! OpenID Connect: ID tokens, the keys that verify them, and where the keys are found.
//!
//! The way of a token: [`Jwt::parse`] reads it, strictly and believing nothing; its
//! [`provider`](Jwt::provider) says whose it claims to be, and the caller looks whether an account
//! trusts that one; [`KeyStore`] finds the provider's keys; [`ProviderKeys::verify`] checks the signature and the
//! claims, and only then is there a [`WebIdentity`].
//!
//! Nothing in a token chooses how it is verified: keys come from the provider's published set or
//! from configuration, never from the token's header, and each key has its own algorithms. There is
//! no HMAC and no `none`.

mod access_token;
mod algorithm;
mod discovery;
mod error;
mod fetch;
mod identity;
mod json;
mod jwt;
mod keys;
mod offline;
mod questions;
pub mod sign;
mod store;
mod tags;
#[cfg(test)]
mod testing;
mod verify;

pub use access_token::{AccessTokenError, AccessTokenIssuer};
pub use algorithm::Algorithm;
pub use discovery::{Discovery, InvalidDiscovery, Rules};
pub use error::{KeyProblem, Malformed, OidcError};
pub use fetch::{Chain, Fetch, FetchError, Fetched, Fetching, InvalidThumbprint, Thumbprint};
pub use identity::{ProviderKey, WebIdentity};
pub use jwt::Jwt;
pub use keys::{InvalidKeySet, KeySet};
pub use offline::Offline;
pub use store::{KeyStore, ProviderKeys};
pub use verify::{Expectations, verify};
