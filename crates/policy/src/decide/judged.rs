use super::policies::{NamedPolicy, PolicySource, PolicyType};
use super::{Denial, StatementRef};
use crate::evaluate::{Asked, Verdict};
use crate::principal::Reach;

/// A policy and what it says of the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) source: PolicySource<'a>,
    pub(super) verdict: Verdict,
}

impl<'a> Judged<'a> {
    pub(super) fn new(named: NamedPolicy<'a>, asked: &Asked<'_>) -> Self {
        Self { source: named.source, verdict: named.policy.judge(asked) }
    }

    /// All of a list as if it were one policy.
    pub(super) fn union(list: &[NamedPolicy<'a>], asked: &Asked<'_>) -> Option<Self> {
        let mut allowing = None;
        for named in list {
            let judged = Self::new(*named, asked);
            if judged.verdict.denied_by.is_some() {
                return Some(judged);
            }
            if judged.verdict.allowed_by.is_some() {
                allowing = allowing.or(Some(judged));
            }
        }
        allowing
    }

    pub(super) fn denial(self, by: PolicyType) -> Option<Denial<'a>> {
        let index = self.verdict.denied_by?;
        Some(Denial { by, explicit: Some(StatementRef { source: self.source, index }) })
    }

    pub(super) fn allowed(self) -> Option<(StatementRef<'a>, Reach)> {
        let (index, reach) = self.verdict.allowed_by?;
        Some((StatementRef { source: self.source, index }, reach))
    }
}
