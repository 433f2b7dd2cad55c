//! That a walk leaves nothing out.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::json;

use super::Walk;
use crate::codegen;
use crate::conformance::call::Who;
use crate::conformance::expect;
use crate::facts::Facts;

impl Walk {
    /// Every operation of STS, and every one of IAM about what STS needs, was answered, or is none that the
    /// client has.
    pub(super) fn nothing_left_out(&mut self) -> Result<()> {
        let mut left_out = Vec::new();
        let root = self.root.clone();
        for (service, operation) in wanted()? {
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

/// The operations, as far as they are built.
fn wanted() -> Result<BTreeSet<(&'static str, String)>> {
    let mut wanted = BTreeSet::new();
    for (service, families) in [("sts", &[""][..]), ("iam", &FAMILIES)] {
        let facts = Facts::read(service)?;
        let not_yet = codegen::not_yet(&facts)?;
        let built = facts.operations.keys().filter(|name| !not_yet.contains_key(*name));
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
        let wanted = wanted().unwrap();
        assert_eq!(wanted.iter().filter(|(service, _)| *service == "sts").count(), 11);
        assert!(wanted.contains(&("iam", "ResyncMFADevice".to_owned())));
        assert!(!wanted.contains(&("iam", "CreateUser".to_owned())));
    }
}
