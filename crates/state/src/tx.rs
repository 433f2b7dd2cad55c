use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use daypass_ident::AccountId;
use daypass_store::{Precondition, Transaction, Write};
use serde::Serialize;

use crate::key::{Key, Kind};
use crate::record::{
    AccessKeyRecord, AccessReportRecord, AccountSettingsRecord, CredentialReportRecord,
    DelegationRequestRecord, DeletionTaskRecord, GroupRecord, InstanceProfileRecord,
    LoginProfileRecord, MfaDeviceRecord, OidcProviderRecord, OrganizationRecord,
    OutboundFederationRecord, PasswordPolicyRecord, PolicyRecord, RoleRecord, SamlProviderRecord,
    ServerCertificateRecord, ServiceSpecificCredentialRecord, SigningCertificateRecord,
    SshPublicKeyRecord, UserCredential, UserRecord,
};
use crate::view::{
    AccessKey, Account, CustomerPolicy, DelegationRequest, Group, InstanceProfile, LoginProfile,
    MfaDevice, OidcProvider, Role, SamlProvider, ServerCertificate, User, user_credential_key,
};
use crate::{CrossAccount, Name, UnknownCodec, View, codec};

/// One operation's reading and writing, in one account. What it writes goes in whole or, when
/// anything in the account has changed since the view was taken, not at all.
#[derive(Debug)]
pub struct Tx {
    view: Arc<View>,
    account: AccountId,
    draft: Draft,
    /// Keys that nobody may hold yet: an alias, the membership of an account.
    claims: Vec<Bytes>,
    /// What is of no one account, as it was when the transaction began.
    seen: Vec<Precondition>,
}

impl Tx {
    /// Begins on a view.
    #[must_use]
    pub fn new(view: Arc<View>, account: AccountId) -> Self {
        Self { view, account, draft: Draft::default(), claims: Vec::new(), seen: Vec::new() }
    }

    /// The account that is written to, as it was when the transaction began.
    #[must_use]
    pub fn account(&self) -> &Account {
        self.view.account(self.account)
    }

    /// The id of the account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.account
    }

    /// The state of all accounts, as it was when the transaction began, for an operation whose
    /// answer depends on other accounts for this reason.
    #[must_use]
    pub fn across_accounts(&self, _: CrossAccount) -> &View {
        &self.view
    }

    /// Stores a user, new or changed.
    pub fn put_user(&mut self, user: &UserRecord) {
        self.draft.put_user(self.account, user);
    }

    /// Stores a user under a new name. The new comes first, so that what is kept beside the store goes on with it.
    pub fn rename_user(&mut self, old: &User, new: &UserRecord) {
        self.put_user(new);
        if Name::new(&old.record.name) != Name::new(&new.name) {
            self.draft.delete(self.account, Kind::User, &old.record.name);
        }
    }

    /// Removes a user.
    pub fn delete_user(&mut self, user: &User) {
        self.draft.delete(self.account, Kind::User, &user.record.name);
    }

    /// Stores a group, new or changed.
    pub fn put_group(&mut self, group: &GroupRecord) {
        self.draft.put_group(self.account, group);
    }

    /// Stores a group under a new name.
    pub fn rename_group(&mut self, old: &Group, new: &GroupRecord) {
        self.draft.delete(self.account, Kind::Group, &old.record.name);
        self.put_group(new);
    }

    /// Removes a group.
    pub fn delete_group(&mut self, group: &Group) {
        self.draft.delete(self.account, Kind::Group, &group.record.name);
    }

    /// Stores a role, new or changed.
    pub fn put_role(&mut self, role: &RoleRecord) {
        self.draft.put_role(self.account, role);
    }

    /// Removes a role.
    pub fn delete_role(&mut self, role: &Role) {
        self.draft.delete(self.account, Kind::Role, &role.record.name);
    }

    /// Stores a customer managed policy, new or changed.
    pub fn put_policy(&mut self, policy: &PolicyRecord) {
        self.draft.put_policy(self.account, policy);
    }

    /// Removes a customer managed policy.
    pub fn delete_policy(&mut self, policy: &CustomerPolicy) {
        self.draft.delete(self.account, Kind::Policy, &policy.record.name);
    }

    /// Stores an instance profile, new or changed.
    pub fn put_instance_profile(&mut self, profile: &InstanceProfileRecord) {
        self.draft.put_instance_profile(self.account, profile);
    }

    /// Removes an instance profile.
    pub fn delete_instance_profile(&mut self, profile: &InstanceProfile) {
        self.draft.delete(self.account, Kind::InstanceProfile, &profile.record.name);
    }

    /// Stores an access key, new or changed.
    pub fn put_access_key(&mut self, key: &AccessKeyRecord) {
        self.draft.put_access_key(self.account, key);
    }

    /// Removes an access key.
    pub fn delete_access_key(&mut self, key: &AccessKey) {
        self.draft.delete(self.account, Kind::AccessKey, key.record.id.as_str());
    }

    /// Stores a user's password, new or changed.
    pub fn put_login_profile(&mut self, profile: &LoginProfileRecord) {
        self.draft.put_login_profile(self.account, profile);
    }

    /// Removes a user's password.
    pub fn delete_login_profile(&mut self, profile: &LoginProfile) {
        self.draft.delete(self.account, Kind::LoginProfile, &profile.record.user.to_string());
    }

    /// Stores one of a user's credentials, new or changed.
    pub fn put_credential<R: UserCredential>(&mut self, one: &R) {
        self.draft.put_credential(self.account, one);
    }

    /// Removes one of a user's credentials.
    pub fn delete_credential<R: UserCredential>(&mut self, one: &R) {
        self.draft.delete(self.account, R::kind().0, &user_credential_key(one));
    }

    /// Stores a server certificate, new or changed.
    pub fn put_server_certificate(&mut self, certificate: &ServerCertificateRecord) {
        self.draft.put_server_certificate(self.account, certificate);
    }

    /// Removes a server certificate.
    pub fn delete_server_certificate(&mut self, certificate: &ServerCertificate) {
        self.draft.delete(self.account, Kind::ServerCertificate, &certificate.record.name);
    }

    /// Stores what the account has set for itself.
    pub fn put_settings(&mut self, settings: &AccountSettingsRecord) {
        self.draft.put_settings(self.account, settings);
    }

    /// Stores a report of which services were used.
    pub fn put_access_report(&mut self, report: &AccessReportRecord) {
        self.draft.put_access_report(self.account, report);
    }

    /// Removes a report of which services were used.
    pub fn delete_access_report(&mut self, report: &AccessReportRecord) {
        self.draft.delete(self.account, Kind::AccessReport, &report.id);
    }

    /// Stores an MFA device, new or changed.
    pub fn put_mfa_device(&mut self, device: &MfaDeviceRecord) {
        self.draft.put_mfa_device(self.account, device);
    }

    /// Removes an MFA device.
    pub fn delete_mfa_device(&mut self, device: &MfaDevice) {
        self.draft.delete(self.account, Kind::MfaDevice, &device.record.key());
    }

    /// Stores an OpenID Connect provider, new or changed.
    pub fn put_oidc_provider(&mut self, provider: &OidcProviderRecord) {
        self.draft.put_oidc_provider(self.account, provider);
    }

    /// Removes an OpenID Connect provider.
    pub fn delete_oidc_provider(&mut self, provider: &OidcProvider) {
        self.draft.delete(self.account, Kind::OidcProvider, provider.record.name());
    }

    /// Stores a SAML provider, new or changed.
    pub fn put_saml_provider(&mut self, provider: &SamlProviderRecord) {
        self.draft.put_saml_provider(self.account, provider);
    }

    /// Removes a SAML provider.
    pub fn delete_saml_provider(&mut self, provider: &SamlProvider) {
        self.draft.delete(self.account, Kind::SamlProvider, &provider.record.name);
    }

    /// Stores a deletion that is done.
    pub fn put_deletion_task(&mut self, task: &DeletionTaskRecord) {
        self.draft.put_deletion_task(self.account, task);
    }

    /// Forgets a deletion that is done.
    pub fn delete_deletion_task(&mut self, task: &DeletionTaskRecord) {
        self.draft.delete(self.account, Kind::DeletionTask, &task.id);
    }

    /// Gives the account an alias in place of the one it has. The caller has seen in the view
    /// that nobody holds it; the commit makes sure that nobody has taken it since.
    pub fn put_alias(&mut self, alias: &str) {
        self.delete_alias();
        self.claims.push(Key::Alias(alias).encode());
        self.draft.put_alias(self.account, alias);
    }

    /// Takes the account's alias away, if it has one.
    pub fn delete_alias(&mut self) {
        if let Some(old) = self.view.account(self.account).alias() {
            self.draft.push_delete(&Key::Alias(old));
            self.draft.push_delete(&Key::AccountAlias(self.account));
        }
    }

    /// Stores the organisation that the account manages, new or changed. The caller has seen in the
    /// view that the accounts it names are in no other organisation; the commit makes sure that
    /// none has joined one since.
    pub fn put_organization(&mut self, organization: &OrganizationRecord) {
        let (old, new) = (self.member_accounts(), organization.accounts().into_iter().collect());
        for account in old.difference(&new) {
            self.draft.push_delete(&Key::Member(*account));
        }
        for account in new.difference(&old) {
            self.claims.push(Key::Member(*account).encode());
            self.draft.push_put(&Key::Member(*account), &self.account);
        }
        self.draft.push_put(&Key::Organization(self.account), organization);
    }

    /// Stores an organisation that changed in all but its accounts, whichever of these changes it:
    /// the commit makes sure that its management account has written nothing since.
    pub fn update_organization(
        &mut self,
        management: AccountId,
        organization: &OrganizationRecord,
    ) {
        if management != self.account {
            let head = Key::Head(management);
            let revision = self.view.account(management).head;
            self.seen.push(Precondition { key: head.encode(), revision });
            self.draft.push_put(&head, &());
        }
        self.draft.push_put(&Key::Organization(management), organization);
    }

    /// Dissolves the organisation that the account manages, if there is one.
    pub fn delete_organization(&mut self) {
        for account in self.member_accounts() {
            self.draft.push_delete(&Key::Member(account));
        }
        self.draft.push_delete(&Key::Organization(self.account));
    }

    fn member_accounts(&self) -> BTreeSet<AccountId> {
        let organization = self.view.organization(self.account);
        organization.into_iter().flat_map(|organization| organization.record.accounts()).collect()
    }

    /// Stores the account as an issuer of web identities, new or changed.
    pub fn put_outbound_federation(&mut self, record: &OutboundFederationRecord) {
        self.draft.put_outbound_federation(self.account, record);
    }

    /// Stores the report of the account's credentials in the place of the last.
    pub fn put_credential_report(&mut self, report: &CredentialReportRecord) {
        self.draft.put_credential_report(self.account, report);
    }

    /// Stores what the account asks of passwords.
    pub fn put_password_policy(&mut self, policy: &PasswordPolicyRecord) {
        self.draft.put_password_policy(self.account, policy);
    }

    /// Has the account ask of passwords what all do.
    pub fn delete_password_policy(&mut self) {
        self.draft.push_delete(&Key::PasswordPolicy(self.account));
    }

    /// Stores a request for access, new or changed. Whichever account changes it: the commit makes
    /// sure that nobody else has since.
    pub fn put_delegation_request(&mut self, request: &DelegationRequestRecord) {
        self.expect_delegation_request(&request.id);
        self.draft.put_delegation_request(request);
    }

    /// Removes a request for access.
    pub fn delete_delegation_request(&mut self, request: &DelegationRequest) {
        self.expect_delegation_request(&request.record.id);
        self.draft.push_delete(&Key::DelegationRequest(&request.record.id));
    }

    fn expect_delegation_request(&mut self, id: &str) {
        let revision = self.view.delegation_request(id).map(|request| request.revision);
        let key = Key::DelegationRequest(id).encode();
        self.seen.push(Precondition { key, revision });
    }

    /// Whether there is nothing to commit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.draft.writes.is_empty()
    }

    pub(crate) fn into_transaction(mut self) -> Result<Transaction, UnknownCodec> {
        let head = Key::Head(self.account);
        let mut preconditions =
            vec![Precondition { key: head.encode(), revision: self.account().head }];
        let unclaimed = |key| Precondition { key, revision: None };
        preconditions.extend(self.claims.into_iter().map(unclaimed));
        preconditions.extend(self.seen);
        self.draft.push_put(&head, &());
        Ok(Transaction { preconditions, writes: self.draft.into_writes()? })
    }
}

/// Writes to any number of accounts, as a start from a file makes them.
#[derive(Debug, Default)]
pub struct Draft {
    writes: Vec<Write>,
    failed: Option<UnknownCodec>,
}

impl Draft {
    /// Everything that a view holds.
    #[must_use]
    pub fn of(view: &View) -> Self {
        let mut draft = Self::default();
        for id in view.accounts() {
            let account = view.account(id);
            draft.put_account(id);
            account.alias().into_iter().for_each(|alias| draft.put_alias(id, alias));
            account.users().for_each(|user| draft.put_user(id, &user.record));
            account.groups().for_each(|group| draft.put_group(id, &group.record));
            account.roles().for_each(|role| draft.put_role(id, &role.record));
            account.policies().for_each(|policy| draft.put_policy(id, &policy.record));
            account.instance_profiles().for_each(|one| draft.put_instance_profile(id, &one.record));
            account.all_access_keys().for_each(|key| draft.put_access_key(id, &key.record));
            account.login_profiles().for_each(|one| draft.put_login_profile(id, &one.record));
            for one in account.credentials::<ServiceSpecificCredentialRecord>() {
                draft.put_credential(id, &**one);
            }
            for one in account.credentials::<SigningCertificateRecord>() {
                draft.put_credential(id, &**one);
            }
            account
                .credentials::<SshPublicKeyRecord>()
                .for_each(|one| draft.put_credential(id, &**one));
            for one in account.server_certificates() {
                draft.put_server_certificate(id, &one.record);
            }
            account.mfa_devices().for_each(|one| draft.put_mfa_device(id, &one.record));
            account.oidc_providers().for_each(|one| draft.put_oidc_provider(id, &one.record));
            account.saml_providers().for_each(|one| draft.put_saml_provider(id, &one.record));
            account.deletion_tasks().for_each(|one| draft.put_deletion_task(id, one));
            account.access_reports().for_each(|one| draft.put_access_report(id, one));
            if *account.settings() != AccountSettingsRecord::default() {
                draft.put_settings(id, account.settings());
            }
            if let Some(report) = account.credential_report() {
                draft.put_credential_report(id, report);
            }
            if let Some(policy) = account.password_policy() {
                draft.put_password_policy(id, policy);
            }
            if let Some(record) = account.outbound_federation() {
                draft.put_outbound_federation(id, record);
            }
            if let Some(organization) = view.organization(id) {
                draft.put_organization(id, &organization.record);
            }
        }
        view.delegation_requests().for_each(|one| draft.put_delegation_request(&one.record));
        draft
    }

    /// Stores a user.
    pub fn put_user(&mut self, account: AccountId, user: &UserRecord) {
        self.put(account, Kind::User, &user.name, user);
    }

    /// Stores a group.
    pub fn put_group(&mut self, account: AccountId, group: &GroupRecord) {
        self.put(account, Kind::Group, &group.name, group);
    }

    /// Stores a role.
    pub fn put_role(&mut self, account: AccountId, role: &RoleRecord) {
        self.put(account, Kind::Role, &role.name, role);
    }

    /// Stores a customer managed policy.
    pub fn put_policy(&mut self, account: AccountId, policy: &PolicyRecord) {
        self.put(account, Kind::Policy, &policy.name, policy);
    }

    /// Stores an instance profile.
    pub fn put_instance_profile(&mut self, account: AccountId, profile: &InstanceProfileRecord) {
        self.put(account, Kind::InstanceProfile, &profile.name, profile);
    }

    /// Stores an access key.
    pub fn put_access_key(&mut self, account: AccountId, key: &AccessKeyRecord) {
        self.put(account, Kind::AccessKey, key.id.as_str(), key);
    }

    /// Stores a user's password.
    pub fn put_login_profile(&mut self, account: AccountId, profile: &LoginProfileRecord) {
        self.put(account, Kind::LoginProfile, &profile.user.to_string(), profile);
    }

    /// Stores one of a user's credentials.
    pub fn put_credential<R: UserCredential>(&mut self, account: AccountId, one: &R) {
        self.put(account, R::kind().0, &user_credential_key(one), one);
    }

    /// Stores a server certificate.
    pub fn put_server_certificate(
        &mut self,
        account: AccountId,
        certificate: &ServerCertificateRecord,
    ) {
        self.put(account, Kind::ServerCertificate, &certificate.name, certificate);
    }

    /// Stores an MFA device.
    pub fn put_mfa_device(&mut self, account: AccountId, device: &MfaDeviceRecord) {
        self.put(account, Kind::MfaDevice, &device.key(), device);
    }

    /// Stores an OpenID Connect provider.
    pub fn put_oidc_provider(&mut self, account: AccountId, provider: &OidcProviderRecord) {
        self.put(account, Kind::OidcProvider, provider.name(), provider);
    }

    /// Stores a SAML provider.
    pub fn put_saml_provider(&mut self, account: AccountId, provider: &SamlProviderRecord) {
        self.put(account, Kind::SamlProvider, &provider.name, provider);
    }

    /// Stores the deletion of a service-linked role.
    pub fn put_deletion_task(&mut self, account: AccountId, task: &DeletionTaskRecord) {
        self.put(account, Kind::DeletionTask, &task.id, task);
    }

    /// Stores a report of which services were used.
    pub fn put_access_report(&mut self, account: AccountId, report: &AccessReportRecord) {
        self.put(account, Kind::AccessReport, &report.id, report);
    }

    /// Gives an account an alias.
    pub fn put_alias(&mut self, account: AccountId, alias: &str) {
        self.push_put(&Key::Alias(alias), &account);
        self.push_put(&Key::AccountAlias(account), &alias);
    }

    /// Stores the organisation that an account manages.
    pub fn put_organization(&mut self, management: AccountId, organization: &OrganizationRecord) {
        for account in organization.accounts() {
            self.push_put(&Key::Member(account), &management);
        }
        self.push_put(&Key::Organization(management), organization);
    }

    /// Stores an account as an issuer of web identities.
    pub fn put_outbound_federation(
        &mut self,
        account: AccountId,
        record: &OutboundFederationRecord,
    ) {
        self.push_put(&Key::OutboundFederation(account), record);
    }

    /// Stores the report of an account's credentials.
    pub fn put_credential_report(&mut self, account: AccountId, report: &CredentialReportRecord) {
        self.push_put(&Key::CredentialReport(account), report);
    }

    /// Stores what an account has set for itself.
    pub fn put_settings(&mut self, account: AccountId, settings: &AccountSettingsRecord) {
        self.push_put(&Key::Settings(account), settings);
    }

    /// Stores what an account asks of passwords.
    pub fn put_password_policy(&mut self, account: AccountId, policy: &PasswordPolicyRecord) {
        self.push_put(&Key::PasswordPolicy(account), policy);
    }

    /// Stores a request for access.
    pub fn put_delegation_request(&mut self, request: &DelegationRequestRecord) {
        self.push_put(&Key::DelegationRequest(&request.id), request);
    }

    /// Makes an account exist even when nothing is in it.
    pub fn put_account(&mut self, account: AccountId) {
        self.push_put(&Key::Head(account), &());
    }

    fn put(&mut self, account: AccountId, kind: Kind, name: &str, record: &impl Serialize) {
        if kind.ignores_case() {
            self.push_put(&Key::named(account, kind, &Name::new(name)), record);
        } else {
            self.push_put(&Key::Entity(account, kind, name), record);
        }
    }

    fn delete(&mut self, account: AccountId, kind: Kind, name: &str) {
        if kind.ignores_case() {
            self.push_delete(&Key::named(account, kind, &Name::new(name)));
        } else {
            self.push_delete(&Key::Entity(account, kind, name));
        }
    }

    fn push_put(&mut self, key: &Key<'_>, record: &impl Serialize) {
        match codec::encode(record) {
            Ok(value) => self.writes.push(Write::Put { key: key.encode(), value }),
            // Kept until the commit, which then writes nothing.
            Err(error) => self.failed = Some(error),
        }
    }

    fn push_delete(&mut self, key: &Key<'_>) {
        self.writes.push(Write::Delete { key: key.encode() });
    }

    pub(crate) fn into_writes(self) -> Result<Vec<Write>, UnknownCodec> {
        self.failed.map_or(Ok(self.writes), Err)
    }

    /// What turns the state of one view into that of another: nothing in these accounts has changed since
    /// the state was `seen`, and what is new is nobody's yet.
    pub(crate) fn difference(
        seen: &View,
        base: &View,
        goal: &View,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<Transaction, UnknownCodec> {
        let mut present: BTreeMap<Bytes, Bytes> =
            Self::of(base).into_writes()?.into_iter().filter_map(into_entry).collect();
        let mut preconditions = Vec::new();
        let mut writes = Vec::new();
        for account in accounts {
            let (key, revision) = (Key::Head(*account).encode(), seen.account(*account).head);
            preconditions.push(Precondition { key, revision });
        }
        for (key, value) in Self::of(goal).into_writes()?.into_iter().filter_map(into_entry) {
            match present.remove(&key) {
                Some(old) if old == value => continue,
                Some(_) => {}
                None => preconditions.push(Precondition { key: key.clone(), revision: None }),
            }
            writes.push(Write::Put { key, value });
        }
        writes.extend(present.into_keys().map(|key| Write::Delete { key }));
        if !writes.is_empty() {
            let mut heads = Self::default();
            accounts.iter().for_each(|account| heads.put_account(*account));
            writes.extend(heads.into_writes()?);
        }
        Ok(Transaction { preconditions, writes })
    }
}

fn into_entry(write: Write) -> Option<(Bytes, Bytes)> {
    match write {
        Write::Put { key, value } => Some((key, value)),
        Write::Delete { .. } | Write::DeletePrefix { .. } => None,
    }
}
