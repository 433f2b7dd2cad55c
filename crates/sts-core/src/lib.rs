//! What the operations of STS mean.
//!
//! A file for each operation, and what they share: how long a session lasts (`duration`), what tags
//! it carries (`tags`), which policies bound it (`session_policies`), and the making of its
//! credentials (`issue`). Issuing writes nothing: a session is its token. Of the operations that are
//! not built yet there is what their callers need.

mod arns;
mod assume_role;
mod assume_role_with_saml;
mod assume_role_with_web_identity;
mod assume_root;
mod decode_authorization_message;
mod duration;
mod errors;
pub mod generated;
mod get_access_key_info;
mod get_caller_identity;
mod get_delegated_access_token;
mod get_federation_token;
mod get_session_token;
mod get_web_identity_token;
mod issue;
mod mfa;
mod provided_contexts;
mod saml_providers;
mod session_policies;
mod tags;
#[cfg(test)]
mod testing;
mod trusted_role;
mod vouched;

pub use generated::{OPERATIONS, dispatch};
pub use provided_contexts::{
    AssertedContext, ContextRequest, ContextRequestError, assert as assert_context,
};
pub use saml_providers::offered_roles;
