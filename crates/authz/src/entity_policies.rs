use daypass_ident::{AccountId, Arn};
use daypass_policy::{NamedPolicy, PolicySource, PolicyType};
use daypass_state::record::HeldPolicies;
use daypass_state::{Group, InlinePolicy, Role, User, View};

use crate::ControlLevels;

/// A user, group or role of a view.
#[derive(Debug, Clone, Copy)]
pub enum Entity<'a> {
    /// A user.
    User(&'a User),
    /// A group.
    Group(&'a Group),
    /// A role.
    Role(&'a Role),
}

impl Entity<'_> {
    /// The account of the entity.
    #[must_use]
    pub fn account(self) -> AccountId {
        match self {
            Self::User(user) => user.account(),
            Self::Group(group) => group.account(),
            Self::Role(role) => role.account(),
        }
    }
}

/// The policies of a user, group or role, whoever asks and whatever session they use: those that
/// grant and those that limit. All are borrowed from the view.
#[derive(Debug, Default)]
pub struct EntityPolicies<'a> {
    /// What the entity holds, inline policies before attached ones; a user's groups follow in
    /// the order in which the user joined them.
    pub identity: Vec<NamedPolicy<'a>>,
    /// The permissions boundary.
    pub boundary: Option<NamedPolicy<'a>>,
    /// The service control policies over the entity.
    pub service_control: ControlLevels<'a>,
    /// The kind of a policy that cannot be understood or is lost, if there is one. It might deny
    /// anything, so nothing may be allowed.
    pub unreadable: Option<PolicyType>,
}

impl<'a> EntityPolicies<'a> {
    /// The policies of an entity.
    #[must_use]
    pub(crate) fn of(view: &'a View, entity: Entity<'a>) -> Self {
        let mut policies = Self::default();
        policies.limit(view, entity.account(), is_service_linked_role(entity));
        policies.hold_entity(view, entity);
        policies
    }

    /// Those over an account, for a principal of it that is not a service's own.
    pub(crate) fn of_account(view: &'a View, account: AccountId) -> Self {
        let mut policies = Self::default();
        policies.limit(view, account, false);
        policies
    }

    fn limit(&mut self, view: &'a View, account: AccountId, service_linked: bool) {
        // Nothing of an organisation restricts what a service does through its own role.
        let Some(membership) = view.membership(account).filter(|_| !service_linked) else { return };
        match ControlLevels::new(membership.service_control()) {
            Some(levels) => self.service_control = levels,
            None => self.unreadable = Some(PolicyType::ServiceControl),
        }
    }

    fn hold_entity(&mut self, view: &'a View, entity: Entity<'a>) {
        match entity {
            Entity::User(user) => {
                let record = &user.record;
                self.hold(view, &user.inline, &record.policies, |name| PolicySource::UserInline {
                    user: &record.name,
                    name,
                });
                let account = view.account(entity.account());
                for group in record.groups.iter().filter_map(|id| account.group_by_id(*id)) {
                    self.hold_entity(view, Entity::Group(group));
                }
                self.bound(view, record.permissions_boundary.as_ref());
            }
            Entity::Group(group) => {
                let record = &group.record;
                self.hold(view, &group.inline, &record.policies, |name| {
                    PolicySource::GroupInline { group: &record.name, name }
                });
            }
            Entity::Role(role) => {
                let record = &role.record;
                self.hold(view, &role.inline, &record.policies, |name| PolicySource::RoleInline {
                    role: &record.name,
                    name,
                });
                self.bound(view, record.permissions_boundary.as_ref());
            }
        }
    }

    fn hold(
        &mut self,
        view: &'a View,
        inline: &'a [InlinePolicy],
        held: &'a HeldPolicies,
        source: impl Fn(&'a str) -> PolicySource<'a>,
    ) {
        self.identity.reserve(inline.len() + held.attached.len());
        let inline = inline.iter().map(|inline| {
            let policy = inline.policy.as_deref()?;
            Some(NamedPolicy { source: source(&inline.name), policy })
        });
        let attached = held.attached.iter().map(|arn| managed(view, arn));
        for policy in inline.chain(attached) {
            match policy {
                Some(policy) => self.identity.push(policy),
                None => self.unreadable = Some(PolicyType::Identity),
            }
        }
    }

    fn bound(&mut self, view: &'a View, boundary: Option<&'a Arn>) {
        if let Some(arn) = boundary {
            self.boundary = managed(view, arn);
            if self.boundary.is_none() {
                self.unreadable = Some(PolicyType::Boundary);
            }
        }
    }
}

/// A managed policy; `None` when there is no such policy, or it cannot be understood.
pub(crate) fn managed<'a>(view: &'a View, arn: &'a Arn) -> Option<NamedPolicy<'a>> {
    let policy = view.managed_policy(arn.as_str())?;
    Some(NamedPolicy { source: PolicySource::Managed { arn: arn.as_str() }, policy })
}

fn is_service_linked_role(entity: Entity<'_>) -> bool {
    matches!(entity, Entity::Role(role) if is_of_service(&role.record.path))
}

/// Whether the path is one of roles that AWS's services make for themselves, the service-linked
/// roles (IAM User Guide, "Create a service-linked role").
pub(crate) fn is_of_service(path: &str) -> bool {
    path.starts_with("/aws-service-role/")
}
