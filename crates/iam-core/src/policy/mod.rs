//! Managed policies: the customer's own and AWS's (IAM User Guide, "Managed policies and inline
//! policies").

mod create_policy;
mod create_policy_version;
mod delete_policy;
mod delete_policy_version;
pub(crate) mod document;
mod get_policy;
mod get_policy_version;
mod list_entities_for_policy;
mod list_policies;
mod list_policy_tags;
mod list_policy_versions;
mod managed;
mod set_default_policy_version;
pub(crate) mod shape;
mod tag_policy;
mod untag_policy;
mod version;

#[cfg(test)]
mod saved_tests;
#[cfg(test)]
mod tests;

pub(crate) use managed::{ManagedPolicy, parse_arn};
pub(crate) use version::VersionId;
