//! What is wrong with a document, and what is probably not meant: more than AWS refuses to save.
//!
//! Every rule has a stable name ([`RULES`]). What services, actions, resources and condition keys
//! there are comes from a [`Vocabulary`], so that the rules themselves know of no service but IAM
//! and STS.
//!
//! ```
//! use daypass_policy::PolicyKind;
//! use daypass_policy::lint::{NoVocabulary, check};
//!
//! let text = r#"{"Version": "2012-10-17", "Statement":
//!     {"Effect": "Alow", "Action": "s3:GetObject", "Resource": "*"}}"#;
//! let findings = check(PolicyKind::Identity, text, &NoVocabulary);
//! let [finding] = findings.as_slice() else { panic!("{findings:?}") };
//! assert_eq!(finding.rule.id, "invalid-effect");
//! assert_eq!(text.get(finding.span.clone()), Some(r#""Alow""#));
//! assert_eq!(finding.help.as_deref(), Some("did you mean `Allow`?"));
//! assert_eq!(finding.refusal.as_ref().unwrap().to_string(), "Syntax errors in policy.");
//! ```

mod actions;
mod conditions;
mod coverage;
mod covering;
mod grammar;
mod grants;
mod guess;
mod keys;
mod lists;
mod nearest;
mod overlap;
mod principals;
mod refusal;
mod report;
mod resources;
mod rule;
mod size;
mod statement;
mod trust;
mod values;
mod variables;
mod vocabulary;

use std::ops::Range;

use crate::{Malformed, PolicyKind, json};
pub use guess::guess_kind;
pub use nearest::{nearest, nearest_service};
use report::Report;
pub use rule::{Category, RULES, Rule, Severity};
pub use vocabulary::{KeyFacts, KeyType, NoVocabulary, Vocabulary};

/// Everything that the rules find in a document of this kind, in the order of the text. If AWS
/// refuses the document, one of the findings is an error and says so.
#[must_use]
pub fn check(kind: PolicyKind, text: &str, vocabulary: &dyn Vocabulary) -> Vec<Finding> {
    let mut report = Report::new(kind, text, vocabulary);
    match json::parse(text) {
        Err(mistake) => grammar::not_json(text, mistake, &mut report),
        Ok(root) => {
            let statements = grammar::check(&root, &mut report);
            size::check(&root, &mut report);
            for statement in &statements {
                principals::check(statement, &mut report);
                let actions = actions::check(statement, &mut report);
                resources::check(statement, &actions, &mut report);
                conditions::check(statement, &actions, &mut report);
                variables::check(statement, &actions, &mut report);
                grants::check(statement, &mut report);
                trust::check(statement, &mut report);
                lists::check(statement, &mut report);
            }
            coverage::check(&statements, &mut report);
            refusal::check(&root, &mut report);
        }
    }
    report.into_findings()
}

/// Something about a document that its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad it is: the rule's severity, or `Error` where AWS refuses the document for it.
    pub severity: Severity,
    /// Where it is, in bytes of the text. It may be empty at the end of the text.
    pub span: Range<usize>,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What AWS answers when it is asked to save the document, on the finding that explains it.
    pub refusal: Option<Malformed>,
}
