//! The account as an issuer of web identities to others (IAM User Guide, "Federating AWS identities
//! to external services").
//!
//! The account's issuer has an id from the first time that it is enabled. Disabling it ends the
//! giving of tokens, not those that were given: others go on verifying them, and enabled again the
//! account has the same issuer.

mod disable;
mod enable;
mod get_info;

#[cfg(test)]
mod tests;
