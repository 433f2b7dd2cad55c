//! What a request of AWS's operations says, who signed it, and how it is answered.

pub(crate) mod cross_site;
pub(crate) mod destination;
pub(crate) mod host;
pub(crate) mod incoming;
pub(crate) mod introduction;
pub(crate) mod page;
pub(crate) mod public_keys;
pub(crate) mod refusal;
pub(crate) mod regions;
pub(crate) mod respond;
pub(crate) mod signing_keys;
pub(crate) mod unsigned;
pub(crate) mod verify;
