//! SAML 2.0: what an identity provider publishes about itself, and the responses that it signs.
//!
//! [`Metadata`] says who a provider is and which keys it signs with; only those are believed.

mod algorithm;
mod der;
mod metadata;
mod xml;

pub use metadata::{InvalidMetadata, Metadata};
