//! daypass as its users meet it: through AWS's SDK for Rust, through requests signed by hand, and
//! as a command. Each test has a server of its own, so that all run at once.
#![cfg(test)]

mod assume_root;
mod chains;
mod clock;
mod command;
mod concurrency;
mod credential_providers;
mod decisions;
mod delegation;
mod dispatch;
mod eks_token;
mod every_operation;
mod federation_token;
mod gateway;
mod groups;
mod housekeeping;
mod identity_providers;
mod idp;
mod instance_profiles;
mod managed_policies;
mod mfa;
mod mfa_devices;
mod organizations;
mod outbound_federation;
mod pluses;
mod presigned;
mod provided_contexts;
mod recipes;
mod role_sessions;
mod saml;
mod seed;
mod services;
mod session_policies;
mod sessions;
mod several_servers;
mod sign_in;
mod signatures;
mod simulation;
mod tag_keys;
mod trusted_user;
mod user_credentials;
mod vault;
mod walk_through;
mod web_identity;
mod why;
