//! How much memory entities keep from being freed, in bytes: their texts and compiled policies, at most.

use daypass_ident::Arn;

use super::{CustomerPolicy, Group, InlinePolicy, Membership, Role, User};
use crate::record::{HeldPolicies, Tags};

impl User {
    /// How many bytes of memory the user takes, at most.
    pub(super) fn size(&self) -> usize {
        let record = &self.record;
        size_of::<Self>()
            + 2 * (record.name.len() + record.path.len())
            + boundary(record.permissions_boundary.as_ref())
            + held(&self.inline, &record.policies)
            + size_of_val(&*record.groups)
            + tags(&record.tags)
    }
}

impl Group {
    /// How many bytes of memory the group takes, at most.
    pub(super) fn size(&self) -> usize {
        let record = &self.record;
        size_of::<Self>()
            + record.name.len()
            + record.path.len()
            + held(&self.inline, &record.policies)
    }
}

impl Role {
    /// How many bytes of memory the role takes, at most.
    pub(super) fn size(&self) -> usize {
        let record = &self.record;
        size_of::<Self>()
            + record.name.len()
            + record.path.len()
            + record.description.as_ref().map_or(0, String::len)
            + record.assume_role_policy_document.len()
            + self.trust.as_ref().map_or(0, |policy| policy.size())
            + boundary(record.permissions_boundary.as_ref())
            + held(&self.inline, &record.policies)
            + tags(&record.tags)
    }
}

impl CustomerPolicy {
    /// How many bytes of memory the policy takes with all its versions, at most.
    pub(super) fn size(&self) -> usize {
        let record = &self.record;
        let versions = record.versions.values().map(|version| ENTRY + version.document.len());
        size_of::<Self>()
            + record.name.len()
            + record.path.len()
            + record.description.as_ref().map_or(0, String::len)
            + versions.sum::<usize>()
            + self.document.as_ref().map_or(0, |policy| policy.size())
            + tags(&record.tags)
    }
}

impl Membership {
    /// How many bytes of memory the place takes with the control policies over it, but without the rest of
    /// the organisation, at most.
    pub(super) fn size(&self) -> usize {
        let levels = self.service_control().iter().chain(self.resource_control());
        let levels = levels.map(|level| {
            let policies = level.policies.iter().map(|control| {
                let compiled = control.policy.as_ref().map_or(0, |policy| policy.size());
                ENTRY + control.arn.len() + control.name.len() + compiled
            });
            ENTRY + level.target.len() + policies.sum::<usize>()
        });
        ENTRY + size_of::<Self>() + self.path().len() + levels.sum::<usize>()
    }
}

fn held(inline: &[InlinePolicy], held: &HeldPolicies) -> usize {
    let inline = inline.iter().map(|inline| {
        ENTRY + inline.name.len() + inline.policy.as_ref().map_or(0, |policy| policy.size())
    });
    let documents = held.inline.iter().map(|(name, text)| ENTRY + name.len() + text.len());
    let attached = held.attached.iter().map(|arn| ENTRY + arn.as_str().len());
    inline.chain(documents).chain(attached).sum()
}

fn boundary(arn: Option<&Arn>) -> usize {
    arn.map_or(0, |arn| arn.as_str().len())
}

fn tags(tags: &Tags) -> usize {
    tags.iter().map(|(key, value)| ENTRY + key.len() + value.len()).sum()
}

/// What an element of a list or a map takes beside its texts.
const ENTRY: usize = 256;
