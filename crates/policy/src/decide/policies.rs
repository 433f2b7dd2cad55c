use daypass_ident::AccountId;
use serde::Serialize;

use crate::policy::Policy;

/// The policies that bear on one request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Policies<'a> {
    /// The service control policies over the caller's account, level by level from the root of the
    /// organisation down to the account; each level must allow. Empty for an account that none
    /// bind: outside every organisation, or its management account.
    pub service_control: &'a [Level<'a>],
    /// The resource control policies over the account of the resource, likewise.
    pub resource_control: &'a [Level<'a>],
    /// The identity's own: a user's and their groups', or a role's; none for root, who needs none.
    pub identity: &'a [NamedPolicy<'a>],
    /// The permissions boundary, where one is set.
    pub boundary: Option<NamedPolicy<'a>>,
    /// The policies that the session was made with, one of which must allow. `None` for a session
    /// without, and for no session; an empty list allows nothing.
    pub session: Option<&'a [NamedPolicy<'a>]>,
    /// The resource's own policy, where it has one.
    pub resource: Option<ResourcePolicy<'a>>,
    /// The account that owns the resource; `None` stands for the caller's.
    pub resource_account: Option<AccountId>,
}

/// The policies attached to one level of an organisation: its root, a unit, an account.
pub type Level<'a> = &'a [NamedPolicy<'a>];

impl Policies<'_> {
    pub(super) fn resource_type(&self) -> PolicyType {
        self.resource.map_or(PolicyType::Resource, |resource| resource.policy_type)
    }
}

/// A policy and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct NamedPolicy<'a> {
    /// Where it comes from.
    pub source: PolicySource<'a>,
    /// What it says.
    pub policy: &'a Policy,
}

/// The policy of a resource.
#[derive(Debug, Clone, Copy)]
pub struct ResourcePolicy<'a> {
    /// The policy.
    pub policy: NamedPolicy<'a>,
    /// What denials call it.
    pub policy_type: PolicyType,
    /// Whether the resource is closed unless the policy opens it, even to its own account.
    pub required: bool,
}

impl<'a> ResourcePolicy<'a> {
    /// The trust policy of a role: a role that trusts nobody is assumed by nobody.
    #[must_use]
    pub fn trust(policy: NamedPolicy<'a>) -> Self {
        Self { policy, policy_type: PolicyType::Trust, required: true }
    }

    /// The policy of a resource that its own account reaches by identity policies alone.
    #[must_use]
    pub fn open(policy: NamedPolicy<'a>) -> Self {
        Self { policy, policy_type: PolicyType::Resource, required: false }
    }
}

/// Where a policy comes from, to name it in an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySource<'a> {
    /// A managed policy, the customer's or AWS's, by its ARN.
    Managed {
        /// The policy's ARN.
        arn: &'a str,
    },
    /// An inline policy of a user.
    UserInline {
        /// The user's name.
        user: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// An inline policy of a group.
    GroupInline {
        /// The group's name.
        group: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// An inline policy of a role.
    RoleInline {
        /// The role's name.
        role: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// The policy text that a session was made with.
    SessionInline,
    /// The policy of a resource, a role's trust policy among them.
    OfResource {
        /// The resource's ARN.
        arn: &'a str,
    },
    /// A service control or resource control policy of an organisation.
    Control {
        /// The policy's ARN.
        arn: &'a str,
        /// The policy's name.
        name: &'a str,
        /// What it is attached to: the id of a root, a unit or an account.
        target: &'a str,
    },
}

/// The kinds of policy that a decision distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyType {
    /// Identity-based: of a user, group or role.
    Identity,
    /// Resource-based.
    Resource,
    /// A role's trust policy, which is resource-based too.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
}
