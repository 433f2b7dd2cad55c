//! That a walk leaves nothing out.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::json;

use super::Walk;
use crate::conformance::call::Who;
use crate::conformance::expect;
use crate::facts::Facts;

impl Walk {
    /// Every operation of STS, and every one of IAM, was answered, or is none that the client has. Of those clients that
    /// do not try all of IAM, what STS needs of it is wanted.
    pub(super) fn nothing_left_out(&mut self) -> Result<()> {
        let mut left_out = Vec::new();
        let root = self.root.clone();
        for (service, operation) in wanted(self.is_complete)? {
            if !self.answered.contains(&operation) {
                let outcome = self.call(Who::Keys(&root), service, &operation, json!({}))?;
                match expect::answer_if_known(outcome) {
                    Ok(None) => {}
                    _ => left_out.push(operation),
                }
            }
        }
        ensure!(left_out.is_empty(), "not answered in any step: {}", left_out.join(", "));
        Ok(())
    }
}

/// The operations, as far as they are built; all of them, or those that STS needs.
fn wanted(all: bool) -> Result<BTreeSet<(&'static str, String)>> {
    let mut wanted = BTreeSet::new();
    let of_iam = if all { &[""][..] } else { &FAMILIES[..] };
    for (service, families) in [("sts", &[""][..]), ("iam", of_iam)] {
        let facts = Facts::read(service)?;
        let built = facts.operations.keys();
        let in_family = built.filter(|name| families.iter().any(|family| name.contains(family)));
        wanted.extend(in_family.map(|name| (service, name.clone())));
    }
    Ok(wanted)
}

/// What the names of IAM's operations have in them that STS needs.
const FAMILIES: [&str; 5] = [
    "MFADevice",
    "OpenIDConnectProvider",
    "SAMLProvider",
    "OutboundWebIdentityFederation",
    "Delegation",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_sts_is_wanted_and_some_of_iam() {
        let of_sts = wanted(false).unwrap();
        assert_eq!(of_sts.iter().filter(|(service, _)| *service == "sts").count(), 11);
        assert!(of_sts.contains(&("iam", "ResyncMFADevice".to_owned())));
        assert!(!of_sts.contains(&("iam", "CreateUser".to_owned())));
        assert!(wanted(true).unwrap().contains(&("iam", "CreateUser".to_owned())));
    }
}
