use std::ops::Range;

use daypass_ident::printable_line;

use super::rule::{Rule, Severity};
use super::{Finding, Vocabulary};
use crate::{PolicyKind, Version};

/// The document's circumstances, and what has been found in it.
pub(super) struct Report<'a> {
    pub(super) kind: PolicyKind,
    pub(super) text: &'a str,
    /// As far as it is known yet.
    pub(super) version: Version,
    pub(super) vocabulary: &'a dyn Vocabulary,
    /// Whether the vocabulary has any services.
    pub(super) knows_services: bool,
    findings: Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(kind: PolicyKind, text: &'a str, vocabulary: &'a dyn Vocabulary) -> Self {
        let knows_services = !vocabulary.services().is_empty();
        let (version, findings) = (Version::V2008, Vec::new());
        Self { kind, text, version, vocabulary, knows_services, findings }
    }

    /// Adds a finding, to which help may be added.
    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        span: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.findings.push_mut(Finding {
            rule,
            severity: rule.severity,
            span: span.clone(),
            message: printable_line(&message.into()).into_owned(),
            help: None,
            refusal: None,
        })
    }

    pub(super) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(super) fn findings_mut(&mut self) -> &mut [Finding] {
        &mut self.findings
    }

    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        let key = |finding: &Finding| (finding.span.start, finding.span.end);
        self.findings.sort_by_key(key);
        self.findings
    }

    /// Whether the document is read by the rules of identity policies, the strictest.
    pub(super) fn is_strict(&self) -> bool {
        matches!(
            self.kind,
            PolicyKind::Identity
                | PolicyKind::Inline
                | PolicyKind::ServiceControl
                | PolicyKind::ResourceControl
        )
    }

    /// Whether an `Allow` of the document gives anybody anything by itself.
    pub(super) fn grants(&self) -> bool {
        match self.kind {
            PolicyKind::Identity
            | PolicyKind::Inline
            | PolicyKind::Managed
            | PolicyKind::Trust
            | PolicyKind::Resource => true,
            PolicyKind::Session | PolicyKind::ServiceControl | PolicyKind::ResourceControl => false,
        }
    }

    /// Whether the document says whom it speaks of.
    pub(super) fn names_principals(&self) -> bool {
        matches!(self.kind, PolicyKind::Trust | PolicyKind::Resource | PolicyKind::ResourceControl)
    }
}

impl Finding {
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(printable_line(&help.into()).into_owned());
        self
    }

    /// Asks whether this was meant, if there is anything to ask.
    pub(super) fn meant(&mut self, name: Option<&str>) -> &mut Self {
        if let Some(name) = name {
            self.help = Some(format!("did you mean `{name}`?"));
        }
        self
    }

    /// AWS refuses the document for this if `refused`.
    pub(super) fn refused_if(&mut self, refused: bool) -> &mut Self {
        if refused {
            self.severity = Severity::Error;
        }
        self
    }
}
