use std::collections::{BTreeMap, BTreeSet};

use daypass_ident::AccountId;
use serde::{Deserialize, Serialize};

use super::{ControlPolicyId, OrganizationId, RootId, UnitId};

/// An organisation, kept with its management account: the tree of its units and accounts, and its
/// policies (AWS Organizations User Guide, "Terminology and concepts").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRecord {
    /// `o-…`.
    pub id: OrganizationId,
    /// `r-…`.
    pub root_id: RootId,
    /// What hangs on the root.
    pub root: BranchRecord,
    /// The organisation's own policies. AWS's two, which allow everything, are not among them.
    #[serde(default)]
    pub policies: BTreeMap<ControlPolicyId, ControlPolicyRecord>,
    /// What of its members' root users is managed centrally.
    #[serde(default)]
    pub root_features: BTreeSet<RootFeature>,
    /// The member accounts that are registered as delegated administrators for IAM,
    /// `iam.amazonaws.com` (AWS Organizations API Reference, `RegisterDelegatedAdministrator`).
    #[serde(default)]
    pub delegated_administrators: BTreeSet<AccountId>,
}

/// A feature of central root access (IAM User Guide, "Centrally manage root access for member
/// accounts").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RootFeature {
    /// The credentials of members' root users can be removed and recovered.
    CredentialsManagement,
    /// `AssumeRoot` gives sessions of members' root users, each for one task.
    Sessions,
}

/// What hangs on the root or on a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchRecord {
    /// The policies attached here: AWS's `FullAWSAccess` too, unless it was detached.
    #[serde(default)]
    pub attached: Vec<ControlPolicyId>,
    /// The units.
    #[serde(default)]
    pub units: Vec<UnitRecord>,
    /// The accounts, the management account among them.
    #[serde(default)]
    pub accounts: Vec<MemberRecord>,
}

/// An organisational unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRecord {
    /// `ou-…`.
    pub id: UnitId,
    /// The name, unlike those of its siblings.
    pub name: String,
    /// What hangs on it.
    pub branch: BranchRecord,
}

/// An account of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// The account.
    pub account: AccountId,
    /// The policies attached to it, as in [`BranchRecord::attached`].
    #[serde(default)]
    pub attached: Vec<ControlPolicyId>,
}

/// A policy of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPolicyRecord {
    /// The name, which no other policy of the same type has.
    pub name: String,
    /// What it controls.
    pub policy_type: ControlPolicyType,
    /// The text as it was given.
    pub document: String,
}

/// The types of policy that bear on authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ControlPolicyType {
    /// Limits what the principals of accounts may do.
    ServiceControl,
    /// Limits what may be done to the resources of accounts.
    ResourceControl,
}

impl OrganizationRecord {
    /// All accounts, the management account among them.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountId> {
        let mut accounts = Vec::new();
        self.root.collect_accounts(&mut accounts);
        accounts
    }
}

impl BranchRecord {
    fn collect_accounts(&self, accounts: &mut Vec<AccountId>) {
        accounts.extend(self.accounts.iter().map(|member| member.account));
        self.units.iter().for_each(|unit| unit.branch.collect_accounts(accounts));
    }
}

impl ControlPolicyType {
    /// What stands for the type in a policy's ARN.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServiceControl => "service_control_policy",
            Self::ResourceControl => "resource_control_policy",
        }
    }
}
