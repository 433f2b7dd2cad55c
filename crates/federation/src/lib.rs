//! What identity providers vouch for: signed bytes in, verified claims out.
//!
//! [`oidc`] verifies the ID tokens of OpenID Connect providers and finds the keys to do so; it
//! fetches nothing itself, but through the trait [`oidc::Fetch`]. What the claims permit, and which
//! provider an account trusts, is for others to say.

pub mod oidc;
pub mod saml;
