//! OpenID Connect identity providers (IAM User Guide, "OIDC federation").

mod add_client_id;
mod create_provider;
mod delete_provider;
mod get_provider;
mod list_providers;
mod list_tags;
mod provider;
mod remove_client_id;
mod tag_provider;
mod thumbprints;
mod untag_provider;
mod update_thumbprint;
mod url;

#[cfg(test)]
mod tests;
