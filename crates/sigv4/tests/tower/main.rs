//! The tower layer in process: requests signed by AWS's own signer, and what the service behind it sees.
#![cfg(test)]
#![cfg(feature = "tower")]

mod bodies;
mod pluses;
mod refusals;
mod world;
