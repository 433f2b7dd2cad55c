//! All the policies that bear on a request, combined into one decision.

mod caller_side;
mod controls;
mod judged;
mod policies;

use daypass_ident::Principal;

use crate::evaluate::{Asked, Request};
use crate::principal::Reach;
use caller_side::CallerSide;
use controls::Controls;
use judged::Judged;
pub use policies::{Level, NamedPolicy, Policies, PolicySource, PolicyType, ResourcePolicy};

/// Decides a request as AWS does (IAM User Guide, "Policy evaluation logic"): an explicit deny
/// anywhere wins; then the resource's policy, the identity's, the boundary and the session's each
/// must allow, except where the resource's policy names the caller in a way that needs no more.
/// Before these, every level of the organisations of caller and resource must let the request
/// through.
#[must_use]
pub fn decide<'a>(request: &Request<'_>, policies: &Policies<'a>) -> Decision<'a> {
    let asked = Asked::new(request);
    let controls = Controls::new(&asked, policies);
    let resource = policies.resource.map(|resource| Judged::new(resource.policy, &asked));
    let caller_side = CallerSide::new(&asked, policies);

    let denial = controls
        .denial()
        .or_else(|| resource.and_then(|judged| judged.denial(policies.resource_type())))
        .or_else(|| caller_side.denial())
        .or_else(|| controls.lacking());
    if let Some(denial) = denial {
        return Decision::Denied(denial);
    }

    let granted = resource.and_then(Judged::allowed);
    let refused_by_resource = Decision::Denied(Denial::implicit(policies.resource_type()));
    let Some(principal) = request.caller.principal() else {
        // From outside every account: only the resource's policy speaks for the caller.
        return match granted {
            Some((by, _)) => Decision::Allowed { by: Some(by) },
            None => refused_by_resource,
        };
    };

    let within_account =
        policies.resource_account.is_none_or(|account| account == principal.account());
    let must_grant = !within_account || policies.resource.is_some_and(|resource| resource.required);
    if must_grant && granted.is_none() {
        return refused_by_resource;
    }
    let reach = match granted {
        // Nobody's own limits are lifted from another account.
        Some((_, reach)) if within_account => reach,
        _ => Reach::Delegated,
    };
    // Root may do everything in its account, within the limits of its session; so may a session
    // that root has made for somebody else.
    let acts_as_root = request.caller.holder().is_some_and(Principal::is_root);
    let reach = if acts_as_root { reach.max(Reach::PastIdentity) } else { reach };
    caller_side.decide(reach, granted.map(|(by, _)| by))
}

/// The outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// Go ahead.
    Allowed {
        /// A statement that allows; `None` when none was needed, as for root.
        by: Option<StatementRef<'a>>,
    },
    /// No.
    Denied(Denial<'a>),
}

impl Decision<'_> {
    /// Whether the request may go ahead.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denial<'a> {
    /// The kind of policy that denies, or that fails to allow.
    pub by: PolicyType,
    /// The statement that denies; `None` when nothing denies but nothing allows either.
    pub explicit: Option<StatementRef<'a>>,
}

impl Denial<'_> {
    fn implicit(by: PolicyType) -> Self {
        Self { by, explicit: None }
    }
}

/// One statement of one policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementRef<'a> {
    /// The policy.
    pub source: PolicySource<'a>,
    /// The statement's place in it, from 0.
    pub index: usize,
}

#[cfg(test)]
mod tests;
