//! What things are called.

use super::parts::ReportedSource;
use crate::decide::PolicyType;
use crate::statement::Effect;

pub(super) fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    }
}

impl PolicyType {
    /// What AWS calls a policy of this type in its denials, such as `identity-based policy`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Resource => "resource-based policy",
            Self::Trust => "role trust policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
        }
    }
}

impl ReportedSource {
    /// What tells the policy from the others, such as `"keys" of user bob`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Managed { arn } => arn.clone(),
            Self::UserInline { user, name } => format!("\"{name}\" of user {user}"),
            Self::GroupInline { group, name } => format!("\"{name}\" of group {group}"),
            Self::RoleInline { role, name } => format!("\"{name}\" of role {role}"),
            Self::SessionInline => "given with the session".to_owned(),
            Self::OfResource { arn } => format!("of {arn}"),
            Self::Control { name, target, .. } => format!("\"{name}\" on {target}"),
        }
    }
}
