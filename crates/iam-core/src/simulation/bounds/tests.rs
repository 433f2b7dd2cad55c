use daypass_authz::Permitted;
use daypass_model::iam::{ContextEntry, ContextKeyTypeEnum, SimulateCustomPolicyInput};
use daypass_model::{Operation, ServiceError};
use daypass_wire::{Format, response};

use super::*;
use crate::generated::SimulateCustomPolicy;
use crate::testing::Fixture;

const TOO_LARGE: &str = "InvalidInput: The simulation is too large. Ask for fewer resources, or give \
                         fewer or shorter policies and context values.";

/// Actions on resources, by a policy of this many statements all of which apply.
fn input(actions: usize, resources: usize, statements: usize) -> SimulateCustomPolicyInput {
    let statement = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let statements = vec![statement; statements].join(",");
    let names = ["iam:GetUser", "iam:GetRole", "s3:GetObject", "sqs:SendMessage"];
    SimulateCustomPolicyInput {
        policy_input_list: vec![format!(
            r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#
        )],
        action_names: names.iter().cycle().take(actions).map(ToString::to_string).collect(),
        resource_arns: Some((0..resources).map(|n| format!("arn:aws:s3:::bucket/{n}")).collect()),
        max_items: Some(1_000),
        ..SimulateCustomPolicyInput::default()
    }
}

#[test]
fn pages_are_as_long_as_there_is_room() {
    let fixture = Fixture::new();
    // Whatever bounds a page, the pages together have all results.
    for (input, least_pages) in [
        // The answer: each result names two hundred statements for each resource and in all.
        (input(12, 10, 200), 4),
        // The decisions.
        (input(15, 1_000, 1), 2),
        // The work: each decision compares each of the policy's bytes with a thousand values.
        (SimulateCustomPolicyInput { context_entries: values(1_000), ..input(100, 20, 20) }, 2),
    ] {
        let (mut pages, mut results, mut marker) = (0, 0, None);
        loop {
            let page = SimulateCustomPolicyInput { marker, ..input.clone() };
            let output = fixture.ok::<SimulateCustomPolicy>(page);
            let envelope = SimulateCustomPolicy::ENVELOPE;
            let body = response::success(Format::Xml, envelope, &output, "request");
            assert!(body.len() < MOST_ANSWER * 5 / 4, "{}", body.len());
            pages += 1;
            results += output.evaluation_results.unwrap().len();
            marker = output.marker;
            if marker.is_none() {
                break;
            }
        }
        assert_eq!(results, input.action_names.len());
        assert!(pages >= least_pages, "{pages}");
    }
}

#[test]
fn a_simulation_of_which_one_result_is_too_large_is_refused() {
    let fixture = Fixture::new();
    for input in [
        input(1, 100, 1_000),
        input(1, MOST_DECISIONS + 1, 1),
        SimulateCustomPolicyInput { context_entries: values(10_000), ..input(1, 50, 100) },
    ] {
        assert_eq!(fixture.refusal::<SimulateCustomPolicy>(input), TOO_LARGE);
    }
}

#[test]
fn only_large_simulations_are_costly() {
    let is_costly = |input: &SimulateCustomPolicyInput| {
        is_costly(&super::super::scenario::asked!(input), input.policy_input_list.iter())
    };
    assert!(!is_costly(&input(20, 1, 10)));
    assert!(!is_costly(&input(5, 10, 10)));
    assert!(is_costly(&input(100, 100, 10)));
    assert!(is_costly(&input(1, 100, 1_000)));
}

#[test]
fn a_simulation_that_nobody_waits_for_ends() {
    let fixture = Fixture::new();
    let run = |abandon: bool| {
        fixture.run::<SimulateCustomPolicy>(input(1, 2, 1), |permitted: &mut Permitted<_>| {
            let waiting = permitted.watch();
            (!abandon).then_some(waiting)
        })
    };
    assert!(run(false).is_ok());
    let ended: Result<_, ServiceError> = run(true);
    assert_eq!(ended.unwrap_err().shape.code, "ServiceUnavailable");
}

fn values(count: usize) -> Option<Vec<ContextEntry>> {
    Some(vec![ContextEntry {
        context_key_name: Some("aws:TagKeys".to_owned()),
        context_key_values: Some((0..count).map(|n| n.to_string()).collect()),
        context_key_type: Some(ContextKeyTypeEnum::StringList),
    }])
}
