//! Organisations as decisions read them: for each account the control policies of every level above
//! it, compiled and in order, so that nobody walks the tree for a request.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use daypass_ident::AccountId;
use daypass_policy::{Policy, PolicyKind};

use crate::record::{BranchRecord, ControlPolicyId, ControlPolicyType, OrganizationRecord};

/// An organisation.
#[derive(Debug)]
pub struct Organization {
    /// What is stored.
    pub record: OrganizationRecord,
    /// The account that manages it.
    pub management_account: AccountId,
}

impl Organization {
    pub(crate) fn new(management_account: AccountId, record: OrganizationRecord) -> Self {
        Self { record, management_account }
    }

    /// Whether an account administers IAM for the whole organisation: the management account and
    /// the delegated administrators do (IAM User Guide, "Centrally manage root access for member
    /// accounts").
    #[must_use]
    pub fn is_administered_by(&self, account: AccountId) -> bool {
        account == self.management_account
            || self.record.delegated_administrators.contains(&account)
    }

    /// The ARN of one of the organisation's own policies.
    #[must_use]
    pub fn policy_arn(&self, policy: &ControlPolicyId, policy_type: ControlPolicyType) -> String {
        let Self { record, management_account } = self;
        let policy_type = policy_type.as_str();
        format!(
            "arn:aws:organizations::{management_account}:policy/{}/{policy_type}/{policy}",
            record.id
        )
    }
}

/// An account's place in its organisation.
#[derive(Debug)]
pub struct Membership {
    organization: Arc<Organization>,
    path: Box<str>,
    service_control: Box<[Arc<ControlLevel>]>,
    resource_control: Box<[Arc<ControlLevel>]>,
}

impl Membership {
    /// The organisation.
    #[must_use]
    pub fn organization(&self) -> &Arc<Organization> {
        &self.organization
    }

    /// The id of the organisation, `o-…` (`aws:PrincipalOrgID`).
    #[must_use]
    pub fn organization_id(&self) -> &str {
        self.organization.record.id.as_str()
    }

    /// The way from the organisation to what the account hangs on, `o-…/r-…/ou-…/`
    /// (`aws:PrincipalOrgPaths`).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The service control policies that bind the account's principals, level by level from the
    /// root down to the account. None bind those of the management account (AWS Organizations User
    /// Guide, "Service control policies").
    #[must_use]
    pub fn service_control(&self) -> &[Arc<ControlLevel>] {
        &self.service_control
    }

    /// The resource control policies that guard the account's resources, likewise. An organisation
    /// that has none of its own has nothing to ask: AWS's allows everything.
    #[must_use]
    pub fn resource_control(&self) -> &[Arc<ControlLevel>] {
        &self.resource_control
    }

    /// The same place in an organisation of which nothing else is known: its tree, its other policies and
    /// its features are left out.
    pub(super) fn alone(&self) -> Self {
        let Organization { record, management_account } = &*self.organization;
        let record = OrganizationRecord {
            id: record.id.clone(),
            root_id: record.root_id.clone(),
            root: BranchRecord::default(),
            policies: BTreeMap::new(),
            root_features: BTreeSet::new(),
            delegated_administrators: BTreeSet::new(),
        };
        Self {
            organization: Arc::new(Organization::new(*management_account, record)),
            path: self.path.clone(),
            service_control: self.service_control.clone(),
            resource_control: self.resource_control.clone(),
        }
    }

    /// The memberships of all of an organisation's accounts.
    pub(crate) fn all_of(organization: &Arc<Organization>) -> Vec<(AccountId, Arc<Self>)> {
        let record = &organization.record;
        let mut walk = Walk::new(organization);
        let path = format!("{}/{}/", record.id, record.root_id);
        walk.branch(record.root_id.as_str(), &path, &record.root, &Levels::default());
        walk.members
    }
}

/// The policies of one type that are attached to one level: to the root, a unit or an account.
#[derive(Debug)]
pub struct ControlLevel {
    /// The id of the root, the unit or the account.
    pub target: Box<str>,
    /// The policies, in the order of their attachment.
    pub policies: Box<[Arc<ControlPolicy>]>,
}

/// A service control or resource control policy, ready to be evaluated.
#[derive(Debug)]
pub struct ControlPolicy {
    /// The policy's ARN.
    pub arn: Box<str>,
    /// The policy's name.
    pub name: Box<str>,
    /// The type.
    pub policy_type: ControlPolicyType,
    /// What it says; `None` when its text cannot be understood: then it must not allow.
    pub policy: Option<Arc<Policy>>,
}

/// The levels down to some place in the tree.
#[derive(Debug, Clone, Default)]
struct Levels {
    service_control: Vec<Arc<ControlLevel>>,
    resource_control: Vec<Arc<ControlLevel>>,
}

/// The way through the tree, once for each change of it.
struct Walk<'a> {
    organization: &'a Arc<Organization>,
    policies: HashMap<&'a ControlPolicyId, Arc<ControlPolicy>>,
    /// Whether there are resource control policies but AWS's.
    controls_resources: bool,
    members: Vec<(AccountId, Arc<Membership>)>,
}

impl<'a> Walk<'a> {
    fn new(organization: &'a Arc<Organization>) -> Self {
        let compile =
            |(id, record): (&'a ControlPolicyId, &'a crate::record::ControlPolicyRecord)| {
                let kind = match record.policy_type {
                    ControlPolicyType::ServiceControl => PolicyKind::ServiceControl,
                    ControlPolicyType::ResourceControl => PolicyKind::ResourceControl,
                };
                let policy = ControlPolicy {
                    arn: organization.policy_arn(id, record.policy_type).into(),
                    name: record.name.as_str().into(),
                    policy_type: record.policy_type,
                    policy: Policy::parse(kind, &record.document).ok().map(Arc::new),
                };
                (id, Arc::new(policy))
            };
        let policies: HashMap<_, _> = organization.record.policies.iter().map(compile).collect();
        let controls_resources = policies
            .values()
            .any(|policy| policy.policy_type == ControlPolicyType::ResourceControl);
        Self { organization, policies, controls_resources, members: Vec::new() }
    }

    fn branch(&mut self, target: &str, path: &str, branch: &'a BranchRecord, above: &Levels) {
        let levels = self.down(above, target, &branch.attached);
        for member in &branch.accounts {
            let levels = self.down(&levels, &member.account.to_string(), &member.attached);
            self.member(member.account, path, levels);
        }
        for unit in &branch.units {
            let path = format!("{path}{}/", unit.id);
            self.branch(unit.id.as_str(), &path, &unit.branch, &levels);
        }
    }

    fn member(&mut self, account: AccountId, path: &str, levels: Levels) {
        let exempt = account == self.organization.management_account;
        let Levels { service_control, resource_control } =
            if exempt { Levels::default() } else { levels };
        let membership = Membership {
            organization: Arc::clone(self.organization),
            path: path.into(),
            service_control: service_control.into(),
            resource_control: resource_control.into(),
        };
        self.members.push((account, Arc::new(membership)));
    }

    /// The levels above and one more.
    fn down(&self, above: &Levels, target: &str, attached: &[ControlPolicyId]) -> Levels {
        let mut levels = above.clone();
        let policies = |policy_type| {
            let all = attached.iter().map(|id| self.policy(id));
            all.filter(move |policy| policy.policy_type == policy_type)
        };
        levels.service_control.push(Arc::new(ControlLevel {
            target: target.into(),
            policies: policies(ControlPolicyType::ServiceControl).collect(),
        }));
        if self.controls_resources {
            let own = policies(ControlPolicyType::ResourceControl);
            levels.resource_control.push(Arc::new(ControlLevel {
                target: target.into(),
                policies: std::iter::once(Arc::clone(&RCP_FULL_AWS_ACCESS)).chain(own).collect(),
            }));
        }
        levels
    }

    fn policy(&self, id: &ControlPolicyId) -> Arc<ControlPolicy> {
        if id.is_full_aws_access() {
            return Arc::clone(&FULL_AWS_ACCESS);
        }
        // INVARIANT: what is attached is there; were it not so, nobody could say what it denied.
        let lost = || {
            let policy_type = ControlPolicyType::ServiceControl;
            Arc::new(ControlPolicy {
                arn: self.organization.policy_arn(id, policy_type).into(),
                name: id.as_str().into(),
                policy_type,
                policy: None,
            })
        };
        self.policies.get(id).cloned().unwrap_or_else(lost)
    }
}

/// AWS's service control policy, attached everywhere until somebody detaches it.
static FULL_AWS_ACCESS: LazyLock<Arc<ControlPolicy>> = LazyLock::new(|| {
    let document =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    Arc::new(ControlPolicy {
        arn: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess".into(),
        name: "FullAWSAccess".into(),
        policy_type: ControlPolicyType::ServiceControl,
        policy: Policy::parse(PolicyKind::ServiceControl, document).ok().map(Arc::new),
    })
});

/// AWS's resource control policy, attached everywhere for good.
static RCP_FULL_AWS_ACCESS: LazyLock<Arc<ControlPolicy>> = LazyLock::new(|| {
    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;
    Arc::new(ControlPolicy {
        arn: "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess".into(),
        name: "RCPFullAWSAccess".into(),
        policy_type: ControlPolicyType::ResourceControl,
        policy: Policy::parse(PolicyKind::ResourceControl, document).ok().map(Arc::new),
    })
});

#[cfg(test)]
mod tests;
