//! SAML identity providers (IAM User Guide, "SAML 2.0 federation").

mod create_provider;
mod delete_provider;
mod get_provider;
mod list_providers;
mod list_tags;
mod metadata;
mod private_keys;
mod provider;
mod tag_provider;
mod untag_provider;
mod update_provider;

#[cfg(test)]
mod tests;
