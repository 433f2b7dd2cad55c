//! SAML 2.0: what an identity provider publishes about itself, and the responses that it signs.
//!
//! The way of a response: [`verify`] reads the XML without a DTD, finds the one assertion and its
//! signature, and verifies that with the keys of the provider's [`Metadata`]. Then it reads the octets
//! that were signed, as a document of their own, and nothing else: what signature wrapping, comments and
//! doubled elements have brought into the response is not in there. Only so is there an [`Assertion`], and only
//! so a [`Choice`]: which roles a response lets choose from. Before that, [`claimed_providers`] says whose
//! keys to try.
//!
//! Nothing in a response chooses how it is verified: keys come from the metadata, never from a `KeyInfo`;
//! the algorithms are few, each written down here, and SHA-1 is not among them.

mod algorithm;
mod assertion;
mod attributes;
mod claimed;
mod decrypt;
mod der;
mod error;
mod keys;
mod metadata;
mod offer;
mod pages;
pub mod sign;
mod signature;
mod verify;
mod xml;

pub use assertion::Assertion;
pub use claimed::claimed_providers;
pub use decrypt::{DecryptionKey, InvalidDecryptionKey};
pub use error::{Addressee, Malformed, SamlError, SignatureProblem};
pub use metadata::{InvalidMetadata, Metadata};
pub use offer::{Choice, Offer};
pub use verify::{Expectations, choice, verify};
