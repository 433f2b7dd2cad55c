use std::collections::HashSet;

use daypass_ident::fold_case;
use daypass_model::ServiceError;
use daypass_model::iam::{EvaluationResult, PolicyEvaluationDecisionType as Decided, Statement};
use daypass_policy::{
    ConditionContext, Decision, Denial, Effect, Level, NamedPolicy, Policies, PolicyType, Request,
    decide,
};

use super::action::SimulatedAction;
use super::bounds;
use super::outcome::{Details, Outcome, worst};
use super::policy::SimulatedPolicy;
use super::resource_side::{OnResource, ResourceSide};
use super::scenario::Scenario;
use crate::errors::InvalidInput;
use crate::pagination::{Page, Paging};

/// A scenario and the policies that bear on it.
#[derive(Debug)]
pub(super) struct Simulation<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) identity: Vec<SimulatedPolicy<'a>>,
    pub(super) boundary: Option<SimulatedPolicy<'a>>,
    /// Level by level from the root of the organisation; empty outside of every organisation.
    pub(super) service_control: Vec<Level<'a>>,
    pub(super) resource_side: ResourceSide<'a>,
}

impl Simulation<'_> {
    /// What comes of the actions, a page at a time. Only the actions of the page are decided, as
    /// many as [`bounds`] leave room for; before each decision `go_on` is asked whether to go on.
    ///
    /// # Errors
    /// `InvalidInput` for a name that is no action, and where there is no room for one result;
    /// `ValidationError` for a foreign marker; what `go_on` says.
    pub(super) fn results(
        &self,
        action_names: &[String],
        paging: Paging<'_>,
        go_on: &dyn Fn() -> Result<(), ServiceError>,
    ) -> Result<Page<EvaluationResult>, ServiceError> {
        let actions = action_names.iter().map(|name| SimulatedAction::find(name));
        let actions: Vec<_> = actions.collect::<Result<_, _>>()?;
        let page_of = |size| {
            let paging = Paging { max_items: Some(size), ..paging };
            paging.page(actions.iter().enumerate(), |(at, _)| format!("{at:09}"))
        };
        let page = page_of(self.page_size(paging.max_items)?)?;
        let mut results = Vec::new();
        let mut room = bounds::MOST_ANSWER;
        for (_, action) in &page.items {
            match self.result(**action, room, go_on)? {
                Some((result, size)) => {
                    results.push(result);
                    room -= size;
                }
                None if results.is_empty() => return Err(InvalidInput::SimulationTooLarge.into()),
                None => {
                    let size = i32::try_from(results.len()).unwrap_or(i32::MAX);
                    return Ok(Page { items: results, marker: page_of(size)?.marker });
                }
            }
        }
        Ok(Page { items: results, marker: page.marker })
    }

    /// How many results there is time for.
    fn page_size(&self, max_items: Option<i32>) -> Result<i32, InvalidInput<'static>> {
        let decisions = self.scenario.resources.len().max(1);
        let controls = self.service_control.iter().copied().flatten();
        let bytes = self.identity.iter().chain(&self.boundary).map(SimulatedPolicy::len);
        let bytes = bytes.chain(controls.map(|control| control.policy.text().len()));
        let bytes = bytes.sum::<usize>() + self.resource_side.given_len();
        let work = bounds::work_per_decision(bytes, self.scenario.values_per_key);
        let in_time = bounds::MOST_WORK / work.saturating_mul(decisions);
        match in_time.min(bounds::MOST_DECISIONS / decisions) {
            0 => Err(InvalidInput::SimulationTooLarge),
            most => Ok(max_items.unwrap_or(DEFAULT_PAGE).min(most.try_into().unwrap_or(i32::MAX))),
        }
    }

    /// What comes of an action, and about how many bytes it takes; `None` if these are more than
    /// `room`.
    fn result(
        &self,
        action: SimulatedAction<'_>,
        room: usize,
        go_on: &dyn Fn() -> Result<(), ServiceError>,
    ) -> Result<Option<(EvaluationResult, usize)>, ServiceError> {
        let resources = &self.scenario.resources;
        let template = action.resource_template(resources);
        let fitting = |result, size| Ok((size <= room).then_some((result, size)));
        if resources.is_empty() {
            go_on()?;
            let result = self.outcome(action.name, "*")?.on_everything(action.name, template);
            let size = bounds::size_of_sum(&result);
            return fitting(result, size);
        }
        let mut outcomes = Vec::new();
        let mut size = 0;
        for resource in resources {
            go_on()?;
            let outcome = self.outcome(action.name, resource)?;
            size += bounds::size_of_outcome(resource, &outcome);
            if size > room {
                return Ok(None);
            }
            outcomes.push((resource.as_str(), outcome));
        }
        let mut result = Outcome::sum(action.name, template, &outcomes);
        size += bounds::size_of_sum(&result);
        let each = outcomes.into_iter().map(|(resource, outcome)| outcome.on_resource(resource));
        result.resource_specific_results = Some(each.collect());
        fitting(result, size)
    }

    fn outcome(&self, action: &str, resource: &str) -> Result<Outcome, ServiceError> {
        let on_resource = self.resource_side.policy_of(self.scenario, action, resource)?;
        let on_resource = on_resource.as_ref();
        let request = self.scenario.request(action, resource);
        let identity: Vec<_> = self.identity.iter().map(SimulatedPolicy::named).collect();
        let controls = Policies { service_control: &self.service_control, ..Policies::default() };
        let policies = Policies {
            identity: &identity,
            boundary: self.boundary.as_ref().map(SimulatedPolicy::named),
            resource: on_resource.map(OnResource::named),
            resource_account: on_resource.map(|on_resource| on_resource.account),
            ..controls
        };
        let (decision, by) = match decide(&request, &policies) {
            Decision::Allowed { .. } => (Decided::Allowed, None),
            Decision::Denied(Denial { by, explicit: Some(_) }) => (Decided::ExplicitDeny, Some(by)),
            Decision::Denied(Denial { by, explicit: None }) => (Decided::ImplicitDeny, Some(by)),
        };
        let controlled = by == Some(PolicyType::ServiceControl);
        let by_organizations = (!self.service_control.is_empty())
            .then(|| !controlled && !is_controlled(&request, &controls));
        Ok(Outcome {
            decision,
            // Statements of service control policies are not shown.
            matched: if controlled {
                Vec::new()
            } else {
                self.matched(&request, decision, on_resource)
            },
            missing: self.missing(on_resource),
            by_organizations,
            by_boundary: self
                .boundary
                .as_ref()
                .map(|boundary| verdict([boundary.named()], &request) == Decided::Allowed),
            details: on_resource
                .filter(|on_resource| {
                    on_resource.account != self.scenario.caller.principal.account()
                        && by_organizations != Some(false)
                })
                .map(|on_resource| self.details(&request, &identity, on_resource)),
        })
    }

    /// The statements that decide: those that deny, or where nothing does, those that allow.
    fn matched(
        &self,
        request: &Request<'_>,
        decision: Decided,
        on_resource: Option<&OnResource<'_, '_>>,
    ) -> Vec<Statement> {
        let effect = match decision {
            Decided::Allowed => Effect::Allow,
            Decided::ExplicitDeny => Effect::Deny,
            Decided::ImplicitDeny => return Vec::new(),
        };
        // What a boundary allows is not thereby allowed.
        let boundary = self.boundary.iter().filter(|_| effect == Effect::Deny);
        let policies =
            self.identity.iter().chain(on_resource.map(OnResource::policy)).chain(boundary);
        let matched = policies.flat_map(|policy| policy.matched(request, effect));
        matched.take(bounds::MOST_NAMED).collect()
    }

    /// The keys that the identity's and the resource's policies name, whatever statement of theirs
    /// names them, and that the scenario does not have.
    fn missing(&self, on_resource: Option<&OnResource<'_, '_>>) -> Vec<String> {
        let policies = self.identity.iter().chain(on_resource.map(OnResource::policy));
        let is_missing = |key: &&String| self.scenario.context.get(&fold_case(key)).is_none();
        let keys = policies.flat_map(SimulatedPolicy::keys).filter(is_missing);
        distinct_keys(keys.take(bounds::MOST_NAMED).cloned())
    }

    /// What each kind of policy says by itself.
    fn details(
        &self,
        request: &Request<'_>,
        identity: &[NamedPolicy<'_>],
        on_resource: &OnResource<'_, '_>,
    ) -> Details {
        let boundary = self.boundary.as_ref().map(|boundary| [boundary.named()]);
        let on_resource = [on_resource.policy().named()];
        [
            (IDENTITY, Some(identity)),
            (RESOURCE, Some(&on_resource[..])),
            (BOUNDARY, boundary.as_ref().map(|boundary| &boundary[..])),
        ]
        .into_iter()
        .filter_map(|(kind, policies)| {
            Some((kind.to_owned(), verdict(policies?.iter().copied(), request)))
        })
        .collect()
    }
}

/// The names of keys, each once, whatever their case.
pub(super) fn distinct_keys(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(fold_case(name).into_owned())).collect()
}

/// Whether the service control policies refuse a request by themselves.
fn is_controlled(request: &Request<'_>, controls: &Policies<'_>) -> bool {
    let decision = decide(request, controls);
    matches!(decision, Decision::Denied(Denial { by: PolicyType::ServiceControl, .. }))
}

/// What some policies say together.
fn verdict<'p>(
    policies: impl IntoIterator<Item = NamedPolicy<'p>>,
    request: &Request<'_>,
) -> Decided {
    let mut allowed = false;
    for NamedPolicy { policy, .. } in policies {
        let verdict = policy.evaluate(request);
        if verdict.denied_by.is_some() {
            return Decided::ExplicitDeny;
        }
        allowed |= verdict.allowed_by.is_some();
    }
    if allowed { Decided::Allowed } else { worst([]) }
}

const DEFAULT_PAGE: i32 = 100;
const IDENTITY: &str = "IAM Policy";
const RESOURCE: &str = "Resource Policy";
const BOUNDARY: &str = "Permissions Boundary Policy";
