//! The state at one moment, indexed for every look-up that a request makes.

mod account;
mod by_id;
mod delegation_requests;
mod entity;
mod excerpt;
mod instance_profiles;
mod login_profiles;
mod mfa_devices;
mod organization;
mod providers;
mod server_certificates;
mod size;
mod user_credentials;

use std::sync::Arc;

use daypass_ident::{AccessKeyId, AccountId, Arn, ArnParts, UniqueId};
use daypass_policy::Policy;
use daypass_store::{Entry, Revision, Write};
use foldhash::quality::RandomState;
use imbl::GenericHashMap;
use imbl::shared_ptr::DefaultSharedPtr;

pub use account::{Account, EntityKind, EntityRef};
pub use delegation_requests::DelegationRequest;
pub use entity::{AccessKey, CustomerPolicy, Group, InlinePolicy, Role, User};
pub use excerpt::Excerpt;
pub use instance_profiles::InstanceProfile;
pub use login_profiles::LoginProfile;
pub use mfa_devices::MfaDevice;
pub use organization::{ControlLevel, ControlPolicy, Membership, Organization};
pub use providers::{OidcProvider, SamlProvider};
pub use server_certificates::ServerCertificate;
pub use user_credentials::UserCredentials;
pub(crate) use user_credentials::key as user_credential_key;

use crate::key::{Key, Kind};
use crate::managed::aws_managed_policy;
use crate::record::{AccountSettingsRecord, OutboundFederationRecord};
use crate::{Name, UnknownCodec};

/// A map that shares structure. A request looks into many of them, so that the standard hash would
/// take most of the time.
type HashMap<K, V> = GenericHashMap<K, V, RandomState, DefaultSharedPtr>;

/// The state at one moment. Cloning it is cheap: both share what neither has changed.
#[derive(Debug, Clone, Default)]
pub struct View {
    accounts: HashMap<AccountId, Arc<Account>>,
    access_keys: HashMap<AccessKeyId, Arc<AccessKey>>,
    aliases: HashMap<Box<str>, AccountId>,
    /// The accounts by their ids as issuers of web identities.
    issuers: HashMap<Box<str>, AccountId>,
    /// The customer managed policies of all accounts.
    policies: HashMap<Arn, Arc<CustomerPolicy>>,
    /// Organisations by their management accounts.
    organizations: HashMap<AccountId, Arc<Organization>>,
    /// The accounts of all organisations.
    members: HashMap<AccountId, Arc<Membership>>,
    /// Requests for access by their ids.
    delegation_requests: imbl::OrdMap<Box<str>, Arc<DelegationRequest>>,
    /// The accounts of users, groups and roles whose ids, made up for a file, do not carry them.
    strange_ids: HashMap<UniqueId, AccountId>,
    /// What an account looks like in which nothing was ever made.
    untouched: Arc<Account>,
}

impl View {
    /// An account. One in which nothing was ever made is empty, not absent: whether it *exists*
    /// is [`account_exists`](Self::account_exists)'s to say.
    #[must_use]
    pub fn account(&self, id: AccountId) -> &Account {
        self.accounts.get(&id).unwrap_or(&self.untouched)
    }

    /// The same, with every account outside all organisations, whose policies limit even root users: for
    /// what daypass itself does for its operator.
    #[must_use]
    pub fn without_organizations(&self) -> Self {
        Self { organizations: HashMap::default(), members: HashMap::default(), ..self.clone() }
    }

    /// The account in which a user, group or role has this id. AWS's ids carry their accounts, and so do
    /// daypass's own; those that were made up for a file may carry any.
    #[must_use]
    pub fn account_of_id(&self, id: UniqueId) -> Option<AccountId> {
        let carried = id.account().filter(|account| self.account(*account).has_id(id));
        carried.or_else(|| self.strange_ids.get(&id).copied())
    }

    /// Whether anything was ever made in the account.
    #[must_use]
    pub fn account_exists(&self, id: AccountId) -> bool {
        self.accounts.contains_key(&id)
    }

    /// The accounts in which something was made, in no particular order.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.accounts.keys().copied()
    }

    /// A long-term access key of any account.
    #[must_use]
    pub fn access_key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.access_keys.get(id)
    }

    /// The account that holds an alias.
    #[must_use]
    pub fn account_of_alias(&self, alias: &str) -> Option<AccountId> {
        self.aliases.get(alias).copied()
    }

    /// The account whose principals' web identities the issuer with this id vouches for. One that
    /// no longer gives tokens still vouches for those that it gave.
    #[must_use]
    pub fn account_of_issuer(&self, id: &str) -> Option<AccountId> {
        self.issuers.get(id).copied()
    }

    /// The role of this ARN, path included; the case of the name is the stored one's.
    #[must_use]
    pub fn role_by_arn(&self, arn: &Arn) -> Option<&Arc<Role>> {
        let parts = arn.parts();
        let (path, name) = parts.path_and_name("role")?;
        let role = self.account(parts.account_id()?).role(name)?;
        // The name alone leads to a role. Every field counts: policies that speak of the role, those
        // that deny it among them, know it by one ARN only.
        let is_its_arn = parts.is_iam() && *role.record.name == *name && role.record.path == path;
        is_its_arn.then_some(role)
    }

    /// The customer managed policy of this ARN; case counts.
    #[must_use]
    pub fn customer_policy(&self, arn: &str) -> Option<&Arc<CustomerPolicy>> {
        self.policies.get(arn)
    }

    /// The document in force of a managed policy, the customer's or AWS's, compiled. `None` when
    /// there is no such policy, or when its text cannot be understood: then it must not allow.
    #[must_use]
    pub fn managed_policy(&self, arn: &str) -> Option<&Policy> {
        if arn.starts_with(AWS_MANAGED) {
            return aws_managed_policy(arn);
        }
        self.customer_policy(arn)?.document.as_deref()
    }

    /// The OpenID Connect provider of this ARN.
    #[must_use]
    pub fn oidc_provider(&self, arn: &str) -> Option<&Arc<OidcProvider>> {
        self.account(ArnParts::parse(arn)?.account_id()?).oidc_provider_by_arn(arn)
    }

    /// The SAML provider of this ARN.
    #[must_use]
    pub fn saml_provider(&self, arn: &str) -> Option<&Arc<SamlProvider>> {
        self.account(ArnParts::parse(arn)?.account_id()?).saml_provider_by_arn(arn)
    }

    /// Where an account stands in its organisation; `None` when it is in none.
    #[must_use]
    pub fn membership(&self, account: AccountId) -> Option<&Membership> {
        self.members.get(&account).map(|membership| &**membership)
    }

    /// The organisation that an account manages.
    #[must_use]
    pub fn organization(&self, management: AccountId) -> Option<&Arc<Organization>> {
        self.organizations.get(&management)
    }

    pub(crate) fn load<'a>(entries: &mut dyn Iterator<Item = Entry<'a>>) -> Self {
        let mut view = Self::default();
        for entry in entries {
            view.put(entry.key, entry.value, entry.revision);
        }
        view
    }

    pub(crate) fn apply(&mut self, revision: Revision, writes: &[Write]) {
        for write in writes {
            match write {
                Write::Put { key, value } => self.put(key, value, revision),
                Write::Delete { key } => self.delete(key),
                Write::DeletePrefix { prefix } if prefix.is_empty() => {
                    *self = Self::default();
                }
                Write::DeletePrefix { .. } => {
                    tracing::error!("a write to the store that no part of daypass makes");
                }
            }
        }
    }

    /// A record that cannot be read is left out and reported: what it grants is not granted.
    fn put(&mut self, key: &[u8], value: &[u8], revision: Revision) {
        if let Err(error) = self.try_put(key, value, revision) {
            let key = String::from_utf8_lossy(key);
            tracing::error!(%key, %error, "a record in the store cannot be read");
        }
    }

    fn try_put(
        &mut self,
        key: &[u8],
        value: &[u8],
        revision: Revision,
    ) -> Result<(), UnknownCodec> {
        match Key::parse(key) {
            Some(Key::Head(account)) => self.account_mut(account).head = Some(revision),
            Some(Key::AccountAlias(account)) => {
                self.account_mut(account).alias = Some(crate::codec::decode(value)?);
            }
            Some(Key::Alias(alias)) => {
                self.aliases.insert(alias.into(), crate::codec::decode(value)?);
            }
            Some(Key::Entity(account, Kind::AccessKey, _)) => {
                let record: crate::record::AccessKeyRecord = crate::codec::decode(value)?;
                let last_used = self.access_keys.get(record.id.as_str()).map(|k| k.last_used());
                let key = Arc::new(AccessKey::new(account, record, last_used));
                self.access_keys.insert(key.record.id.clone(), Arc::clone(&key));
                self.account_mut(account).put_access_key(key);
            }
            Some(Key::Entity(account, Kind::Policy, name)) => {
                let policy = Arc::new(CustomerPolicy::new(account, crate::codec::decode(value)?));
                let arn = policy.arn();
                if let Some(old) = self.account_mut(account).put_policy(name, Arc::clone(&policy)) {
                    self.policies.remove(&old.arn());
                }
                self.policies.insert(arn, policy);
            }
            Some(Key::Entity(account, Kind::InstanceProfile, name)) => {
                self.account_mut(account).instance_profiles.put(account, name, value)?;
            }
            Some(Key::Entity(account, Kind::AccessReport, id)) => {
                self.account_mut(account).access_reports.put(id, value)?;
            }
            Some(Key::Entity(account, Kind::DeletionTask, id)) => {
                self.account_mut(account).deletion_tasks.put(id, value)?;
            }
            Some(Key::Entity(account, Kind::LoginProfile, _)) => {
                self.account_mut(account).login_profiles.put(value)?;
            }
            Some(Key::Entity(account, Kind::ServiceSpecificCredential, _)) => {
                self.account_mut(account).service_specific_credentials.put(value)?;
            }
            Some(Key::Entity(account, Kind::SigningCertificate, _)) => {
                self.account_mut(account).signing_certificates.put(value)?;
            }
            Some(Key::Entity(account, Kind::SshPublicKey, _)) => {
                self.account_mut(account).ssh_public_keys.put(value)?;
            }
            Some(Key::Entity(account, Kind::ServerCertificate, name)) => {
                self.account_mut(account).server_certificates.put(account, name, value)?;
            }
            Some(Key::Entity(account, Kind::MfaDevice, key)) => {
                self.account_mut(account).mfa_devices.put(account, key, value)?;
            }
            Some(Key::Entity(account, Kind::OidcProvider, name)) => {
                self.account_mut(account).providers.put_oidc(account, name, value)?;
            }
            Some(Key::Entity(account, Kind::SamlProvider, name)) => {
                self.account_mut(account).providers.put_saml(account, name, value)?;
            }
            Some(Key::Entity(account, kind, name)) => {
                let name = Name::new(name);
                let old = self.account(account).id_of(kind, &name);
                self.account_mut(account).put(account, kind, name.clone(), value)?;
                let new = self.account(account).id_of(kind, &name);
                self.index_strange_ids(account, [old, new]);
            }
            Some(Key::Organization(account)) => {
                let organization = Organization::new(account, crate::codec::decode(value)?);
                self.put_organization(Arc::new(organization));
            }
            Some(Key::OutboundFederation(account)) => {
                let record: OutboundFederationRecord = crate::codec::decode(value)?;
                self.remove_issuer(account);
                self.issuers.insert(record.issuer_id.as_str().into(), account);
                self.account_mut(account).outbound_federation = Some(Arc::new(record));
            }
            Some(Key::Settings(account)) => {
                self.account_mut(account).settings = crate::codec::decode(value)?;
            }
            Some(Key::PasswordPolicy(account)) => {
                let record = crate::codec::decode(value)?;
                self.account_mut(account).password_policy = Some(record);
            }
            Some(Key::CredentialReport(account)) => {
                let record = crate::codec::decode(value)?;
                self.account_mut(account).credential_report = Some(Arc::new(record));
            }
            Some(Key::DelegationRequest(id)) => {
                let request = DelegationRequest { record: crate::codec::decode(value)?, revision };
                self.delegation_requests.insert(id.into(), Arc::new(request));
            }
            // For the writers' preconditions; the members are known from the organisation.
            Some(Key::Member(_)) => {}
            None => tracing::warn!(
                key = %String::from_utf8_lossy(key),
                "a record in the store of a kind that this version does not know"
            ),
        }
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) {
        match Key::parse(key) {
            Some(Key::Head(account)) => self.account_mut(account).head = None,
            Some(Key::AccountAlias(account)) => self.account_mut(account).alias = None,
            Some(Key::Alias(alias)) => {
                self.aliases.remove(alias);
            }
            Some(Key::Entity(account, Kind::AccessKey, id)) => {
                if let Some(key) = self.access_keys.remove(id) {
                    self.account_mut(account).remove_access_key(&key);
                }
            }
            Some(Key::Entity(account, Kind::Policy, name)) => {
                if let Some(policy) = self.account_mut(account).remove_policy(name) {
                    self.policies.remove(&policy.arn());
                }
            }
            Some(Key::Entity(account, Kind::InstanceProfile, name)) => {
                self.account_mut(account).instance_profiles.remove(name);
            }
            Some(Key::Entity(account, Kind::AccessReport, id)) => {
                self.account_mut(account).access_reports.remove(id);
            }
            Some(Key::Entity(account, Kind::DeletionTask, id)) => {
                self.account_mut(account).deletion_tasks.remove(id);
            }
            Some(Key::Entity(account, Kind::LoginProfile, id)) => {
                self.account_mut(account).login_profiles.remove(id);
            }
            Some(Key::Entity(account, Kind::ServiceSpecificCredential, name)) => {
                self.account_mut(account).service_specific_credentials.remove(name);
            }
            Some(Key::Entity(account, Kind::SigningCertificate, name)) => {
                self.account_mut(account).signing_certificates.remove(name);
            }
            Some(Key::Entity(account, Kind::SshPublicKey, name)) => {
                self.account_mut(account).ssh_public_keys.remove(name);
            }
            Some(Key::Entity(account, Kind::ServerCertificate, name)) => {
                self.account_mut(account).server_certificates.remove(name);
            }
            Some(Key::Entity(account, Kind::MfaDevice, key)) => {
                self.account_mut(account).mfa_devices.remove(key);
            }
            Some(Key::Entity(account, Kind::OidcProvider, name)) => {
                self.account_mut(account).providers.remove_oidc(name);
            }
            Some(Key::Entity(account, Kind::SamlProvider, name)) => {
                self.account_mut(account).providers.remove_saml(name);
            }
            Some(Key::Entity(account, kind, name)) => {
                let name = Name::new(name);
                let old = self.account(account).id_of(kind, &name);
                self.account_mut(account).remove(kind, &name);
                self.index_strange_ids(account, [old, None]);
            }
            Some(Key::Organization(account)) => self.remove_organization(account),
            Some(Key::OutboundFederation(account)) => self.remove_issuer(account),
            Some(Key::Settings(account)) => {
                self.account_mut(account).settings = AccountSettingsRecord::default();
            }
            Some(Key::PasswordPolicy(account)) => self.account_mut(account).password_policy = None,
            Some(Key::CredentialReport(account)) => {
                self.account_mut(account).credential_report = None;
            }
            Some(Key::DelegationRequest(id)) => {
                self.delegation_requests.remove(id);
            }
            Some(Key::Member(_)) | None => {}
        }
    }

    /// Looks at ids that an account may have got or lost.
    fn index_strange_ids(&mut self, account: AccountId, ids: [Option<UniqueId>; 2]) {
        for id in ids.into_iter().flatten().filter(|id| id.account() != Some(account)) {
            if self.account(account).has_id(id) {
                self.strange_ids.insert(id, account);
            } else if self.strange_ids.get(&id) == Some(&account) {
                self.strange_ids.remove(&id);
            }
        }
    }

    fn remove_issuer(&mut self, account: AccountId) {
        if let Some(old) = self.account_mut(account).outbound_federation.take() {
            self.issuers.remove(old.issuer_id.as_str());
        }
    }

    fn put_organization(&mut self, organization: Arc<Organization>) {
        self.remove_organization(organization.management_account);
        self.members.extend(Membership::all_of(&organization));
        self.organizations.insert(organization.management_account, organization);
    }

    fn remove_organization(&mut self, management: AccountId) {
        if let Some(old) = self.organizations.remove(&management) {
            for account in old.record.accounts() {
                self.members.remove(&account);
            }
        }
    }

    fn account_mut(&mut self, id: AccountId) -> &mut Account {
        Arc::make_mut(self.accounts.entry(id).or_default())
    }
}

/// What the ARNs of AWS's own policies begin with.
const AWS_MANAGED: &str = "arn:aws:iam::aws:policy/";

#[cfg(test)]
mod tests;
