//! Whatever is given as a policy document.

use daypass_policy::{Policy, PolicyKind};

/// The input is the document.
pub(crate) fn run(document: &[u8]) {
    let Ok(document) = std::str::from_utf8(document) else { return };
    for kind in [
        PolicyKind::Identity,
        PolicyKind::Managed,
        PolicyKind::Trust,
        PolicyKind::Session,
        PolicyKind::Resource,
    ] {
        match Policy::parse(kind, document) {
            Ok(policy) => {
                assert_eq!(policy.text(), document);
                for statement in policy.statements() {
                    let text = document.get(statement.span()).expect("a span within the document");
                    assert!(text.starts_with('{') && text.ends_with('}'), "{text:?}");
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
