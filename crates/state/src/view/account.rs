use std::ops::Bound;
use std::sync::Arc;

use daypass_ident::{AccessKeyId, AccountId, Arn, ArnParts, UniqueId};
use daypass_policy::Policy;
use daypass_store::Revision;

use super::HashMap;
use super::by_id::ById;
use super::entity::{AccessKey, CustomerPolicy, Group, Role, User};
use super::instance_profiles::InstanceProfiles;
use super::login_profiles::LoginProfiles;
use super::mfa_devices::MfaDevices;
use super::providers::Providers;
use super::server_certificates::ServerCertificates;
use super::user_credentials::UserCredentials;
use crate::codec::decode;
use crate::key::Kind;
use crate::managed::aws_managed_policy;
use crate::record::{
    AccessReportRecord, AccountSettingsRecord, CredentialReportRecord, DeletionTaskRecord,
    HeldPolicies, KeyOwner, OutboundFederationRecord, PasswordPolicyRecord,
    ServiceSpecificCredentialRecord, SigningCertificateRecord, SshPublicKeyRecord,
};
use crate::{Name, UnknownCodec};

/// One account's entities and their indexes.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// The revision of the last commit in the account.
    pub(crate) head: Option<Revision>,
    pub(super) alias: Option<String>,
    pub(super) outbound_federation: Option<Arc<OutboundFederationRecord>>,
    pub(super) settings: AccountSettingsRecord,
    pub(super) password_policy: Option<PasswordPolicyRecord>,
    pub(super) credential_report: Option<Arc<CredentialReportRecord>>,
    pub(super) instance_profiles: InstanceProfiles,
    pub(super) access_reports: ById<AccessReportRecord>,
    pub(super) deletion_tasks: ById<DeletionTaskRecord>,
    pub(super) login_profiles: LoginProfiles,
    pub(super) server_certificates: ServerCertificates,
    pub(super) service_specific_credentials: UserCredentials<ServiceSpecificCredentialRecord>,
    pub(super) signing_certificates: UserCredentials<SigningCertificateRecord>,
    pub(super) ssh_public_keys: UserCredentials<SshPublicKeyRecord>,
    pub(super) mfa_devices: MfaDevices,
    pub(super) providers: Providers,
    users: imbl::OrdMap<Name, Arc<User>>,
    groups: imbl::OrdMap<Name, Arc<Group>>,
    roles: imbl::OrdMap<Name, Arc<Role>>,
    policies: imbl::OrdMap<Name, Arc<CustomerPolicy>>,
    /// By unique id. Trees take much less memory than hash maps that share structure.
    users_by_id: imbl::OrdMap<UniqueId, Arc<User>>,
    groups_by_id: imbl::OrdMap<UniqueId, Arc<Group>>,
    roles_by_id: imbl::OrdMap<UniqueId, Arc<Role>>,
    /// The ids of keys by owner; the root user's under `None`.
    keys: HashMap<Option<UniqueId>, imbl::OrdMap<AccessKeyId, Arc<AccessKey>>>,
    /// The members of groups by the groups' ids.
    members: HashMap<UniqueId, imbl::OrdSet<Name>>,
    /// Who has a managed policy attached.
    attached: HashMap<Arn, imbl::OrdSet<EntityRef>>,
    /// Whom a managed policy bounds.
    bounded: HashMap<Arn, imbl::OrdSet<EntityRef>>,
}

/// An entity that holds policies, by kind and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: Name,
}

/// The kinds of entity that hold policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A group.
    Group,
    /// A role.
    Role,
    /// A user.
    User,
}

impl Account {
    /// The account's alias.
    #[must_use]
    pub fn alias(&self) -> Option<&str> {
        self.alias.as_deref()
    }

    /// The account as an issuer of web identities, if it has ever been one.
    #[must_use]
    pub fn outbound_federation(&self) -> Option<&OutboundFederationRecord> {
        self.outbound_federation.as_deref()
    }

    /// What the account has set for itself.
    #[must_use]
    pub fn settings(&self) -> &AccountSettingsRecord {
        &self.settings
    }

    /// What the account asks of passwords, if it has said so.
    #[must_use]
    pub fn password_policy(&self) -> Option<&PasswordPolicyRecord> {
        self.password_policy.as_ref()
    }

    /// The last report of the account's credentials.
    #[must_use]
    pub fn credential_report(&self) -> Option<&CredentialReportRecord> {
        self.credential_report.as_deref()
    }

    /// A user by name, in any case.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<&Arc<User>> {
        self.users.get(&Name::new(name))
    }

    /// A user by unique id.
    #[must_use]
    pub fn user_by_id(&self, id: UniqueId) -> Option<&Arc<User>> {
        self.users_by_id.get(&id)
    }

    /// All users, by name.
    pub fn users(&self) -> impl Iterator<Item = &Arc<User>> {
        self.users.values()
    }

    /// As [`users`](Self::users), from behind a name on, at the cost of what is taken.
    pub fn users_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<User>> + use<'a> {
        after(&self.users, name)
    }

    /// How many users there are.
    #[must_use]
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// A group by name, in any case.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&Arc<Group>> {
        self.groups.get(&Name::new(name))
    }

    /// A group by unique id.
    #[must_use]
    pub fn group_by_id(&self, id: UniqueId) -> Option<&Arc<Group>> {
        self.groups_by_id.get(&id)
    }

    /// The unique id of the user, group or role of this name.
    pub(super) fn id_of(&self, kind: Kind, name: &Name) -> Option<UniqueId> {
        match kind {
            Kind::User => self.users.get(name).map(|user| user.record.id),
            Kind::Group => self.groups.get(name).map(|group| group.record.id),
            Kind::Role => self.roles.get(name).map(|role| role.record.id),
            _ => None,
        }
    }

    /// Whether a user, group or role has this id.
    pub(super) fn has_id(&self, id: UniqueId) -> bool {
        self.users_by_id.contains_key(&id)
            || self.groups_by_id.contains_key(&id)
            || self.roles_by_id.contains_key(&id)
    }

    /// All groups, by name.
    pub fn groups(&self) -> impl Iterator<Item = &Arc<Group>> {
        self.groups.values()
    }

    /// As [`groups`](Self::groups), from behind a name on, at the cost of what is taken.
    pub fn groups_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<Group>> + use<'a> {
        after(&self.groups, name)
    }

    /// How many groups there are.
    #[must_use]
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// A group's members, by name.
    pub fn members(&self, group: UniqueId) -> impl Iterator<Item = &Arc<User>> {
        self.members_after(group, None)
    }

    /// As [`members`](Self::members), from behind a name on, at the cost of what is taken.
    pub fn members_after<'a>(
        &'a self,
        group: UniqueId,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<User>> + use<'a> {
        let behind = behind(name);
        let names = self.members.get(&group).into_iter();
        let names = names.flat_map(move |names| names.range((behind.clone(), Bound::Unbounded)));
        names.filter_map(|name| self.users.get(name))
    }

    /// A role by name, in any case.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Arc<Role>> {
        self.roles.get(&Name::new(name))
    }

    /// A role by unique id.
    #[must_use]
    pub fn role_by_id(&self, id: UniqueId) -> Option<&Arc<Role>> {
        self.roles_by_id.get(&id)
    }

    /// All roles, by name.
    pub fn roles(&self) -> impl Iterator<Item = &Arc<Role>> {
        self.roles.values()
    }

    /// As [`roles`](Self::roles), from behind a name on, at the cost of what is taken.
    pub fn roles_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<Role>> + use<'a> {
        after(&self.roles, name)
    }

    /// How many roles there are.
    #[must_use]
    pub fn role_count(&self) -> usize {
        self.roles.len()
    }

    /// A customer managed policy by name, in any case.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<&Arc<CustomerPolicy>> {
        self.policies.get(&Name::new(name))
    }

    /// The user of exactly this ARN.
    #[must_use]
    pub fn user_by_arn(&self, arn: &str) -> Option<&Arc<User>> {
        // The name alone leads to an entity, whatever its path and account.
        self.user(name_in(arn, "user")?).filter(|user| user.arn().as_str() == arn)
    }

    /// The group of exactly this ARN.
    #[must_use]
    pub fn group_by_arn(&self, arn: &str) -> Option<&Arc<Group>> {
        self.group(name_in(arn, "group")?).filter(|group| group.arn().as_str() == arn)
    }

    /// The role of exactly this ARN.
    #[must_use]
    pub fn role_by_arn(&self, arn: &str) -> Option<&Arc<Role>> {
        self.role(name_in(arn, "role")?).filter(|role| role.arn().as_str() == arn)
    }

    /// The customer managed policy of exactly this ARN.
    #[must_use]
    pub fn policy_by_arn(&self, arn: &str) -> Option<&Arc<CustomerPolicy>> {
        self.policy(name_in(arn, "policy")?).filter(|policy| policy.arn().as_str() == arn)
    }

    /// The document in force of a managed policy that the account may use, its own or AWS's,
    /// compiled. `None` when there is no such policy, or when its text cannot be understood.
    #[must_use]
    pub fn managed_policy(&self, arn: &str) -> Option<&Policy> {
        aws_managed_policy(arn).or_else(|| self.policy_by_arn(arn)?.document.as_deref())
    }

    /// All customer managed policies, by name.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<CustomerPolicy>> {
        self.policies.values()
    }

    /// As [`policies`](Self::policies), from behind a name on, at the cost of what is taken.
    pub fn policies_after<'a>(
        &'a self,
        name: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<CustomerPolicy>> + use<'a> {
        after(&self.policies, name)
    }

    /// How many customer managed policies there are.
    #[must_use]
    pub fn policy_count(&self) -> usize {
        self.policies.len()
    }

    /// The long-term keys of an owner, by id.
    pub fn access_keys(&self, owner: KeyOwner) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.get(&owner_id(owner)).into_iter().flat_map(imbl::OrdMap::values)
    }

    /// The long-term keys of all owners.
    pub fn all_access_keys(&self) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.values().flat_map(imbl::OrdMap::values)
    }

    /// Who has a managed policy attached: groups, roles, users, each by name.
    pub fn attached_to(&self, policy: &str) -> impl Iterator<Item = &EntityRef> {
        self.attached.get(policy).into_iter().flatten()
    }

    /// Whom a managed policy bounds: roles, users, each by name.
    pub fn bounded_by(&self, policy: &str) -> impl Iterator<Item = &EntityRef> {
        self.bounded.get(policy).into_iter().flatten()
    }

    pub(super) fn put(
        &mut self,
        account: AccountId,
        kind: Kind,
        name: Name,
        value: &[u8],
    ) -> Result<(), UnknownCodec> {
        match kind {
            Kind::User => {
                let record: crate::record::UserRecord = decode(value)?;
                let accesses = self.user_by_id(record.id).map(|user| Arc::clone(&user.accesses));
                let user = Arc::new(User::new(account, record, accesses));
                self.remove(kind, &name);
                self.index_user(&user, &name, Change::Add);
                self.users.insert(name, user);
            }
            Kind::Group => {
                let group = Arc::new(Group::new(account, decode(value)?));
                self.remove(kind, &name);
                self.index_group(&group, &name, Change::Add);
                self.groups.insert(name, group);
            }
            Kind::Role => {
                let record: crate::record::RoleRecord = decode(value)?;
                // The stamps go on with the role, under a new name too, but not with a namesake.
                let old = self.role_by_id(record.id);
                let stamps = old.map(|old| (Arc::clone(&old.last_used), Arc::clone(&old.accesses)));
                let role = Arc::new(Role::new(account, record, stamps));
                self.remove(kind, &name);
                self.index_role(&role, &name, Change::Add);
                self.roles.insert(name, role);
            }
            // The view keeps these too, or has their values read elsewhere.
            Kind::Policy
            | Kind::InstanceProfile
            | Kind::AccessKey
            | Kind::MfaDevice
            | Kind::OidcProvider
            | Kind::SamlProvider
            | Kind::DeletionTask
            | Kind::LoginProfile
            | Kind::ServiceSpecificCredential
            | Kind::ServerCertificate
            | Kind::SigningCertificate
            | Kind::SshPublicKey
            | Kind::AccessReport => {}
        }
        Ok(())
    }

    /// Adds a user to a part of an account: they are found, and nothing leads to them.
    pub(super) fn insert_user(&mut self, user: Arc<User>) {
        let name = Name::new(&user.record.name);
        self.users_by_id.insert(user.record.id, Arc::clone(&user));
        self.users.insert(name, user);
    }

    /// As [`insert_user`](Self::insert_user).
    pub(super) fn insert_group(&mut self, group: Arc<Group>) {
        let name = Name::new(&group.record.name);
        self.groups_by_id.insert(group.record.id, Arc::clone(&group));
        self.groups.insert(name, group);
    }

    /// As [`insert_user`](Self::insert_user).
    pub(super) fn insert_role(&mut self, role: Arc<Role>) {
        let name = Name::new(&role.record.name);
        self.roles_by_id.insert(role.record.id, Arc::clone(&role));
        self.roles.insert(name, role);
    }

    pub(super) fn remove(&mut self, kind: Kind, name: &Name) {
        match kind {
            Kind::User => {
                if let Some(user) = self.users.remove(name) {
                    self.index_user(&user, name, Change::Remove);
                }
            }
            Kind::Group => {
                if let Some(group) = self.groups.remove(name) {
                    self.index_group(&group, name, Change::Remove);
                }
            }
            Kind::Role => {
                if let Some(role) = self.roles.remove(name) {
                    self.index_role(&role, name, Change::Remove);
                }
            }
            Kind::Policy
            | Kind::InstanceProfile
            | Kind::AccessKey
            | Kind::MfaDevice
            | Kind::OidcProvider
            | Kind::SamlProvider
            | Kind::DeletionTask
            | Kind::LoginProfile
            | Kind::ServiceSpecificCredential
            | Kind::ServerCertificate
            | Kind::SigningCertificate
            | Kind::SshPublicKey
            | Kind::AccessReport => {}
        }
    }

    /// Answers the policy whose place the new one takes.
    pub(super) fn put_policy(
        &mut self,
        name: &str,
        policy: Arc<CustomerPolicy>,
    ) -> Option<Arc<CustomerPolicy>> {
        self.policies.insert(Name::new(name), policy)
    }

    pub(super) fn remove_policy(&mut self, name: &str) -> Option<Arc<CustomerPolicy>> {
        self.policies.remove(&Name::new(name))
    }

    pub(super) fn put_access_key(&mut self, key: Arc<AccessKey>) {
        let keys = self.keys.entry(owner_id(key.record.owner)).or_default();
        keys.insert(key.record.id.clone(), key);
    }

    pub(super) fn remove_access_key(&mut self, key: &AccessKey) {
        let owner = owner_id(key.record.owner);
        if let Some(keys) = self.keys.get_mut(&owner) {
            keys.remove(&key.record.id);
            if keys.is_empty() {
                self.keys.remove(&owner);
            }
        }
    }

    fn index_user(&mut self, user: &Arc<User>, name: &Name, change: Change) {
        index_id(&mut self.users_by_id, user.record.id, user, change);
        for group in &user.record.groups {
            index(&mut self.members, *group, name, change);
        }
        let entity = EntityRef { kind: EntityKind::User, name: name.clone() };
        self.index_policies(&user.record.policies, &entity, change);
        self.index_boundary(user.record.permissions_boundary.as_ref(), &entity, change);
    }

    fn index_group(&mut self, group: &Arc<Group>, name: &Name, change: Change) {
        index_id(&mut self.groups_by_id, group.record.id, group, change);
        let entity = EntityRef { kind: EntityKind::Group, name: name.clone() };
        self.index_policies(&group.record.policies, &entity, change);
    }

    fn index_role(&mut self, role: &Arc<Role>, name: &Name, change: Change) {
        index_id(&mut self.roles_by_id, role.record.id, role, change);
        let entity = EntityRef { kind: EntityKind::Role, name: name.clone() };
        self.index_policies(&role.record.policies, &entity, change);
        self.index_boundary(role.record.permissions_boundary.as_ref(), &entity, change);
    }

    fn index_policies(&mut self, held: &HeldPolicies, entity: &EntityRef, change: Change) {
        for arn in &held.attached {
            index(&mut self.attached, arn.clone(), entity, change);
        }
    }

    fn index_boundary(&mut self, boundary: Option<&Arn>, entity: &EntityRef, change: Change) {
        if let Some(arn) = boundary {
            index(&mut self.bounded, arn.clone(), entity, change);
        }
    }
}

/// The values of a map whose keys come behind a name.
pub(super) fn after<'a, V: Clone>(
    map: &'a imbl::OrdMap<Name, V>,
    name: Option<&str>,
) -> impl Iterator<Item = &'a V> + use<'a, V> {
    map.range((behind(name), Bound::Unbounded)).map(|(_, value)| value)
}

fn behind(name: Option<&str>) -> Bound<Name> {
    name.map_or(Bound::Unbounded, |name| Bound::Excluded(Name::new(name)))
}

#[derive(Clone, Copy)]
enum Change {
    Add,
    Remove,
}

/// A rename deletes and puts in one commit, in either order, so that an id may lead to what has the new
/// name already when that with the old one goes.
fn index_id<T>(
    ids: &mut imbl::OrdMap<UniqueId, Arc<T>>,
    id: UniqueId,
    entity: &Arc<T>,
    change: Change,
) {
    match change {
        Change::Add => {
            ids.insert(id, Arc::clone(entity));
        }
        Change::Remove => {
            if ids.get(&id).is_some_and(|found| Arc::ptr_eq(found, entity)) {
                ids.remove(&id);
            }
        }
    }
}

/// Adds to or takes from one set of an index; an empty set leaves it.
fn index<K, V>(index: &mut HashMap<K, imbl::OrdSet<V>>, key: K, value: &V, change: Change)
where
    K: Clone + Eq + std::hash::Hash,
    V: Clone + Ord,
{
    match change {
        Change::Add => {
            index.entry(key).or_default().insert(value.clone());
        }
        Change::Remove => {
            if let Some(set) = index.get_mut(&key) {
                set.remove(value);
                if set.is_empty() {
                    index.remove(&key);
                }
            }
        }
    }
}

/// The name at the end of the ARN of an entity of this kind.
fn name_in<'a>(arn: &'a str, kind: &str) -> Option<&'a str> {
    ArnParts::parse(arn)?.path_and_name(kind).map(|(_, name)| name)
}

fn owner_id(owner: KeyOwner) -> Option<UniqueId> {
    match owner {
        KeyOwner::Root => None,
        KeyOwner::User(id) => Some(id),
    }
}
