use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;

use daypass_model::iam::{
    EvaluationResult, OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail,
    PolicyEvaluationDecisionType as Decision, Position, ResourceSpecificResult, Statement,
};

/// What comes of one action on one resource.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) decision: Decision,
    /// The statements that decide.
    pub(super) matched: Vec<Statement>,
    /// The condition keys that policies ask for and the request does not have.
    pub(super) missing: Vec<String>,
    /// What the service control policies say, where there are some.
    pub(super) by_organizations: Option<bool>,
    /// What the permissions boundary says, where there is one.
    pub(super) by_boundary: Option<bool>,
    /// What each kind of policy says, where caller and resource are of two accounts.
    pub(super) details: Option<Details>,
}

/// Decisions by the kinds of policies that make them.
pub(super) type Details = BTreeMap<String, Decision>;

impl Outcome {
    /// The answer for an action on all resources at once.
    pub(super) fn on_everything(self, action: &str, template: &str) -> EvaluationResult {
        EvaluationResult {
            eval_action_name: action.to_owned(),
            eval_resource_name: Some(template.to_owned()),
            eval_decision: self.decision,
            matched_statements: Some(self.matched),
            missing_context_values: Some(self.missing),
            organizations_decision_detail: self.by_organizations.map(organizations),
            permissions_boundary_decision_detail: self.by_boundary.map(boundary),
            eval_decision_details: None,
            resource_specific_results: None,
        }
    }

    /// The answer for one of several resources.
    pub(super) fn on_resource(self, resource: &str) -> ResourceSpecificResult {
        ResourceSpecificResult {
            eval_resource_name: resource.to_owned(),
            eval_resource_decision: self.decision,
            matched_statements: Some(self.matched),
            missing_context_values: Some(self.missing),
            eval_decision_details: self.details,
            permissions_boundary_decision_detail: self.by_boundary.map(boundary),
        }
    }

    /// The answer for an action on several resources: as bad as for the worst of them, with the
    /// statements that make it so.
    pub(super) fn sum(action: &str, template: &str, outcomes: &[(&str, Self)]) -> EvaluationResult {
        let all = || outcomes.iter().map(|(_, outcome)| outcome);
        let decision = worst(all().map(|outcome| outcome.decision));
        let decisive = all().filter(|outcome| outcome.decision == decision);
        let mut details = Details::new();
        for (kind, decision) in all().filter_map(|outcome| outcome.details.as_ref()).flatten() {
            let sum = details.entry(kind.clone()).or_insert(*decision);
            *sum = worst([*sum, *decision]);
        }
        let ended_early = all().any(|outcome| outcome.by_organizations == Some(false));
        EvaluationResult {
            eval_action_name: action.to_owned(),
            eval_resource_name: Some(template.to_owned()),
            eval_decision: decision,
            matched_statements: Some(distinct(
                decisive.flat_map(|outcome| &outcome.matched),
                place_of,
            )),
            missing_context_values: Some(distinct(
                all().flat_map(|outcome| &outcome.missing),
                String::as_str,
            )),
            organizations_decision_detail: every(all().map(|outcome| outcome.by_organizations))
                .map(organizations),
            permissions_boundary_decision_detail: every(all().map(|outcome| outcome.by_boundary))
                .map(boundary),
            // Within one account there are none, which IAM says with an empty list.
            eval_decision_details: (!ended_early).then_some(details),
            resource_specific_results: None,
        }
    }
}

/// The most restrictive of some decisions.
pub(super) fn worst(decisions: impl IntoIterator<Item = Decision>) -> Decision {
    let restriction = |decision: &Decision| match decision {
        Decision::Allowed => 0,
        Decision::ImplicitDeny => 1,
        Decision::ExplicitDeny => 2,
    };
    decisions.into_iter().max_by_key(restriction).unwrap_or(Decision::ImplicitDeny)
}

/// Whether all say yes; `None` when nobody is asked.
fn every(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers.flatten().reduce(|all, one| all && one)
}

/// Each item once, by what tells it from others.
fn distinct<'a, T: Clone + 'a, K: Eq + Hash>(
    items: impl Iterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<T> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(key(item))).cloned().collect()
}

/// Where a statement stands: in which policy, from and to which line and column.
fn place_of(statement: &Statement) -> (Option<&str>, [Option<i32>; 4]) {
    let line_and_column = |at: &Option<Position>| {
        at.as_ref().map_or([None; 2], |Position { line, column }| [*line, *column])
    };
    let [from_line, from_column] = line_and_column(&statement.start_position);
    let [to_line, to_column] = line_and_column(&statement.end_position);
    (statement.source_policy_id.as_deref(), [from_line, from_column, to_line, to_column])
}

fn organizations(allowed: bool) -> OrganizationsDecisionDetail {
    OrganizationsDecisionDetail { allowed_by_organizations: Some(allowed) }
}

fn boundary(allowed: bool) -> PermissionsBoundaryDecisionDetail {
    PermissionsBoundaryDecisionDetail { allowed_by_permissions_boundary: Some(allowed) }
}
