//! What operations demand beyond the model, from a table.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, ensure};
use serde::Deserialize;

/// The table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Beyond {
    value: Vec<Value>,
    rule: Vec<Rule>,
}

/// A text that is valid for a shape whose model tells less.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Value {
    shape: String,
    text: String,
    reason: String,
}

/// A complaint that an operation may make of an input that the model allows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    operation: String,
    says: String,
    reason: String,
    #[serde(skip)]
    is_used: AtomicBool,
}

impl Beyond {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// It is not as it should be.
    pub(super) fn read() -> Result<Self> {
        let beyond: Self = toml::from_str(include_str!("beyond.toml"))?;
        let reasons = beyond.value.iter().map(|value| &value.reason);
        for reason in reasons.chain(beyond.rule.iter().map(|rule| &rule.reason)) {
            ensure!(!reason.trim().is_empty(), "beyond.toml: an entry needs a reason");
        }
        Ok(beyond)
    }

    /// A valid text for a shape, if the table has one.
    pub(super) fn value(&self, shape: &str) -> Option<&str> {
        let value = self.value.iter().find(|value| value.shape == shape)?;
        Some(&value.text)
    }

    /// Whether an operation may complain in this way.
    pub(super) fn allows(&self, operation: &str, message: &str) -> bool {
        let Some(only) = message.strip_prefix("1 validation error detected: ") else {
            return false;
        };
        let is_meant = |rule: &&Rule| rule.operation == operation && only.ends_with(&rule.says);
        let Some(rule) = self.rule.iter().find(is_meant) else { return false };
        rule.is_used.store(true, Ordering::Relaxed);
        true
    }

    /// The operations of the rules that nothing was allowed by.
    pub(super) fn unused(&self) -> Vec<&str> {
        let unused = self.rule.iter().filter(|rule| !rule.is_used.load(Ordering::Relaxed));
        unused.map(|rule| rule.operation.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_about_one_operation_and_one_complaint() {
        let beyond = Beyond::read().unwrap();
        let complaint = "1 validation error detected: Value at 'status' failed to satisfy \
                         constraint: Member must satisfy enum value set";
        let all = beyond.unused().len();
        assert!(!beyond.allows("UpdateSigningCertificate", complaint));
        assert!(!beyond.allows("UpdateAccessKey", &complaint.replace("status", "other")));
        assert_eq!(beyond.unused().len(), all);
        assert!(beyond.allows("UpdateAccessKey", complaint));
        assert_eq!(beyond.unused().len(), all - 1);
    }
}
