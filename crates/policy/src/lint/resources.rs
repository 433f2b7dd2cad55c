//! Resources: whether they are ones that the actions are done to.

use std::collections::BTreeSet;
use std::ops::Range;

use super::actions::{ActionPattern, Actions};
use super::overlap::Shape;
use super::report::Report;
use super::rule;
use super::statement::Statement;
use super::variables::has_early_variable;
use crate::PolicyKind;
use crate::validate::is_legacy_resource;

pub(super) fn check(statement: &Statement<'_>, actions: &Actions<'_>, report: &mut Report<'_>) {
    let Some(values) = statement.resources() else { return };
    let fine = |(text, span): &(&str, &Range<usize>)| {
        form(text, span, report) && !has_early_variable(text)
    };
    let well_formed = values.texts().filter(fine).count();
    if well_formed != values.member.value.as_list().len() || values.negated {
        return;
    }
    let resources: Vec<_> =
        values.texts().map(|(text, span)| (Arn::of_policy(text), text, span)).collect();
    if !resources.iter().any(|(_, text, _)| *text == "*") {
        actions_without(&resources, actions.known(), report);
    }
    if let Some(patterns) = actions.all() {
        mismatches(&resources, patterns, report);
    }
}

/// Whether a resource is an ARN or `*`.
fn form(text: &str, span: &Range<usize>, report: &mut Report<'_>) -> bool {
    let well_formed = text == "*" || text.starts_with("arn:");
    if !well_formed {
        let message = "a resource is an ARN or `*`";
        let refused = report.is_strict();
        report.add(&rule::INVALID_RESOURCE, span, message).refused_if(refused);
        return false;
    }
    let of_identities = matches!(report.kind, PolicyKind::Identity | PolicyKind::Inline);
    if of_identities && !is_legacy_resource(text) && !has_early_variable(text) {
        let message = "a field of this ARN is missing, or is no region or no account";
        let finding = report.add(&rule::INVALID_RESOURCE, span, message).refused_if(true);
        finding.help("a region or an account is left empty, written out, or has wildcards");
        return false;
    }
    true
}

/// A resource of the statement: what it matches, its text, and where it stands.
type Resource<'d> = (Option<Arn>, &'d str, &'d Range<usize>);

/// The actions that none of the resources is for.
fn actions_without(
    resources: &[Resource<'_>],
    actions: &[ActionPattern<'_>],
    report: &mut Report<'_>,
) {
    for action in actions {
        let arns = arns(action, report);
        let used = arns.iter().any(|arn| {
            let arn = Arn::of_documentation(arn);
            resources.iter().any(|(resource, ..)| resource.meets(&arn))
        });
        if used {
            continue;
        }
        // The shortest pattern is that of the kind that the others are parts or views of.
        let (message, help) = match arns.into_iter().min_by_key(|arn| arn.len()) {
            Some(arn) => (
                format!("`{}` is done to no resource of this statement", action.text),
                format!("its resources are like {arn}"),
            ),
            None => (
                format!("AWS names no resource for `{}` but `*`", action.text),
                "give it a statement of its own, with \"Resource\": \"*\"".to_owned(),
            ),
        };
        report.add(&rule::ACTION_WITHOUT_RESOURCE, &action.span, message).help(help);
    }
}

/// The resources that none of the actions is for.
fn mismatches(resources: &[Resource<'_>], actions: &[ActionPattern<'_>], report: &mut Report<'_>) {
    let documented: BTreeSet<_> = actions.iter().flat_map(|action| arns(action, report)).collect();
    let documented: Vec<_> = documented.into_iter().map(Arn::of_documentation).collect();
    // Where no action has resources, the actions are complained of.
    if documented.is_empty() {
        return;
    }
    for (resource, text, span) in resources {
        if *text != "*" && !documented.iter().any(|arn| resource.meets(arn)) {
            let message = "none of the statement's actions is done to such a resource";
            report.add(&rule::RESOURCE_MISMATCH, span, message);
        }
    }
}

/// What the actions of a pattern are done to, each once.
fn arns<'a>(action: &ActionPattern<'a>, report: &Report<'a>) -> BTreeSet<&'a str> {
    let vocabulary = report.vocabulary;
    let arns = |name: &&'a str| vocabulary.resource_arns(&action.service, name);
    action.names.iter().flat_map(arns).collect()
}

/// An ARN's fields, each a pattern of its own, as resources are matched.
struct Arn([Shape; 6]);

impl Arn {
    /// `*` and whatever is too long to be the ARN of anything meet all; fields that are missing are
    /// as good as `*`.
    fn of_policy(text: &str) -> Option<Self> {
        let text = if text == "*" || text.len() > LONGEST { "" } else { text };
        (!text.is_empty()).then(|| Self::new(text, Shape::of_policy))
    }

    fn of_documentation(text: &str) -> Self {
        Self::new(text, Shape::of_documentation)
    }

    fn new(text: &str, shape: fn(&str) -> Shape) -> Self {
        let mut fields = text.splitn(6, ':');
        Self(std::array::from_fn(|_| shape(fields.next().unwrap_or("*"))))
    }
}

trait Meets {
    fn meets(&self, other: &Arn) -> bool;
}

impl Meets for Option<Arn> {
    fn meets(&self, other: &Arn) -> bool {
        let Some(arn) = self else { return true };
        arn.0.iter().zip(&other.0).all(|(a, b)| a.meets(b))
    }
}

/// Beyond this many bytes nothing is an ARN of AWS.
const LONGEST: usize = 2048;
