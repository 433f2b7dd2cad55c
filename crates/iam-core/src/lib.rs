//! What the operations of IAM mean.
//!
//! A folder for each kind of entity; in it, its rules and a file for each of its operations. An
//! operation is an implementation of [`Guarded`](daypass_authz::Guarded), what its caller must be
//! allowed to do, and of [`Handle`](daypass_authz::Handle), what it does in one transaction. Types,
//! constraints and errors come from [`daypass_model`]; what an operation is called is in [`generated`],
//! with the way from names to operations.
//!
//! AWS's sentences are in `errors` and nowhere else.

mod access_advisor;
mod access_key;
mod account;
mod boundary;
mod caller;
mod credential_report;
mod credential_status;
mod delegation;
mod entity_arn;
mod errors;
pub mod generated;
mod group;
mod held_policies;
mod instance_profile;
mod login_profile;
mod mfa;
mod need;
mod oidc_provider;
mod organizations;
mod outbound_federation;
mod pagination;
mod password_policy;
mod pki;
mod policy;
mod quotas;
#[cfg(test)]
mod reference_model;
mod role;
mod role_template;
mod saml_provider;
mod server_certificate;
mod service_linked_role;
mod service_specific_credential;
mod signing_certificate;
mod simulation;
mod ssh_public_key;
mod tags;
#[cfg(test)]
mod testing;
mod user;

pub use generated::{OPERATIONS, dispatch};
pub use login_profile::{PasswordStanding, verify_password};
pub use quotas::check_quota;
pub use role::trust::recorded as recorded_trust;
