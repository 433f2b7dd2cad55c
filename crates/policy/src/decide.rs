//! All the policies that bear on a request, combined into one decision.

use daypass_ident::AccountId;

use crate::evaluate::{Request, Verdict};
use crate::policy::Policy;
use crate::principal::Reach;

/// Decides a request as AWS does (IAM User Guide, "Policy evaluation logic"): an explicit deny
/// anywhere wins; then the resource's policy, the identity's, the boundary and the session's each
/// must allow, except where the resource's policy names the caller in a way that needs no more.
/// Before these, every level of the organisations of caller and resource must let the request
/// through.
#[must_use]
pub fn decide<'a>(request: &Request<'_>, policies: &Policies<'a>) -> Decision<'a> {
    let controls = Controls::new(request, policies);
    let resource = policies.resource.map(|resource| Judged::new(resource.policy, request));
    let caller_side = CallerSide::new(request, policies);

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
    // Root may do everything in its account, within the limits of its session.
    let reach = if principal.is_root() { reach.max(Reach::PastIdentity) } else { reach };
    caller_side.decide(reach, granted.map(|(by, _)| by))
}

/// The policies that bear on one request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Policies<'a> {
    /// The service control policies over the caller's account, level by level from the root of the
    /// organisation down to the account; each level must allow. Empty for an account that none
    /// bind: outside every organisation, or its management account.
    pub service_control: &'a [Level<'a>],
    /// The resource control policies over the account of the resource, likewise.
    pub resource_control: &'a [Level<'a>],
    /// The identity's own: a user's and their groups', or a role's; none for root, who needs none.
    pub identity: &'a [NamedPolicy<'a>],
    /// The permissions boundary, where one is set.
    pub boundary: Option<NamedPolicy<'a>>,
    /// The policies that the session was made with, one of which must allow. `None` for a session
    /// without, and for no session; an empty list allows nothing.
    pub session: Option<&'a [NamedPolicy<'a>]>,
    /// The resource's own policy, where it has one.
    pub resource: Option<ResourcePolicy<'a>>,
    /// The account that owns the resource; `None` stands for the caller's.
    pub resource_account: Option<AccountId>,
}

/// The policies attached to one level of an organisation: its root, a unit, an account.
pub type Level<'a> = &'a [NamedPolicy<'a>];

impl Policies<'_> {
    fn resource_type(&self) -> PolicyType {
        self.resource.map_or(PolicyType::Resource, |resource| resource.policy_type)
    }
}

/// A policy and where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct NamedPolicy<'a> {
    /// Where it comes from.
    pub source: PolicySource<'a>,
    /// What it says.
    pub policy: &'a Policy,
}

/// The policy of a resource.
#[derive(Debug, Clone, Copy)]
pub struct ResourcePolicy<'a> {
    /// The policy.
    pub policy: NamedPolicy<'a>,
    /// What denials call it.
    pub policy_type: PolicyType,
    /// Whether the resource is closed unless the policy opens it, even to its own account.
    pub required: bool,
}

impl<'a> ResourcePolicy<'a> {
    /// The trust policy of a role: a role that trusts nobody is assumed by nobody.
    #[must_use]
    pub fn trust(policy: NamedPolicy<'a>) -> Self {
        Self { policy, policy_type: PolicyType::Trust, required: true }
    }

    /// The policy of a resource that its own account reaches by identity policies alone.
    #[must_use]
    pub fn open(policy: NamedPolicy<'a>) -> Self {
        Self { policy, policy_type: PolicyType::Resource, required: false }
    }
}

/// Where a policy comes from, to name it in an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySource<'a> {
    /// A managed policy, the customer's or AWS's, by its ARN.
    Managed {
        /// The policy's ARN.
        arn: &'a str,
    },
    /// An inline policy of a user.
    UserInline {
        /// The user's name.
        user: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// An inline policy of a group.
    GroupInline {
        /// The group's name.
        group: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// An inline policy of a role.
    RoleInline {
        /// The role's name.
        role: &'a str,
        /// The policy's name.
        name: &'a str,
    },
    /// The policy text that a session was made with.
    SessionInline,
    /// The policy of a resource, a role's trust policy among them.
    OfResource {
        /// The resource's ARN.
        arn: &'a str,
    },
    /// A service control or resource control policy of an organisation.
    Control {
        /// The policy's ARN.
        arn: &'a str,
        /// The policy's name.
        name: &'a str,
        /// What it is attached to: the id of a root, a unit or an account.
        target: &'a str,
    },
}

/// The kinds of policy that a decision distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyType {
    /// Identity-based: of a user, group or role.
    Identity,
    /// Resource-based.
    Resource,
    /// A role's trust policy, which is resource-based too.
    Trust,
    /// A permissions boundary.
    Boundary,
    /// A session policy.
    Session,
    /// A service control policy.
    ServiceControl,
    /// A resource control policy.
    ResourceControl,
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

/// A policy and what it says of the request.
#[derive(Debug, Clone, Copy)]
struct Judged<'a> {
    source: PolicySource<'a>,
    verdict: Verdict,
}

impl<'a> Judged<'a> {
    fn new(named: NamedPolicy<'a>, request: &Request<'_>) -> Self {
        Self { source: named.source, verdict: named.policy.evaluate(request) }
    }

    /// All of a list as if it were one policy.
    fn union(list: &[NamedPolicy<'a>], request: &Request<'_>) -> Option<Self> {
        let mut allowing = None;
        for named in list {
            let judged = Self::new(*named, request);
            if judged.verdict.denied_by.is_some() {
                return Some(judged);
            }
            if judged.verdict.allowed_by.is_some() {
                allowing = allowing.or(Some(judged));
            }
        }
        allowing
    }

    fn denial(self, by: PolicyType) -> Option<Denial<'a>> {
        let index = self.verdict.denied_by?;
        Some(Denial { by, explicit: Some(StatementRef { source: self.source, index }) })
    }

    fn allowed(self) -> Option<(StatementRef<'a>, Reach)> {
        let (index, reach) = self.verdict.allowed_by?;
        Some((StatementRef { source: self.source, index }, reach))
    }
}

/// What the organisations of caller and resource say.
#[derive(Debug, Clone, Copy)]
struct Controls<'a> {
    of_resource: Control<'a>,
    of_caller: Control<'a>,
}

/// What the levels of one organisation say together.
#[derive(Debug, Clone, Copy)]
struct Control<'a> {
    denying: Option<Judged<'a>>,
    allows: bool,
}

impl<'a> Controls<'a> {
    fn new(request: &Request<'_>, policies: &Policies<'a>) -> Self {
        Self {
            of_resource: Control::new(policies.resource_control, request),
            of_caller: Control::new(policies.service_control, request),
        }
    }

    fn denial(&self) -> Option<Denial<'a>> {
        let denial =
            |control: Control<'a>, by| control.denying.and_then(|judged| judged.denial(by));
        denial(self.of_resource, PolicyType::ResourceControl)
            .or_else(|| denial(self.of_caller, PolicyType::ServiceControl))
    }

    fn lacking(&self) -> Option<Denial<'a>> {
        let lacking = |control: Control<'a>, by| (!control.allows).then(|| Denial::implicit(by));
        lacking(self.of_resource, PolicyType::ResourceControl)
            .or_else(|| lacking(self.of_caller, PolicyType::ServiceControl))
    }
}

impl<'a> Control<'a> {
    fn new(levels: &[Level<'a>], request: &Request<'_>) -> Self {
        let mut control = Self { denying: None, allows: true };
        for level in levels {
            match Judged::union(level, request) {
                Some(judged) if judged.verdict.denied_by.is_some() => {
                    return Self { denying: Some(judged), allows: false };
                }
                Some(_) => {}
                None => control.allows = false,
            }
        }
        control
    }
}

/// What the caller's own policies say.
#[derive(Debug, Clone, Copy)]
struct CallerSide<'a> {
    identity: Option<Judged<'a>>,
    boundary: Limit<'a>,
    session: Limit<'a>,
}

/// A kind of policy that limits but does not grant.
#[derive(Debug, Clone, Copy)]
enum Limit<'a> {
    /// There is none.
    Absent,
    Says(Option<Judged<'a>>),
}

impl<'a> CallerSide<'a> {
    fn new(request: &Request<'_>, policies: &Policies<'a>) -> Self {
        let limit = |list: Option<&[NamedPolicy<'a>]>| match list {
            Some(list) => Limit::Says(Judged::union(list, request)),
            None => Limit::Absent,
        };
        Self {
            identity: Judged::union(policies.identity, request),
            boundary: limit(policies.boundary.as_ref().map(std::slice::from_ref)),
            session: limit(policies.session),
        }
    }

    fn denial(&self) -> Option<Denial<'a>> {
        let limits = || {
            self.boundary
                .denial(PolicyType::Boundary)
                .or_else(|| self.session.denial(PolicyType::Session))
        };
        self.identity.and_then(|judged| judged.denial(PolicyType::Identity)).or_else(limits)
    }

    /// Nothing denies; is enough allowed?
    fn decide(self, reach: Reach, by_resource: Option<StatementRef<'a>>) -> Decision<'a> {
        let by_identity = self.identity.and_then(Judged::allowed).map(|(by, _)| by);
        let lacking = if reach < Reach::PastIdentity && by_identity.is_none() {
            Some(PolicyType::Identity)
        } else if reach == Reach::PastEverything {
            None
        } else if !self.boundary.allows() {
            Some(PolicyType::Boundary)
        } else if !self.session.allows() {
            Some(PolicyType::Session)
        } else {
            None
        };
        match lacking {
            Some(by) => Decision::Denied(Denial::implicit(by)),
            None => Decision::Allowed { by: by_identity.or(by_resource) },
        }
    }
}

impl<'a> Limit<'a> {
    fn allows(self) -> bool {
        match self {
            Self::Absent => true,
            Self::Says(judged) => judged.and_then(Judged::allowed).is_some(),
        }
    }

    fn denial(self, by: PolicyType) -> Option<Denial<'a>> {
        match self {
            Self::Says(Some(judged)) => judged.denial(by),
            _ => None,
        }
    }
}
