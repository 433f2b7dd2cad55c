//! Actions: their form, and whether there are such actions.

use std::ops::Range;

use daypass_ident::{eq_ignore_case, fold_case};

use super::nearest::nearest;
use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::PolicyKind;
use crate::pattern::ActionPatterns;
use crate::validate::TRUST_ACTIONS;

/// What a statement's actions are, as far as the vocabulary knows.
#[derive(Default)]
pub(super) struct Actions<'a> {
    patterns: Vec<ActionPattern<'a>>,
    /// Whether there may be others than those of the patterns: `NotAction`, `*`, and whatever has
    /// been complained of.
    open: bool,
    /// `NotAction`: the patterns are of what the statement is not about.
    negated: bool,
}

/// An action or a pattern of a service's actions.
pub(super) struct ActionPattern<'a> {
    pub(super) text: String,
    pub(super) span: Range<usize>,
    pub(super) service: String,
    /// The actions that match, at least one.
    pub(super) names: Vec<&'a str>,
}

impl<'a> Actions<'a> {
    /// The patterns, if they are all that the statement is about.
    pub(super) fn all(&self) -> Option<&[ActionPattern<'a>]> {
        (!self.open && !self.patterns.is_empty()).then_some(&*self.patterns)
    }

    /// The patterns that are understood and that the statement is about.
    pub(super) fn known(&self) -> &[ActionPattern<'a>] {
        if self.negated { &[] } else { &self.patterns }
    }

    /// The services that the statement surely speaks of, each once.
    pub(super) fn services(&self) -> Vec<&str> {
        let mut services: Vec<_> = self.patterns.iter().map(|p| &*p.service).collect();
        services.sort_unstable();
        services.dedup();
        services
    }
}

/// Judges the actions, and resolves their patterns.
pub(super) fn check<'a>(statement: &Statement<'_>, report: &mut Report<'a>) -> Actions<'a> {
    let mut actions = Actions::default();
    let Some(values) = statement.actions() else { return Actions { open: true, ..actions } };
    (actions.open, actions.negated) = (values.negated, values.negated);
    for (text, span) in values.texts() {
        match one(text, span, report) {
            Some(pattern) => actions.patterns.push(pattern),
            None => actions.open = true,
        }
    }
    actions
}

fn one<'a>(text: &str, span: &Range<usize>, report: &mut Report<'a>) -> Option<ActionPattern<'a>> {
    if report.kind == PolicyKind::Trust && !text.contains("${") && !TRUST_ACTIONS.contains(&text) {
        let message = "a trust policy has the actions only by which a role is assumed, in full";
        let meant = nearest(text, TRUST_ACTIONS);
        report
            .add(&rule::INVALID_ACTION, span, message)
            .help("such as `sts:AssumeRole`")
            .meant(meant);
        return None;
    }
    if text == "*" {
        return None;
    }
    if text.contains("${") {
        let message = "variables are plain text in actions";
        report.add(&rule::VARIABLE_OUT_OF_PLACE, span, message);
        return None;
    }
    let Some((service, name)) = text.split_once(':') else {
        let message = "an action is written `service:Name`";
        report.add(&rule::INVALID_ACTION, span, message);
        return None;
    };
    if name.contains(':') {
        report.add(&rule::INVALID_ACTION, span, "an action has one colon");
        return None;
    }
    if service.contains(['*', '?']) {
        if report.is_strict() {
            let finding =
                report.add(&rule::INVALID_ACTION, span, "the service of an action has no wildcard");
            finding.help("name the service, or write `*` alone for every action");
        }
        return None;
    }
    let vocabulary = report.vocabulary;
    let Some(known) = vocabulary.actions(service) else {
        let services = vocabulary.services();
        if !services.is_empty() {
            let message = format!("AWS has no service `{service}`");
            report.add(&rule::UNKNOWN_SERVICE, span, message).meant(nearest(service, services));
        }
        return None;
    };
    let pattern = name.contains(['*', '?']).then(|| ActionPatterns::new([name]));
    let matches = |known: &&str| match &pattern {
        Some(pattern) => pattern.matches(known),
        None => eq_ignore_case(known, name),
    };
    let names: Vec<_> = known.iter().copied().filter(matches).collect();
    if names.is_empty() {
        unknown(service, name, span, &known, report);
        return None;
    }
    let (text, service) = (text.to_owned(), fold_case(service).into_owned());
    Some(ActionPattern { text, span: span.clone(), service, names })
}

fn unknown(
    service: &str,
    name: &str,
    span: &Range<usize>,
    known: &[&str],
    report: &mut Report<'_>,
) {
    if name.contains(['*', '?']) {
        let message = format!("no action of `{service}` matches `{name}`");
        report.add(&rule::UNMATCHED_ACTION_PATTERN, span, message);
        return;
    }
    let message = format!("`{service}` has no action `{name}`");
    let meant = nearest(name, known.iter().copied()).map(|name| format!("{service}:{name}"));
    report.add(&rule::UNKNOWN_ACTION, span, message).meant(meant.as_deref());
}
