use daypass_authz::{Guarded, Handle, Permitted, Scope, Targets};
use daypass_model::ServiceError;
use daypass_model::iam::{
    OrderedOrganizationPolicyType, SimulateCustomPolicyInput, SimulateCustomPolicyOutput,
};
use daypass_policy::{NamedPolicy, PolicyKind, PolicySource};
use daypass_state::Tx;

use super::bounds;
use super::caller::SimulatedCaller;
use super::documents::Given;
use super::evaluation::Simulation;
use super::policy::SimulatedPolicy;
use super::resource_side::ResourceSide;
use super::scenario::{Scenario, asked};
use crate::generated::SimulateCustomPolicy;
use crate::pagination::paging;

impl Guarded for SimulateCustomPolicy {
    fn targets(
        _: &SimulateCustomPolicyInput,
        _: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        targets.need_on_all("iam:SimulateCustomPolicy");
        Ok(())
    }
}

impl Handle for SimulateCustomPolicy {
    fn is_costly(call: &Permitted<Self>) -> bool {
        let input = call.input();
        let controls = input.ordered_organization_policy_input_list.iter().flatten();
        let controls =
            controls.flat_map(|level| &level.service_control_policy_input_list).flatten();
        let boundary = input.permissions_boundary_policy_input_list.iter().flatten();
        let given = input.policy_input_list.iter().chain(boundary).chain(controls);
        bounds::is_costly(&asked!(input), given)
    }

    fn run(call: &Permitted<Self>, _: &mut Tx) -> Result<SimulateCustomPolicyOutput, ServiceError> {
        let input = call.input();
        let identity = Given::identity(&input.policy_input_list)?;
        let boundary = Given::boundary(input.permissions_boundary_policy_input_list.as_deref())?;
        let controls = controls(input.ordered_organization_policy_input_list.as_deref())?;
        let caller = match &input.caller_arn {
            Some(arn) => SimulatedCaller::named(call.call(), arn)?,
            None => SimulatedCaller::nobody(call.call(), call.account()),
        };
        let scenario = Scenario::new(&asked!(input), caller)?;

        let controls: Vec<Vec<_>> = controls.iter().map(|level| named(level)).collect();
        let simulation = Simulation {
            identity: identity.iter().map(SimulatedPolicy::given).collect(),
            boundary: boundary.as_ref().map(SimulatedPolicy::given),
            service_control: controls.iter().map(Vec::as_slice).collect(),
            resource_side: ResourceSide {
                given: scenario.resource_policy.as_ref().map(SimulatedPolicy::of_resource),
                asks_trust: call.departures().simulated_trust,
                own_roles: None,
            },
            scenario: &scenario,
        };
        let page =
            simulation.results(&input.action_names, paging!(input), &|| call.check_wanted())?;
        Ok(SimulateCustomPolicyOutput {
            is_truncated: page.is_truncated(),
            evaluation_results: Some(page.items),
            marker: page.marker,
        })
    }
}

/// The service control policies, level by level.
fn controls(
    levels: Option<&[OrderedOrganizationPolicyType]>,
) -> Result<Vec<Vec<Given>>, ServiceError> {
    let parse = |(number, level): (usize, &OrderedOrganizationPolicyType)| {
        let texts = level.service_control_policy_input_list.as_deref().unwrap_or_default();
        let list =
            format!("OrderedOrganizationPolicyInputList.{number}.ServiceControlPolicyInputList");
        Given::parse_list(PolicyKind::ServiceControl, &list, texts)
    };
    (1..).zip(levels.unwrap_or_default()).map(parse).collect()
}

fn named(level: &[Given]) -> Vec<NamedPolicy<'_>> {
    level
        .iter()
        .map(|Given { name, policy }| NamedPolicy {
            source: PolicySource::OfResource { arn: name },
            policy,
        })
        .collect()
}
