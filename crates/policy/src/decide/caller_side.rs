use super::judged::Judged;
use super::policies::{NamedPolicy, Policies, PolicyType};
use super::{Decision, Denial, StatementRef};
use crate::evaluate::Asked;
use crate::principal::Reach;

/// What the caller's own policies say.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallerSide<'a> {
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
    pub(super) fn new(asked: &Asked<'_>, policies: &Policies<'a>) -> Self {
        let limit = |list: Option<&[NamedPolicy<'a>]>| match list {
            Some(list) => Limit::Says(Judged::union(list, asked)),
            None => Limit::Absent,
        };
        Self {
            identity: Judged::union(policies.identity, asked),
            boundary: limit(policies.boundary.as_ref().map(std::slice::from_ref)),
            session: limit(policies.session),
        }
    }

    pub(super) fn denial(&self) -> Option<Denial<'a>> {
        let limits = || {
            self.boundary
                .denial(PolicyType::Boundary)
                .or_else(|| self.session.denial(PolicyType::Session))
        };
        self.identity.and_then(|judged| judged.denial(PolicyType::Identity)).or_else(limits)
    }

    /// Nothing denies; is enough allowed?
    pub(super) fn decide(
        self,
        reach: Reach,
        by_resource: Option<StatementRef<'a>>,
    ) -> Decision<'a> {
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
