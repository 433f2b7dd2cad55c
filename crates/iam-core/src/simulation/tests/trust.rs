//! Who may assume a role: what AWS's simulator does not ask, and daypass's does.

use daypass_authz::Departures;
use daypass_model::iam::{CreateRoleInput, CreateUserInput, SimulatePrincipalPolicyInput};

use super::*;
use crate::generated::{CreateRole, CreateUser, SimulatePrincipalPolicy};

const BOB: &str = "arn:aws:iam::000000000000:user/bob";
const CAROL: &str = "arn:aws:iam::000000000000:user/carol";
const ROLE: &str = "arn:aws:iam::000000000000:role/deploy";

fn trusting(principal: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Principal": {{"AWS": "{principal}"}}, "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {{"StringEquals": {{"sts:ExternalId": "1"}}}}}}}}"#
    )
}

/// Bob is trusted and may do nothing; carol is not trusted and may assume any role.
fn fixture(departures: Departures) -> Fixture {
    let fixture = Fixture::with_departures(departures);
    fixture.user("bob", None);
    fixture.user("carol", Some(&one("Allow", "sts:*", "*")));
    fixture.ok::<CreateRole>(CreateRoleInput {
        role_name: "deploy".to_owned(),
        assume_role_policy_document: trusting(BOB),
        ..Default::default()
    });
    fixture
}

fn ask(fixture: &Fixture, who: &str, action: &str, given: Option<String>) -> EvaluationResult {
    let external_id = entry("sts:ExternalId", &["1"], ContextKeyTypeEnum::String);
    let input = SimulatePrincipalPolicyInput {
        policy_source_arn: who.to_owned(),
        action_names: strings(&[action]),
        resource_arns: Some(strings(&[ROLE])),
        resource_policy: given,
        context_entries: Some(vec![external_id]),
        ..SimulatePrincipalPolicyInput::default()
    };
    let output = fixture.ok::<SimulatePrincipalPolicy>(input);
    output.evaluation_results.unwrap().remove(0)
}

#[test]
fn aws_asks_the_identity_policies_alone() {
    let fixture = fixture(Departures::NONE);
    for given in [None, Some(trusting(BOB))] {
        let bob = ask(&fixture, BOB, "sts:AssumeRole", given.clone());
        assert_eq!(decided(&bob), ("implicitDeny", vec![]));
        let carol = ask(&fixture, CAROL, "sts:AssumeRole", given);
        assert_eq!(decided(&carol), ("allowed", vec!["user_carol_test"]));
    }
}

#[test]
fn the_role_has_its_say() {
    let fixture = fixture(Departures::DEFAULT);
    let trust = "role_deploy_AssumeRolePolicyDocument";
    for action in ["sts:AssumeRole", "STS:tagsession"] {
        let bob = ask(&fixture, BOB, action, None);
        assert_eq!(decided(&bob), ("allowed", vec![trust]), "{action}");
        let carol = ask(&fixture, CAROL, action, None);
        assert_eq!(decided(&carol), ("implicitDeny", vec![]), "{action}");
    }
    let bob = ask(&fixture, BOB, "sts:SetSourceIdentity", None);
    assert_eq!(decided(&bob), ("implicitDeny", vec![]), "the role does not allow it");
    let other = ask(&fixture, CAROL, "iam:GetRole", None);
    assert_eq!(decided(&other), ("implicitDeny", vec![]), "no policy of hers speaks of it");
}

#[test]
fn a_trust_policy_that_is_given_stands_in_for_the_roles() {
    let fixture = fixture(Departures::DEFAULT);
    let given = || Some(trusting(CAROL));
    let bob = ask(&fixture, BOB, "sts:AssumeRole", given());
    assert_eq!(decided(&bob), ("implicitDeny", vec![]));
    let carol = ask(&fixture, CAROL, "sts:AssumeRole", given());
    assert_eq!(decided(&carol), ("allowed", vec!["user_carol_test", "ResourcePolicy"]));
}

#[test]
fn a_role_of_another_account_does_not_tell_whom_it_trusts() {
    let fixture = fixture(Departures::DEFAULT);
    let stranger = fixture.caller("123456789012");
    let anna = CreateUserInput { user_name: "anna".to_owned(), ..Default::default() };
    fixture.call::<CreateUser>(&stranger, anna).unwrap();
    let ask = |role: &str, external_id: &str| {
        let external_id = entry("sts:ExternalId", &[external_id], ContextKeyTypeEnum::String);
        let input = SimulatePrincipalPolicyInput {
            policy_source_arn: "arn:aws:iam::123456789012:user/anna".to_owned(),
            policy_input_list: Some(vec![one("Allow", "sts:AssumeRole", "*")]),
            action_names: strings(&["sts:AssumeRole"]),
            resource_arns: Some(vec![format!("arn:aws:iam::000000000000:role/{role}")]),
            caller_arn: Some(BOB.to_owned()),
            context_entries: Some(vec![external_id]),
            ..SimulatePrincipalPolicyInput::default()
        };
        let output = fixture.call::<SimulatePrincipalPolicy>(&stranger, input).unwrap();
        format!("{output:?}").replace(role, "…")
    };
    let right = ask("deploy", "1");
    assert!(right.contains("decision: Allowed"), "as AWS's simulator does: {right}");
    assert_eq!(ask("deploy", "2"), right);
    assert_eq!(ask("none", "1"), right);
}

#[test]
fn a_role_that_is_not_there_is_simulated_as_aws_does() {
    let fixture = fixture(Departures::DEFAULT);
    let input = SimulatePrincipalPolicyInput {
        policy_source_arn: CAROL.to_owned(),
        action_names: strings(&["sts:AssumeRole"]),
        resource_arns: Some(strings(&["arn:aws:iam::000000000000:role/none", ROLE])),
        ..SimulatePrincipalPolicyInput::default()
    };
    let output = fixture.ok::<SimulatePrincipalPolicy>(input);
    let result = output.evaluation_results.unwrap().remove(0);
    assert_eq!(result.eval_decision.as_str(), "implicitDeny");
    let decisions: Vec<_> =
        decided_each(&result).into_iter().map(|(_, decision, _)| decision).collect();
    assert_eq!(decisions, ["allowed", "implicitDeny"]);
    // Only the role that is there asks for the key.
    let missing: Vec<_> = result
        .resource_specific_results
        .unwrap()
        .into_iter()
        .map(|result| result.missing_context_values.unwrap().join(" "))
        .collect();
    assert_eq!(missing, ["", "sts:ExternalId"]);
}
