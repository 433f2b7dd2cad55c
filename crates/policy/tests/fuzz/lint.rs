//! Whatever is given to be looked through for mistakes.

use daypass_policy::lint::{NoVocabulary, RULES, Vocabulary, check, guess_kind};
use daypass_policy::{Malformed, Policy, PolicyKind};

use crate::vocabulary::Small;

/// The input is the document. Of whichever kind it is taken for, AWS's refusal is told once, and every
/// finding is of a known rule, at a place in the text, with something to say in one line.
pub(crate) fn run(document: &[u8]) {
    let Ok(document) = std::str::from_utf8(document) else { return };
    let guessed = guess_kind(document);
    for kind in [guessed, PolicyKind::Managed, PolicyKind::ServiceControl] {
        for vocabulary in [&Small as &dyn Vocabulary, &NoVocabulary] {
            let saved = Policy::parse(kind, document).and_then(|policy| match kind {
                PolicyKind::Trust => policy
                    .check_shared_providers()
                    .and_then(|()| policy.check_services(|it| vocabulary.is_service_principal(it))),
                _ => Ok(()),
            });
            let refusal = saved.err();
            if let Some(Malformed::Partition { partition, .. }) = &refusal
                && partition.starts_with("aws-")
            {
                // The document is judged as for an account of that partition.
                continue;
            }
            let findings = check(kind, document, vocabulary);
            let told: Vec<_> = findings.iter().filter_map(|it| it.refusal.as_ref()).collect();
            assert_eq!(told, refusal.iter().collect::<Vec<_>>(), "{kind:?}");
            assert!(findings.is_sorted_by_key(|it| it.span.start), "{kind:?}: {findings:?}");
            for finding in &findings {
                assert!(RULES.iter().any(|rule| rule.id == finding.rule.id), "{finding:?}");
                assert!(document.get(finding.span.clone()).is_some(), "{finding:?}");
                let said = [Some(&finding.message), finding.help.as_ref()];
                for said in said.into_iter().flatten() {
                    assert!(!said.is_empty() && !said.contains('\n'), "{finding:?}");
                }
            }
        }
    }
}
