use std::sync::Arc;

use daypass_policy::{Level, NamedPolicy, PolicySource};
use daypass_state::ControlLevel;

/// The control policies of an organisation over one account, level by level from the root down.
/// Without any, it is empty and costs nothing.
#[derive(Debug, Default)]
pub struct ControlLevels<'a> {
    policies: Vec<NamedPolicy<'a>>,
    /// How many policies stand on each level.
    lengths: Vec<usize>,
}

impl<'a> ControlLevels<'a> {
    /// `None` when one of the policies cannot be understood: it might deny anything.
    pub(crate) fn new(levels: &'a [Arc<ControlLevel>]) -> Option<Self> {
        let lengths: Vec<usize> = levels.iter().map(|level| level.policies.len()).collect();
        let mut policies = Vec::with_capacity(lengths.iter().sum());
        for level in levels {
            for control in &level.policies {
                let source = PolicySource::Control {
                    arn: &control.arn,
                    name: &control.name,
                    target: &level.target,
                };
                policies.push(NamedPolicy { source, policy: control.policy.as_deref()? });
            }
        }
        Some(Self { policies, lengths })
    }

    /// The levels as a decision takes them.
    #[must_use]
    pub fn levels(&self) -> Vec<Level<'_>> {
        let mut rest = self.policies.as_slice();
        let level = |length: &usize| {
            let (level, below) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            rest = below;
            level
        };
        self.lengths.iter().map(level).collect()
    }

    /// Whether nothing controls the account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }
}
