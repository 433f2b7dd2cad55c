//! A place in an organisation, as a path names it: `o-…/r-…[/ou-…]…[/account]`.

use daypass_ident::AccountId;
use daypass_policy::{Policy, PolicyKind, ServiceAccess};
use daypass_state::Organization;
use daypass_state::record::{BranchRecord, ControlPolicyId, ControlPolicyType};

/// A root, a unit or an account.
pub(super) struct Place<'a> {
    organization: &'a Organization,
    /// What is attached to it and above it, level by level.
    levels: Vec<&'a [ControlPolicyId]>,
    /// The accounts there, each with the way to it.
    pub(super) accounts: Vec<(AccountId, String)>,
    /// Whether it is the management account, which no service control policy limits.
    pub(super) is_management_account: bool,
}

impl<'a> Place<'a> {
    /// `None` when there is no such place in the organisation.
    pub(super) fn find(organization: &'a Organization, path: &str) -> Option<Self> {
        let record = &organization.record;
        let mut steps = path.split('/');
        if steps.next() != Some(record.id.as_str()) || steps.next() != Some(record.root_id.as_str())
        {
            return None;
        }
        let mut branch = &record.root;
        let mut levels = vec![branch.attached.as_slice()];
        while let Some(step) = steps.next() {
            if let Some(unit) = branch.units.iter().find(|unit| unit.id.as_str() == step) {
                branch = &unit.branch;
                levels.push(&branch.attached);
                continue;
            }
            let is_it = |account: AccountId| step.parse() == Ok(account);
            let member = branch.accounts.iter().find(|member| is_it(member.account))?;
            levels.push(&member.attached);
            let is_management_account = member.account == organization.management_account;
            let accounts = vec![(member.account, path.to_owned())];
            let place = Self { organization, levels, accounts, is_management_account };
            return steps.next().is_none().then_some(place);
        }
        let mut accounts = Vec::new();
        collect(branch, path, &mut accounts);
        Some(Self { organization, levels, accounts, is_management_account: false })
    }

    /// Whether the service control policies of all levels leave something of a service. Where one policy
    /// is named, whether that one does, whatever it is attached to.
    ///
    /// `None` when the policy that is named is no service control policy of the organisation.
    pub(super) fn limits(&self, policy: Option<&str>) -> Option<Limits> {
        if self.is_management_account {
            return Some(Limits(Vec::new()));
        }
        if let Some(policy) = policy {
            let id: ControlPolicyId = policy.parse().ok()?;
            return Some(Limits(vec![vec![self.access(&id)?]]));
        }
        let level = |ids: &&[ControlPolicyId]| {
            ids.iter().filter_map(|id| self.access(id)).collect::<Vec<_>>()
        };
        Some(Limits(self.levels.iter().map(level).collect()))
    }

    fn access(&self, id: &ControlPolicyId) -> Option<ServiceAccess> {
        if id.is_full_aws_access() {
            let policy = Policy::parse(PolicyKind::ServiceControl, FULL_AWS_ACCESS).ok()?;
            return Some(policy.service_access());
        }
        let record = self.organization.record.policies.get(id)?;
        let is_service_control = record.policy_type == ControlPolicyType::ServiceControl;
        let policy = is_service_control
            .then(|| Policy::parse(PolicyKind::ServiceControl, &record.document).ok())?;
        // One that cannot be understood allows nothing.
        Some(policy.map(|policy| policy.service_access()).unwrap_or_default())
    }
}

/// What the levels of a place allow; without any, everything.
pub(super) struct Limits(Vec<Vec<ServiceAccess>>);

impl Limits {
    /// Whether something of a service is left.
    pub(super) fn leave(&self, service: &str) -> bool {
        self.0.iter().all(|level| {
            level.iter().any(|policy| policy.may_allow(service))
                && !level.iter().any(|policy| policy.denies_all(service))
        })
    }
}

fn collect(branch: &BranchRecord, path: &str, accounts: &mut Vec<(AccountId, String)>) {
    let members = branch.accounts.iter().map(|member| member.account);
    accounts.extend(members.map(|account| (account, format!("{path}/{account}"))));
    for unit in &branch.units {
        collect(&unit.branch, &format!("{path}/{}", unit.id), accounts);
    }
}

const FULL_AWS_ACCESS: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
