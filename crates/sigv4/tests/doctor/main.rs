//! The doctor, on requests that were signed with mistakes.

#[cfg(test)]
mod named;
#[cfg(test)]
mod signer;
