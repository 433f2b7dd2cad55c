//! The account itself: its alias, and how full it is.

mod authorization_details;
mod create_account_alias;
mod delete_account_alias;
mod get_account_properties;
mod get_account_summary;
mod list_account_aliases;
mod properties;
mod put_account_properties;
mod set_security_token_service_preferences;

#[cfg(test)]
mod tests;
