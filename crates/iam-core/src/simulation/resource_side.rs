use daypass_ident::{AccountId, eq_ignore_case, strip_prefix_ignore_case};
use daypass_model::ServiceError;
use daypass_policy::ResourcePolicy;
use daypass_state::Account;

use super::policy::SimulatedPolicy;
use super::scenario::Scenario;
use crate::errors::PolicyEvaluation;

/// What the resources' own policies say.
#[derive(Debug)]
pub(super) struct ResourceSide<'a> {
    /// The policy that was given for all of them.
    pub(super) given: Option<SimulatedPolicy<'a>>,
    /// Whether trust policies are asked who may assume a role. IAM's simulator asks none, and takes
    /// no notice of one that is given.
    pub(super) asks_trust: bool,
    /// The account of whoever asks, whose roles have trust policies to ask, for simulations of
    /// principals that exist. The trust policies of other accounts are not asked: the answer would
    /// tell what they say.
    pub(super) own_roles: Option<&'a Account>,
}

/// The policy of one resource.
#[derive(Debug)]
pub(super) struct OnResource<'s, 'a> {
    policy: Policy<'s, 'a>,
    /// Whether the resource is closed unless the policy opens it.
    trusts: bool,
    /// Whose the resource is.
    pub(super) account: AccountId,
}

#[derive(Debug)]
enum Policy<'s, 'a> {
    Given(&'s SimulatedPolicy<'a>),
    OfRole(SimulatedPolicy<'a>),
}

impl<'a> ResourceSide<'a> {
    /// The length of the policy that was given, in bytes.
    pub(super) fn given_len(&self) -> usize {
        self.given.as_ref().map_or(0, SimulatedPolicy::len)
    }

    /// The policy that has a say in an action on a resource.
    ///
    /// # Errors
    /// `PolicyEvaluation` for a role whose trust policy cannot be understood.
    pub(super) fn policy_of(
        &self,
        scenario: &Scenario,
        action: &str,
        resource: &str,
    ) -> Result<Option<OnResource<'_, 'a>>, ServiceError> {
        let account = scenario.owner_of(resource);
        let trusts = self.asks_trust && is_assumption(action);
        if let Some(given) = &self.given {
            let heeded = self.asks_trust || !assumes(action);
            let policy = Policy::Given(given);
            return Ok(heeded.then_some(OnResource { policy, trusts, account }));
        }
        let own_roles = self.own_roles.filter(|_| trusts && scenario.caller.is_principal());
        let role = own_roles.and_then(|account| account.role_by_arn(resource));
        let Some(role) = role else { return Ok(None) };
        let trust = role.trust.as_deref().ok_or(PolicyEvaluation::Unreadable)?;
        let policy = Policy::OfRole(SimulatedPolicy::trust(&role.record.name, trust));
        Ok(Some(OnResource { policy, trusts: true, account }))
    }
}

impl<'a> OnResource<'_, 'a> {
    pub(super) fn policy(&self) -> &SimulatedPolicy<'a> {
        match &self.policy {
            Policy::Given(policy) => policy,
            Policy::OfRole(policy) => policy,
        }
    }

    /// The policy as a decision takes it.
    pub(super) fn named(&self) -> ResourcePolicy<'_> {
        let named = self.policy().named();
        if self.trusts { ResourcePolicy::trust(named) } else { ResourcePolicy::open(named) }
    }
}

/// What a user or role needs to be allowed to assume a role, on both sides.
fn is_assumption(action: &str) -> bool {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    actions.iter().any(|known| eq_ignore_case(action, known))
}

/// The actions in whose simulation IAM passes over the policy that was given.
fn assumes(action: &str) -> bool {
    strip_prefix_ignore_case(action, "sts:assume").is_some()
}
