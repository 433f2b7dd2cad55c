//! Whatever is given as a policy document.

use daypass_policy::{Policy, PolicyKind, packed_len};

/// The input is the document.
pub(crate) fn run(document: &[u8]) {
    let Ok(document) = std::str::from_utf8(document) else { return };
    // Packing makes nothing longer.
    assert!(packed_len(document).is_none_or(|packed| packed <= document.len()));
    for kind in [
        PolicyKind::Identity,
        PolicyKind::Inline,
        PolicyKind::Managed,
        PolicyKind::Trust,
        PolicyKind::Session,
        PolicyKind::Resource,
        PolicyKind::ServiceControl,
        PolicyKind::ResourceControl,
    ] {
        match Policy::parse(kind, document) {
            Ok(policy) => {
                assert_eq!(policy.text(), document);
                assert!(packed_len(document).is_some());
                for statement in policy.statements() {
                    let text = document.get(statement.span()).expect("a span within the document");
                    assert!(text.starts_with('{') && text.ends_with('}'), "{text:?}");
                }
                let keys = policy.condition_keys();
                for printed in [policy.to_string(), format!("{policy:#}")] {
                    let again = Policy::parse(kind, &printed).expect("the same policy");
                    assert_eq!(again.to_string(), policy.to_string());
                    assert_eq!(again.condition_keys(), keys);
                }
                let _ = policy.check_shared_providers();
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
