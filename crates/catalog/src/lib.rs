//! AWS's own data: the managed policies, and what each service lets policies speak of.
//!
//! The data is part of the binary. `cargo xtask catalog` writes it from packages that follow AWS; a
//! process that never asks for an AWS managed policy never reads it, and a document or a service's
//! facts are inflated when somebody first asks for them.
//!
//! ```
//! let iam = daypass_catalog::service("iam").expect("IAM");
//! let create_user = iam.action("createuser").expect("the case of a name means nothing");
//! assert_eq!(create_user.name, "CreateUser");
//! assert_eq!(create_user.resource_types.first().map(|resource| resource.name), Some("user"));
//! assert!(create_user.condition_keys.contains(&"iam:PermissionsBoundary"));
//! ```

mod action;
mod condition_key;
mod documents;
mod global_condition_key;
mod managed_policy;
mod multivalued;
mod service;
mod service_linked_role;
mod service_principal;

pub use action::{AccessLevel, Action, ActionResource, ResourceType};
pub use condition_key::{ConditionKey, KeyType};
pub use global_condition_key::{global_condition_key, global_condition_keys};
pub use managed_policy::{ManagedPolicy, managed_policies, managed_policy};
pub use multivalued::is_multivalued;
pub use service::{Service, rcp_supported, service, services};
pub use service_linked_role::{ServiceLinkedRole, service_linked_role, service_linked_roles};
pub use service_principal::{is_service_principal, service_principals};
