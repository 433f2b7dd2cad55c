use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use daypass_policy::{Policy, PolicyKind};

/// AWS managed policies as far as somebody has asked for them, compiled once each.
///
/// Bounded by the catalogue: an ARN that is not in it is not kept.
pub(crate) struct ManagedPolicies(ArcSwap<imbl::HashMap<Box<str>, Arc<Policy>>>);

impl ManagedPolicies {
    pub(crate) fn get(&self, arn: &str) -> Option<Arc<Policy>> {
        if let Some(policy) = self.0.load().get(arn) {
            return Some(Arc::clone(policy));
        }
        let entry = daypass_catalog::managed_policy(arn)?;
        let policy = Policy::parse(PolicyKind::Managed, entry.document()).ok().map(Arc::new)?;
        self.0.rcu(|known| known.update(arn.into(), Arc::clone(&policy)));
        Some(policy)
    }
}

impl Default for ManagedPolicies {
    fn default() -> Self {
        Self(ArcSwap::from_pointee(imbl::HashMap::new()))
    }
}

impl fmt::Debug for ManagedPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedPolicies").field("compiled", &self.0.load().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_of_the_catalogue_is_understood() {
        let managed = ManagedPolicies::default();
        for entry in daypass_catalog::managed_policies() {
            let policy = managed.get(entry.arn).unwrap_or_else(|| panic!("{} is lost", entry.arn));
            for statement in policy.statements() {
                assert!(statement.is_understood(), "{}: {:?}", entry.arn, statement.sid());
            }
        }
        assert!(managed.get("arn:aws:iam::aws:policy/NoSuchPolicy").is_none());
    }
}
