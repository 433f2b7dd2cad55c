//! What identity providers vouch for: signed bytes in, verified claims out.
//!
//! [`oidc`] verifies the ID tokens of OpenID Connect providers and finds the keys to do so; it
//! fetches nothing itself, but through the trait [`oidc::Fetch`]. What the claims permit, and which
//! provider an account trusts, is for others to say.
//!
//! [`saml`] verifies the responses of SAML identity providers with the keys of their metadata.
//!
//! [`Issuer`] is the other side: the deployment vouches for its own principals to others.

mod issuer;
mod loopback;
pub mod oidc;
pub mod saml;

pub use issuer::{
    AWS_DOMAIN, CLAIMS_OF_AWS, DISCOVERY_PATH, Issuer, IssuerKeys, KEY_SET_PATH,
    ParseIssuerKeysError, TokenAlgorithm, UrlForm,
};
pub use loopback::is_loopback;
