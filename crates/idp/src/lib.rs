//! An identity provider to try federation with, where there is no other: an issuer of OpenID Connect
//! and a SAML 2.0 identity provider, whose users stand in a file.
//!
//! [`Provider`] vouches: it makes tokens and responses. [`Server`] is how browsers and programs ask it
//! to. The command line asks a `Provider` directly; with the same settings and the same key both say
//! the same.
//!
//! It is made for tests and says what it is told to say: claims from its settings replace those of the
//! protocols, so that what a verifier must refuse can be made, too. Therefore it listens on loopback
//! unless it is told otherwise.

mod client;
mod codes;
mod keys;
mod mint;
mod provider;
mod saml;
mod server;
mod settings;
#[cfg(test)]
mod testing;
mod web;

pub use client::Client;
pub use keys::{KeyError, Keys};
pub use mint::MintError;
pub use provider::Provider;
pub use saml::AssertionWish;
pub use server::{Server, StartError};
pub use settings::{Claims, InvalidSettings, Saml, Settings, User};
