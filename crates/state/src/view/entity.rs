//! Entities as requests read them: the record, with its documents compiled.

use std::sync::{Arc, OnceLock};

use daypass_ident::{AccountId, Arn, Principal};
use daypass_policy::{Policy, PolicyKind};

use crate::record::{
    AccessKeyRecord, GroupRecord, HeldPolicies, PolicyRecord, RoleRecord, UserRecord,
};
use crate::{Accesses, LastUsed};

/// A user.
#[derive(Debug)]
pub struct User {
    /// What is stored.
    pub record: UserRecord,
    /// The inline policies, compiled, by name.
    pub inline: Vec<InlinePolicy>,
    /// What the user has asked of services.
    pub accesses: Arc<Accesses>,
    /// The user as the maker of a request, once the user has made one: most never do.
    principal: OnceLock<Arc<Principal>>,
    account: AccountId,
}

impl User {
    pub(crate) fn new(
        account: AccountId,
        record: UserRecord,
        accesses: Option<Arc<Accesses>>,
    ) -> Self {
        Self {
            inline: compile(&record.policies),
            record,
            accesses: accesses.unwrap_or_default(),
            principal: OnceLock::new(),
            account,
        }
    }

    /// The user as the maker of a request.
    #[must_use]
    pub fn principal(&self) -> &Arc<Principal> {
        self.principal.get_or_init(|| {
            Arc::new(Principal::User {
                account: self.account,
                path: self.record.path.as_str().into(),
                name: self.record.name.as_str().into(),
                id: self.record.id,
            })
        })
    }

    /// The user's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::user(self.account, &self.record.path, &self.record.name)
    }

    /// The account that the user belongs to.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// A group.
#[derive(Debug)]
pub struct Group {
    /// What is stored.
    pub record: GroupRecord,
    /// The inline policies, compiled, by name.
    pub inline: Vec<InlinePolicy>,
    account: AccountId,
}

impl Group {
    pub(crate) fn new(account: AccountId, record: GroupRecord) -> Self {
        Self { inline: compile(&record.policies), record, account }
    }

    /// The group's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::group(self.account, &self.record.path, &self.record.name)
    }

    /// The account that the group belongs to.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// A role.
#[derive(Debug)]
pub struct Role {
    /// What is stored.
    pub record: RoleRecord,
    /// The inline policies, compiled, by name.
    pub inline: Vec<InlinePolicy>,
    /// The trust policy; `None` when its text cannot be understood: then it must not allow.
    pub trust: Option<Arc<Policy>>,
    /// When a session of the role last made a request.
    pub last_used: Arc<LastUsed>,
    /// What sessions of the role have asked of services.
    pub accesses: Arc<Accesses>,
    account: AccountId,
}

impl Role {
    pub(crate) fn new(
        account: AccountId,
        record: RoleRecord,
        stamps: Option<(Arc<LastUsed>, Arc<Accesses>)>,
    ) -> Self {
        let (last_used, accesses) = stamps.unwrap_or_default();
        let trust = Policy::parse(PolicyKind::Trust, &record.assume_role_policy_document);
        Self {
            inline: compile(&record.policies),
            trust: trust.ok().map(Arc::new),
            last_used,
            accesses,
            record,
            account,
        }
    }

    /// The role's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::role(self.account, &self.record.path, &self.record.name)
    }

    /// The account that the role belongs to.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// A customer managed policy.
#[derive(Debug)]
pub struct CustomerPolicy {
    /// What is stored.
    pub record: PolicyRecord,
    /// The version in force; `None` when its text cannot be understood: then it must not allow.
    pub document: Option<Arc<Policy>>,
    account: AccountId,
}

impl CustomerPolicy {
    pub(crate) fn new(account: AccountId, record: PolicyRecord) -> Self {
        let document = record
            .versions
            .get(&record.default_version)
            .and_then(|version| Policy::parse(PolicyKind::Identity, &version.document).ok())
            .map(Arc::new);
        Self { record, document, account }
    }

    /// The policy's ARN.
    #[must_use]
    pub fn arn(&self) -> Arn {
        Arn::policy(self.account, &self.record.path, &self.record.name)
    }
}

/// A long-term access key.
#[derive(Debug)]
pub struct AccessKey {
    /// What is stored.
    pub record: AccessKeyRecord,
    /// The account of its owner.
    pub account: AccountId,
    /// When a request was last signed with it.
    pub last_used: Arc<LastUsed>,
}

impl AccessKey {
    pub(crate) fn new(
        account: AccountId,
        record: AccessKeyRecord,
        last_used: Option<Arc<LastUsed>>,
    ) -> Self {
        Self { record, account, last_used: last_used.unwrap_or_default() }
    }

    pub(crate) fn last_used(&self) -> Arc<LastUsed> {
        Arc::clone(&self.last_used)
    }
}

/// An inline policy, compiled.
#[derive(Debug)]
pub struct InlinePolicy {
    /// The policy's name.
    pub name: Box<str>,
    /// The document; `None` when its text cannot be understood: then it must not allow.
    pub policy: Option<Arc<Policy>>,
}

fn compile(held: &HeldPolicies) -> Vec<InlinePolicy> {
    let compile = |(name, document): (&String, &String)| InlinePolicy {
        name: name.as_str().into(),
        policy: Policy::parse(PolicyKind::Inline, document).ok().map(Arc::new),
    };
    held.inline.iter().map(compile).collect()
}
