//! The quotas on the length of documents.

use super::report::Report;
use super::rule;
use crate::PolicyKind;
use crate::json::Node;

pub(super) fn check(root: &Node<'_>, report: &mut Report<'_>) {
    let (length, kind) = (report.kind.size_of(report.text), report.kind);
    let Some(limit) = kind.max_size().filter(|limit| length > *limit) else { return };
    let span = root.span.start..root.span.start + 1;
    let message = format!("the document has {length} characters, and {limit} are the most");
    let finding = report.add(&rule::SIZE_OVER_QUOTA, &span, message);
    match kind {
        PolicyKind::Identity if length <= ROLE_INLINE => {
            finding.help(format!("the inline policies of a role may have {ROLE_INLINE} together"));
        }
        PolicyKind::Trust => {
            finding.help("an account may ask AWS for a higher quota");
        }
        _ => {}
    }
}

/// What the inline policies of a role may have together (IAM User Guide, "IAM and AWS STS
/// quotas").
const ROLE_INLINE: usize = 10_240;
