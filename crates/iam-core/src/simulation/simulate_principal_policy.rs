use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{SimulatePrincipalPolicyInput, SimulatePrincipalPolicyOutput};
use daypass_state::Tx;

use super::bounds;
use super::caller::SimulatedCaller;
use super::documents::Given;
use super::evaluation::Simulation;
use super::exclusion::exclude;
use super::policy::SimulatedPolicy;
use super::resource_side::ResourceSide;
use super::scenario::{Scenario, asked};
use crate::entity_arn::EntityArn;
use crate::errors::PolicyEvaluation;
use crate::generated::SimulatePrincipalPolicy;
use crate::need;
use crate::pagination::paging;

impl Guarded for SimulatePrincipalPolicy {
    fn targets(
        input: &SimulatePrincipalPolicyInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        need::on_entity(targets, scope, "iam:SimulatePrincipalPolicy", &input.policy_source_arn)?;
        Ok(())
    }
}

impl Handle for SimulatePrincipalPolicy {
    fn is_costly(call: &Permitted<Self>) -> bool {
        let input = call.input();
        let boundary = input.permissions_boundary_policy_input_list.iter().flatten();
        let given = input.policy_input_list.iter().flatten().chain(boundary);
        bounds::is_costly(&asked!(input), given)
    }

    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<SimulatePrincipalPolicyOutput, ServiceError> {
        let input = call.input();
        let (source, entity) = EntityArn::find(&input.policy_source_arn, tx.account())?;
        let mut held = call.call().policies_of(entity);
        exclude(&mut held, input.policy_exclusion_list.as_deref().unwrap_or_default())?;
        if held.unreadable.is_some() {
            return Err(PolicyEvaluation::Unreadable.into());
        }
        let given = Given::identity(input.policy_input_list.as_deref().unwrap_or_default())?;
        let boundary = Given::boundary(input.permissions_boundary_policy_input_list.as_deref())?;
        let caller = match &input.caller_arn {
            Some(arn) => SimulatedCaller::named(call.call(), arn)?,
            None => SimulatedCaller::of(call.call(), &source),
        };
        let scenario = Scenario::new(&asked!(input), caller)?;

        let given = given.iter().map(SimulatedPolicy::given);
        // A boundary that is given stands in for the one that is set.
        let boundary = boundary.as_ref().map(SimulatedPolicy::given);
        let simulation = Simulation {
            identity: held
                .identity
                .iter()
                .copied()
                .map(SimulatedPolicy::held)
                .chain(given)
                .collect(),
            boundary: boundary.or_else(|| held.boundary.map(SimulatedPolicy::held)),
            service_control: held.service_control.levels(),
            resource_side: ResourceSide {
                given: scenario.resource_policy.as_ref().map(SimulatedPolicy::of_resource),
                asks_trust: call.departures().simulated_trust,
                own_roles: Some(tx.account()),
            },
            scenario: &scenario,
        };
        let page =
            simulation.results(&input.action_names, paging!(input), &|| call.check_wanted())?;
        Ok(SimulatePrincipalPolicyOutput {
            is_truncated: page.is_truncated(),
            evaluation_results: Some(page.items),
            marker: page.marker,
        })
    }
}
