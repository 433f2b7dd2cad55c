//! Of whom or what a report is.

use std::collections::BTreeMap;

use daypass_authz::{Call, Entity};
use daypass_ident::{ArnParts, UniqueId};
use daypass_model::ServiceError;
use daypass_policy::{NamedPolicy, Policy, PolicySource};
use daypass_state::{Accesses, Account, EntityKind, Role, User};

use crate::entity_arn::EntityArn;
use crate::errors::NoSuchEntity;

/// A user, group, role or managed policy of the account, or a managed policy of AWS's.
pub(super) enum Subject<'a> {
    Entity(Entity<'a>),
    Policy { arn: &'a str, policy: Option<&'a Policy> },
}

/// A user or a role.
#[derive(Clone, Copy)]
pub(super) enum Identity<'a> {
    User(&'a User),
    Role(&'a Role),
}

impl<'a> Subject<'a> {
    /// What an ARN names.
    ///
    /// # Errors
    /// `InvalidInput` for an ARN of something else; `NoSuchEntity` when there is none of exactly this
    /// ARN.
    pub(super) fn find(arn: &'a str, account: &'a Account) -> Result<Self, ServiceError> {
        let parts = ArnParts::parse(arn).filter(|parts| parts.service == "iam");
        if parts.is_none_or(|parts| parts.path_and_name("policy").is_none()) {
            return Ok(Self::Entity(EntityArn::find(arn, account)?.1));
        }
        let policy = account.managed_policy(arn);
        if policy.is_none() && account.policy_by_arn(arn).is_none() {
            return Err(NoSuchEntity::Policy(arn).into());
        }
        Ok(Self::Policy { arn, policy })
    }

    /// The policies that grant through it. A boundary grants nothing. A policy that is attached to
    /// nobody grants nothing either.
    pub(super) fn policies(&self, call: &'a Call) -> Vec<NamedPolicy<'a>> {
        match *self {
            Self::Entity(entity) => call.policies_of(entity).identity,
            Self::Policy { arn, policy } => {
                let is_attached = call.entities().attached_to(arn).next().is_some();
                let policy = policy.filter(|_| is_attached);
                let source = PolicySource::Managed { arn };
                policy.map(|policy| NamedPolicy { source, policy }).into_iter().collect()
            }
        }
    }

    /// Who uses services through it, each once.
    pub(super) fn identities(&self, account: &'a Account) -> Vec<Identity<'a>> {
        let mut all = BTreeMap::new();
        let mut add = |identity: Identity<'a>| all.insert(identity.id(), identity);
        match *self {
            Self::Entity(Entity::User(user)) => {
                add(Identity::User(user));
            }
            Self::Entity(Entity::Role(role)) => {
                add(Identity::Role(role));
            }
            Self::Entity(Entity::Group(group)) => {
                account.members(group.record.id).for_each(|user| {
                    add(Identity::User(user));
                });
            }
            Self::Policy { arn, .. } => {
                for holder in account.attached_to(arn) {
                    let name = holder.name.as_str();
                    match holder.kind {
                        EntityKind::User => account.user(name).into_iter().for_each(|user| {
                            add(Identity::User(user));
                        }),
                        EntityKind::Role => account.role(name).into_iter().for_each(|role| {
                            add(Identity::Role(role));
                        }),
                        EntityKind::Group => {
                            let group = account.group(name).into_iter();
                            let members = group.flat_map(|group| account.members(group.record.id));
                            members.for_each(|user| {
                                add(Identity::User(user));
                            });
                        }
                    }
                }
            }
        }
        all.into_values().collect()
    }
}

impl<'a> Identity<'a> {
    /// The user or role of this id.
    pub(super) fn find(account: &'a Account, id: UniqueId) -> Option<Self> {
        let user = account.user_by_id(id).map(|user| Self::User(user));
        user.or_else(|| account.role_by_id(id).map(|role| Self::Role(role)))
    }

    pub(super) fn id(self) -> UniqueId {
        match self {
            Self::User(user) => user.record.id,
            Self::Role(role) => role.record.id,
        }
    }

    pub(super) fn arn(self) -> String {
        match self {
            Self::User(user) => user.arn().to_string(),
            Self::Role(role) => role.arn().to_string(),
        }
    }

    pub(super) fn accesses(self) -> &'a Accesses {
        match self {
            Self::User(user) => &user.accesses,
            Self::Role(role) => &role.accesses,
        }
    }
}
