//! `SimulatePrincipalPolicy`: the policies that somebody holds.

use daypass_model::iam::{
    AddUserToGroupInput, AttachUserPolicyInput, AttachmentType, CreateGroupInput,
    CreatePolicyInput, EvaluationResult, GetContextKeysForPrincipalPolicyInput,
    InlinePolicyIdentifierType, PolicyIdentifier, PolicyIdentifierPolicyType, PutGroupPolicyInput,
    PutUserPermissionsBoundaryInput, SimulatePrincipalPolicyInput,
};

use super::*;
use crate::generated::{
    AddUserToGroup, AttachUserPolicy, CreateGroup, CreatePolicy, GetContextKeysForPrincipalPolicy,
    PutGroupPolicy, PutUserPermissionsBoundary, SimulatePrincipalPolicy,
};

const BOB: &str = "arn:aws:iam::000000000000:user/bob";
const READ_ONLY: &str = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
const OWN: &str = "arn:aws:iam::000000000000:policy/team/own";

/// Bob may read IAM by a managed policy of AWS, create by one of the account's, delete by his
/// group, and change himself by a policy of his own.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let own = one("Allow", "iam:UpdateUser", "arn:aws:iam::*:user/${aws:username}");
    fixture.user("bob", Some(&own));
    fixture.ok::<CreatePolicy>(CreatePolicyInput {
        policy_name: "own".to_owned(),
        path: Some("/team/".to_owned()),
        policy_document: one("Allow", "iam:CreateUser", "*"),
        ..Default::default()
    });
    for arn in [READ_ONLY, OWN] {
        fixture.ok::<AttachUserPolicy>(AttachUserPolicyInput {
            user_name: "bob".to_owned(),
            policy_arn: arn.to_owned(),
        });
    }
    let group = "devs".to_owned();
    fixture.ok::<CreateGroup>(CreateGroupInput { group_name: group.clone(), path: None });
    fixture.ok::<PutGroupPolicy>(PutGroupPolicyInput {
        group_name: group.clone(),
        policy_name: "delete".to_owned(),
        policy_document: one("Allow", "iam:DeleteUser", "*"),
    });
    let member = AddUserToGroupInput { group_name: group, user_name: "bob".to_owned() };
    fixture.ok::<AddUserToGroup>(member);
    fixture
}

fn asked(actions: &[&str]) -> SimulatePrincipalPolicyInput {
    SimulatePrincipalPolicyInput {
        policy_source_arn: BOB.to_owned(),
        action_names: strings(actions),
        ..SimulatePrincipalPolicyInput::default()
    }
}

fn results(fixture: &Fixture, input: SimulatePrincipalPolicyInput) -> Vec<EvaluationResult> {
    fixture.ok::<SimulatePrincipalPolicy>(input).evaluation_results.unwrap()
}

const ACTIONS: [&str; 4] = ["iam:GetUser", "iam:CreateUser", "iam:DeleteUser", "iam:UpdateUser"];

#[test]
fn policies_are_named_after_their_holders() {
    let fixture = fixture();
    let input =
        SimulatePrincipalPolicyInput { resource_arns: Some(strings(&[BOB])), ..asked(&ACTIONS) };
    let results = results(&fixture, input);
    let sources: Vec<_> = results.iter().map(decided).collect();
    let expected = ["IAMReadOnlyAccess", "own", "group_devs_delete", "user_bob_test"];
    assert_eq!(sources, expected.map(|source| ("allowed", vec![source])));
}

#[test]
fn a_group_has_its_own_policies_only() {
    let fixture = fixture();
    let input = SimulatePrincipalPolicyInput {
        policy_source_arn: "arn:aws:iam::000000000000:group/devs".to_owned(),
        ..asked(&["iam:GetUser", "iam:DeleteUser"])
    };
    let results = results(&fixture, input);
    let decisions: Vec<_> = results.iter().map(decided).collect();
    assert_eq!(decisions, [("implicitDeny", vec![]), ("allowed", vec!["group_devs_delete"])]);
}

#[test]
fn policies_can_be_added_and_taken_away() {
    let fixture = fixture();
    let allowed = |input: SimulatePrincipalPolicyInput| -> Vec<bool> {
        let input = SimulatePrincipalPolicyInput { resource_arns: Some(strings(&[BOB])), ..input };
        let results = results(&fixture, input);
        results.iter().map(|result| result.eval_decision.as_str() == "allowed").collect()
    };
    let deny = SimulatePrincipalPolicyInput {
        policy_input_list: Some(vec![one("Deny", "iam:*User", "*")]),
        ..asked(&ACTIONS)
    };
    assert_eq!(allowed(deny), [false; 4]);

    let without = |identifier: PolicyIdentifier| {
        allowed(SimulatePrincipalPolicyInput {
            policy_exclusion_list: Some(vec![identifier]),
            ..asked(&ACTIONS)
        })
    };
    let of_type = |policy_type| PolicyIdentifier {
        policy_type: Some(policy_type),
        ..PolicyIdentifier::default()
    };
    let of_arn = |arn: &str| PolicyIdentifier {
        policy_arn: Some(arn.to_owned()),
        ..PolicyIdentifier::default()
    };
    let inline = |policy: &str, kind, holder: &str| PolicyIdentifier {
        inline_policy_identifier: Some(InlinePolicyIdentifierType {
            policy_name: policy.to_owned(),
            attachment_type: kind,
            attachment_name: holder.to_owned(),
        }),
        ..PolicyIdentifier::default()
    };
    let cases = [
        (of_type(PolicyIdentifierPolicyType::AwsManaged), [false, true, true, true]),
        (of_type(PolicyIdentifierPolicyType::UserManaged), [true, false, true, true]),
        (of_type(PolicyIdentifierPolicyType::Inline), [true, true, false, false]),
        (of_type(PolicyIdentifierPolicyType::PermissionBoundary), [true; 4]),
        (of_type(PolicyIdentifierPolicyType::Scp), [true; 4]),
        (of_type(PolicyIdentifierPolicyType::Rcp), [true; 4]),
        (of_arn(READ_ONLY), [false, true, true, true]),
        (of_arn("arn:aws:iam::aws:policy/*Access"), [false, true, true, true]),
        (of_arn("arn:aws:iam::000000000000:policy/team/o?n"), [true, false, true, true]),
        (of_arn("arn:aws:iam::000000000000:policy/none"), [true; 4]),
        (inline("delete", AttachmentType::Group, "devs"), [true, true, false, true]),
        (inline("delete", AttachmentType::User, "devs"), [true; 4]),
        (inline("test", AttachmentType::User, "b*"), [true, true, true, false]),
        (inline("delete", AttachmentType::Group, "d??s"), [true, true, false, true]),
    ];
    for (identifier, expected) in cases {
        assert_eq!(without(identifier.clone()), expected, "{identifier:?}");
    }

    let both = PolicyIdentifier {
        policy_type: Some(PolicyIdentifierPolicyType::Scp),
        ..of_arn(READ_ONLY)
    };
    let malformed = [
        PolicyIdentifier::default(),
        both,
        of_arn("arn:aws:iam::*:policy/any"),
        of_arn("arn:aws:iam::aws:policy/*Read*"),
        of_arn("IAMReadOnlyAccess-is-no-arn"),
    ];
    for identifier in malformed {
        let input = SimulatePrincipalPolicyInput {
            policy_exclusion_list: Some(vec![identifier]),
            ..asked(&ACTIONS)
        };
        assert_eq!(
            fixture.refusal::<SimulatePrincipalPolicy>(input),
            "InvalidInput: Invalid policy identifier in PolicyExclusionList."
        );
    }
}

#[test]
fn a_boundary_that_is_given_stands_in_for_the_one_that_is_set() {
    let fixture = fixture();
    fixture.ok::<PutUserPermissionsBoundary>(PutUserPermissionsBoundaryInput {
        user_name: "bob".to_owned(),
        permissions_boundary: READ_ONLY.to_owned(),
    });
    let ask = |boundary: Option<String>, exclusion: Option<PolicyIdentifier>| {
        let input = SimulatePrincipalPolicyInput {
            permissions_boundary_policy_input_list: boundary.map(|boundary| vec![boundary]),
            policy_exclusion_list: exclusion.map(|exclusion| vec![exclusion]),
            ..asked(&["iam:CreateUser"])
        };
        let result = results(&fixture, input).remove(0);
        let detail = result.permissions_boundary_decision_detail;
        let detail = detail.map(|detail| detail.allowed_by_permissions_boundary.unwrap());
        (result.eval_decision.as_str(), detail)
    };
    assert_eq!(ask(None, None), ("implicitDeny", Some(false)));
    assert_eq!(ask(Some(one("Allow", "iam:*", "*")), None), ("allowed", Some(true)));
    let excluded = PolicyIdentifier {
        policy_type: Some(PolicyIdentifierPolicyType::PermissionBoundary),
        ..PolicyIdentifier::default()
    };
    assert_eq!(ask(None, Some(excluded)), ("allowed", None));
}

#[test]
fn somebody_else_may_call_with_the_policies() {
    let fixture = fixture();
    let ask = |caller: Option<&str>| {
        let input = SimulatePrincipalPolicyInput {
            caller_arn: caller.map(str::to_owned),
            resource_arns: Some(strings(&[BOB])),
            ..asked(&["iam:UpdateUser"])
        };
        let result = results(&fixture, input).remove(0);
        (result.eval_decision.as_str(), result.missing_context_values.unwrap())
    };
    assert_eq!(ask(None), ("allowed", vec![]));
    assert_eq!(ask(Some("arn:aws:iam::000000000000:user/carol")), ("implicitDeny", vec![]));
    let group = Some("arn:aws:iam::000000000000:group/devs");
    assert_eq!(ask(group), ("implicitDeny", vec!["aws:username".to_owned()]));
}

#[test]
fn who_may_simulate_is_asked_of_the_principal_that_is_simulated() {
    let fixture = fixture();
    let dave = fixture.user_allowed("dave", "iam:SimulatePrincipalPolicy", BOB);
    let input = asked(&["iam:GetUser"]);
    assert!(fixture.call::<SimulatePrincipalPolicy>(&dave, input.clone()).is_ok());
    let own = SimulatePrincipalPolicyInput {
        policy_source_arn: "arn:aws:iam::000000000000:user/dave".to_owned(),
        ..input
    };
    let refusal = fixture.refusal_to::<SimulatePrincipalPolicy>(&dave, own);
    assert!(
        refusal.starts_with("AccessDenied: User: arn:aws:iam::000000000000:user/dave"),
        "{refusal}"
    );
    let custom = fixture.refusal_to::<SimulateCustomPolicy>(&dave, super::asked(&[], &[], &[]));
    assert!(custom.contains("iam:SimulateCustomPolicy on resource: *"), "{custom}");
}

#[test]
fn principals_of_other_accounts_are_not_simulated() {
    let fixture = fixture();
    let stranger = fixture.caller("123456789012");
    for name in ["bob", "nobody"] {
        let source = format!("arn:aws:iam::000000000000:user/{name}");
        let denied = |action: &str| {
            format!(
                "AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: \
                 {action} on resource: {source} because no resource-based policy allows the \
                 {action} action"
            )
        };
        let simulate = SimulatePrincipalPolicyInput {
            policy_source_arn: source.clone(),
            ..asked(&["iam:GetUser"])
        };
        assert_eq!(
            fixture.refusal_to::<SimulatePrincipalPolicy>(&stranger, simulate),
            denied("iam:SimulatePrincipalPolicy")
        );
        let keys = GetContextKeysForPrincipalPolicyInput {
            policy_source_arn: source.clone(),
            policy_input_list: None,
        };
        assert_eq!(
            fixture.refusal_to::<GetContextKeysForPrincipalPolicy>(&stranger, keys),
            denied("iam:GetContextKeysForPrincipalPolicy")
        );
    }
}
