//! `GetAccountAuthorizationDetails`: all users, groups, roles and managed policies, with what each may do.

mod shape;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_catalog::ManagedPolicy as ManagedPolicyOfAws;
use daypass_model::ServiceError;
use daypass_model::iam::{
    EntityType, GetAccountAuthorizationDetailsInput, GetAccountAuthorizationDetailsOutput,
};
use daypass_state::{Account, Group, Name, Role, Tx, User};

use crate::generated::GetAccountAuthorizationDetails;
use crate::pagination::paging;
use crate::policy::ManagedPolicy;

impl Guarded for GetAccountAuthorizationDetails {
    fn targets(
        _: &GetAccountAuthorizationDetailsInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:GetAccountAuthorizationDetails");
        Ok(())
    }
}

impl Handle for GetAccountAuthorizationDetails {
    /// `MaxItems` counts entities of all kinds together, so that a page may have several kinds. The order of the
    /// kinds is ours: AWS's is not on record. So is that AWS's policies are given whether the account uses
    /// them or not, as tools expect that look at `AttachmentCount`.
    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<GetAccountAuthorizationDetailsOutput, ServiceError> {
        let input = call.input();
        let kinds = wanted(input.filter.as_deref().unwrap_or_default());
        let page =
            paging!(input).page_from(|after| entities(tx.account(), kinds, after), Entity::key)?;
        let is_truncated = page.is_truncated();
        let mut details = GetAccountAuthorizationDetailsOutput {
            user_detail_list: Some(Vec::new()),
            group_detail_list: Some(Vec::new()),
            role_detail_list: Some(Vec::new()),
            policies: Some(Vec::new()),
            is_truncated,
            marker: page.marker,
        };
        for entity in page.items {
            match entity {
                Entity::User(user) => {
                    details.user_detail_list.get_or_insert_default().push(shape::user(tx, user));
                }
                Entity::Group(group) => {
                    details.group_detail_list.get_or_insert_default().push(shape::group(tx, group));
                }
                Entity::Role(role) => {
                    let role = shape::role(tx, role, call.now());
                    details.role_detail_list.get_or_insert_default().push(role);
                }
                Entity::Policy(policy) => {
                    details.policies.get_or_insert_default().push(shape::policy(tx, policy));
                }
            }
        }
        Ok(details)
    }
}

/// The kinds in their order. Without a filter it is all of them.
fn wanted(filter: &[EntityType]) -> BTreeSet<Kind> {
    let kind = |entity: &EntityType| match entity {
        EntityType::User => Kind::User,
        EntityType::Group => Kind::Group,
        EntityType::Role => Kind::Role,
        EntityType::LocalManagedPolicy => Kind::LocalPolicy,
        EntityType::AwsManagedPolicy => Kind::AwsPolicy,
    };
    if filter.is_empty() { Kind::ALL.into() } else { filter.iter().map(kind).collect() }
}

/// Of an entity. The digit stands before names in markers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    User = 0,
    Group = 1,
    Role = 2,
    LocalPolicy = 3,
    AwsPolicy = 4,
}

impl Kind {
    const ALL: [Self; 5] =
        [Self::User, Self::Group, Self::Role, Self::LocalPolicy, Self::AwsPolicy];
}

enum Entity<'a> {
    User(&'a Arc<User>),
    Group(&'a Arc<Group>),
    Role(&'a Arc<Role>),
    Policy(ManagedPolicy<'a>),
}

impl Entity<'_> {
    /// The entity's place: kinds one after another, each by name.
    fn key(&self) -> String {
        let (kind, name) = match self {
            Self::User(user) => (Kind::User, &*user.record.name),
            Self::Group(group) => (Kind::Group, &*group.record.name),
            Self::Role(role) => (Kind::Role, &*role.record.name),
            Self::Policy(policy @ ManagedPolicy::Customer(_)) => (Kind::LocalPolicy, policy.name()),
            Self::Policy(policy @ ManagedPolicy::Aws(_)) => (Kind::AwsPolicy, policy.name()),
        };
        format!("{}/{}", kind as u8, Name::new(name).as_str())
    }
}

/// The entities of these kinds, from behind a key on, at the cost of what is taken.
fn entities<'a>(
    account: &'a Account,
    kinds: BTreeSet<Kind>,
    after: Option<&str>,
) -> impl Iterator<Item = Entity<'a>> + use<'a> {
    let after = after.and_then(|key| key.split_once('/'));
    let reached = after.and_then(|(digit, _)| digit.parse::<u8>().ok()).unwrap_or_default();
    let name = after.map(|(_, name)| Box::<str>::from(name));
    let rest = kinds.into_iter().filter(move |kind| *kind as u8 >= reached);
    rest.flat_map(move |kind| {
        let name = name.as_deref().filter(|_| kind as u8 == reached);
        of_kind(account, kind, name)
    })
}

fn of_kind<'a>(
    account: &'a Account,
    kind: Kind,
    after: Option<&str>,
) -> Box<dyn Iterator<Item = Entity<'a>> + 'a> {
    match kind {
        Kind::User => Box::new(account.users_after(after).map(Entity::User)),
        Kind::Group => Box::new(account.groups_after(after).map(Entity::Group)),
        Kind::Role => Box::new(account.roles_after(after).map(Entity::Role)),
        Kind::LocalPolicy => {
            let policies = account.policies_after(after).map(ManagedPolicy::Customer);
            Box::new(policies.map(Entity::Policy))
        }
        Kind::AwsPolicy => {
            let is_before = |one: &&ManagedPolicyOfAws| {
                after.is_some_and(|after| Name::new(one.name).as_str() <= after)
            };
            let begin = AWS_BY_NAME.partition_point(is_before);
            let policies = AWS_BY_NAME.iter().skip(begin);
            Box::new(policies.map(|policy| Entity::Policy(ManagedPolicy::Aws(policy))))
        }
    }
}

/// AWS's policies in the order of their names.
static AWS_BY_NAME: LazyLock<Vec<&'static ManagedPolicyOfAws>> = LazyLock::new(|| {
    let mut policies: Vec<_> = daypass_catalog::managed_policies().iter().collect();
    policies.sort_by_cached_key(|policy| Name::new(policy.name));
    policies
});
