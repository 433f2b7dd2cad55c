use std::collections::BTreeSet;

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    EntityType, ListEntitiesForPolicyInput, ListEntitiesForPolicyOutput, PolicyGroup, PolicyRole,
    PolicyUsageType, PolicyUser,
};
use daypass_state::{Account, EntityKind, EntityRef, Group, Name, Role, Tx, User};

use super::{ManagedPolicy, managed};
use crate::generated::ListEntitiesForPolicy;
use crate::pagination::paging;

impl Guarded for ListEntitiesForPolicy {
    fn targets(
        input: &ListEntitiesForPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        managed::need(targets, scope, "iam:ListEntitiesForPolicy", &input.policy_arn)?;
        Ok(())
    }
}

impl Handle for ListEntitiesForPolicy {
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<ListEntitiesForPolicyOutput, ServiceError> {
        let input = call.input();
        let account = tx.account();
        ManagedPolicy::attachable(account, &input.policy_arn)?;
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let entities = holders(account, &input.policy_arn, input.policy_usage_filter)
            .into_iter()
            .filter(|entity| is_wanted(entity.kind, input.entity_filter))
            .filter_map(|entity| Entity::find(account, entity))
            .filter(|entity| entity.path().starts_with(prefix));
        let page = paging!(input).page(entities, Entity::list_key)?;
        Ok(ListEntitiesForPolicyOutput {
            policy_groups: Some(page.items.iter().filter_map(Entity::group).collect()),
            policy_users: Some(page.items.iter().filter_map(Entity::user).collect()),
            policy_roles: Some(page.items.iter().filter_map(Entity::role).collect()),
            is_truncated: page.is_truncated(),
            marker: page.marker,
        })
    }
}

/// Who uses the policy in the way that is asked for, or in any: groups, roles, users, each once
/// and by name.
fn holders<'a>(
    account: &'a Account,
    policy: &str,
    usage: Option<PolicyUsageType>,
) -> BTreeSet<&'a EntityRef> {
    let attached =
        (usage != Some(PolicyUsageType::PermissionsBoundary)).then(|| account.attached_to(policy));
    let bounded =
        (usage != Some(PolicyUsageType::PermissionsPolicy)).then(|| account.bounded_by(policy));
    attached.into_iter().flatten().chain(bounded.into_iter().flatten()).collect()
}

/// Policies hold no policies: their kinds, which other lists filter by, leave nothing here.
fn is_wanted(kind: EntityKind, filter: Option<EntityType>) -> bool {
    match filter {
        None => true,
        Some(EntityType::User) => kind == EntityKind::User,
        Some(EntityType::Role) => kind == EntityKind::Role,
        Some(EntityType::Group) => kind == EntityKind::Group,
        Some(EntityType::LocalManagedPolicy | EntityType::AwsManagedPolicy) => false,
    }
}

/// Somebody who uses the policy.
enum Entity<'a> {
    Group(&'a Group),
    Role(&'a Role),
    User(&'a User),
}

impl<'a> Entity<'a> {
    fn find(account: &'a Account, entity: &EntityRef) -> Option<Self> {
        let name = entity.name.as_str();
        match entity.kind {
            EntityKind::Group => account.group(name).map(|group| Self::Group(group)),
            EntityKind::Role => account.role(name).map(|role| Self::Role(role)),
            EntityKind::User => account.user(name).map(|user| Self::User(user)),
        }
    }

    fn path(&self) -> &'a str {
        match self {
            Self::Group(group) => &group.record.path,
            Self::Role(role) => &role.record.path,
            Self::User(user) => &user.record.path,
        }
    }

    fn list_key(&self) -> String {
        let (kind, name) = match self {
            Self::Group(group) => ("group", &group.record.name),
            Self::Role(role) => ("role", &role.record.name),
            Self::User(user) => ("user", &user.record.name),
        };
        format!("{kind}/{}", Name::new(name).as_str())
    }

    fn group(&self) -> Option<PolicyGroup> {
        let Self::Group(group) = self else { return None };
        Some(PolicyGroup {
            group_name: Some(group.record.name.clone()),
            group_id: Some(group.record.id.to_string()),
        })
    }

    fn role(&self) -> Option<PolicyRole> {
        let Self::Role(role) = self else { return None };
        Some(PolicyRole {
            role_name: Some(role.record.name.clone()),
            role_id: Some(role.record.id.to_string()),
        })
    }

    fn user(&self) -> Option<PolicyUser> {
        let Self::User(user) = self else { return None };
        Some(PolicyUser {
            user_name: Some(user.record.name.clone()),
            user_id: Some(user.record.id.to_string()),
        })
    }
}
