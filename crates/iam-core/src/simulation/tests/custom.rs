//! `SimulateCustomPolicy`: how results are made up.

use daypass_model::iam::{
    ContextKeyTypeEnum, OrderedOrganizationPolicyType, PolicyEvaluationDecisionType as Decision,
    PolicySourceType, Position, SimulateCustomPolicyInput,
};

use super::*;

const BUCKET: &str = "arn:aws:s3:::b";
const OBJECT: &str = "arn:aws:s3:::b/k";
const OTHER: &str = "arn:aws:s3:::other/k";
const BOB: &str = "arn:aws:iam::000000000000:user/bob";

#[test]
fn the_statements_that_decide_are_named() {
    let fixture = Fixture::new();
    let allow = policy(&format!(
        "\n  {},\n  {}\n",
        statement("Allow", "s3:Get*", "*"),
        statement("Allow", "s3:PutObject", "*")
    ));
    let deny = one("Deny", "s3:GetObject", OBJECT);
    let both = [allow.as_str(), deny.as_str()];

    let allowed = simulated(&fixture, asked(&both, &["s3:GetObject"], &[OTHER]));
    assert_eq!(decided(&allowed), ("allowed", vec!["PolicyInputList.1"]));
    let denied = simulated(&fixture, asked(&both, &["s3:GetObject"], &[OBJECT]));
    assert_eq!(decided(&denied), ("explicitDeny", vec!["PolicyInputList.2"]));
    let neither = simulated(&fixture, asked(&both, &["s3:DeleteObject"], &[OBJECT]));
    assert_eq!(decided(&neither), ("implicitDeny", vec![]));
}

#[test]
fn statements_stand_where_iam_says_that_they_do() {
    let fixture = Fixture::new();
    let lines = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    \
                 {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"},\n    \
                 {\"Effect\": \"Allow\", \"Action\": \"s3:PutObject\", \"Resource\": \"*\"}\n  ]\n}";
    // Recorded from AWS: columns 38 and 41.
    let dense = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#;
    let spaced = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
    let of_one = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let on_lines = "{\n\"Version\": \"2012-10-17\", \"Statement\":\n  { \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\" }\n}";
    let first = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, "Version": "2012-10-17"}"#;
    let cases = [
        (lines, "s3:GetObject", (3, 17), (4, 67)),
        (lines, "s3:PutObject", (4, 67), (5, 67)),
        (dense, "s3:GetObject", (1, 38), (1, 94)),
        (spaced, "s3:GetObject", (1, 41), (1, 102)),
        (of_one, "s3:GetObject", (1, 38), (1, 95)),
        (on_lines, "s3:GetObject", (3, 4), (3, 67)),
        (first, "s3:GetObject", (1, 16), (1, 77)),
    ];
    for (policy, action, start, end) in cases {
        let result = simulated(&fixture, asked(&[policy], &[action], &[]));
        let [statement] = result.matched_statements.as_deref().unwrap() else { panic!("one") };
        let place = |(line, column)| Some(Position { line: Some(line), column: Some(column) });
        assert_eq!(statement.start_position, place(start), "{action}");
        assert_eq!(statement.end_position, place(end), "{action}");
        assert_eq!(statement.source_policy_type, Some(PolicySourceType::IamPolicy));
    }
}

#[test]
fn an_action_has_one_result_as_bad_as_its_worst_resource() {
    let fixture = Fixture::new();
    let policy = policy(
        &[
            statement("Allow", "s3:GetObject", "arn:aws:s3:::b/*"),
            statement("Deny", "s3:GetObject", "arn:aws:s3:::b/secret"),
        ]
        .join(", "),
    );
    let ask =
        |resources: &[&str]| simulated(&fixture, asked(&[&policy], &["s3:GetObject"], resources));
    let input = ["PolicyInputList.1"];

    let result = ask(&[OBJECT, OTHER]);
    assert_eq!(decided(&result), ("implicitDeny", vec![]));
    let expected = [(OBJECT, "allowed", input.to_vec()), (OTHER, "implicitDeny", vec![])];
    assert_eq!(decided_each(&result), expected);
    // Within one account, IAM answers an empty list.
    assert_eq!(result.eval_decision_details.as_ref().map(|details| details.len()), Some(0));
    let name = result.eval_resource_name.as_deref().unwrap();
    assert!(name.starts_with("arn:${Partition}:s3:::${BucketName}/"), "{name}");

    let result = ask(&[OBJECT, OTHER, "arn:aws:s3:::b/secret"]);
    assert_eq!(decided(&result), ("explicitDeny", input.to_vec()));
    assert_eq!(result.matched_statements.unwrap().len(), 1, "only the one that denies");

    let result = ask(&["*"]);
    assert_eq!(decided(&result), ("implicitDeny", vec![]));
    assert_eq!((result.resource_specific_results, result.eval_decision_details), (None, None));
}

#[test]
fn missing_keys_are_those_of_every_statement() {
    let fixture = Fixture::new();
    let policy = policy(
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}",
            "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "red", "aws:RequestedRegion": "x"}}},
           {"Effect": "Deny", "Action": "iam:*", "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false", "aws:principaltag/team": "1"}}}"#,
    );
    let ask = |caller: Option<&str>, resources: &[&str]| {
        let input = SimulateCustomPolicyInput {
            caller_arn: caller.map(str::to_owned),
            context_entries: Some(vec![entry(
                "AWS:requestedregion",
                &["x"],
                ContextKeyTypeEnum::String,
            )]),
            ..asked(&[&policy], &["s3:GetObject"], resources)
        };
        simulated(&fixture, input)
    };
    let expected = ["aws:username", "aws:PrincipalTag/Team", "aws:MultiFactorAuthPresent"];
    assert_eq!(ask(None, &[]).missing_context_values.unwrap(), expected);
    // Of the caller, IAM knows the name.
    let result = ask(Some(BOB), &[OBJECT, OTHER]);
    assert_eq!(result.missing_context_values.unwrap(), expected[1..]);
    for resource in result.resource_specific_results.unwrap() {
        assert_eq!(resource.missing_context_values.unwrap(), expected[1..]);
    }
}

#[test]
fn a_boundary_limits_and_says_so() {
    let fixture = Fixture::new();
    let all = one("Allow", "*", "*");
    let ask = |boundary: &str| {
        let input = SimulateCustomPolicyInput {
            permissions_boundary_policy_input_list: Some(strings(&[boundary])),
            ..asked(&[&all], &["s3:GetObject"], &[OBJECT])
        };
        let result = simulated(&fixture, input);
        let bounded = |detail: Option<daypass_model::iam::PermissionsBoundaryDecisionDetail>| {
            detail.unwrap().allowed_by_permissions_boundary.unwrap()
        };
        let each = result.resource_specific_results.as_ref().unwrap();
        let each = bounded(each[0].permissions_boundary_decision_detail.clone());
        assert_eq!(bounded(result.permissions_boundary_decision_detail.clone()), each);
        let (decision, sources) = decided(&result);
        (decision, sources.join(" "), each)
    };
    let input = || "PolicyInputList.1".to_owned();
    assert_eq!(ask(&one("Allow", "s3:*", "*")), ("allowed", input(), true));
    assert_eq!(ask(&one("Allow", "iam:*", "*")), ("implicitDeny", String::new(), false));
    let denied = ("explicitDeny", "PermissionsBoundaryPolicyInputList.1".to_owned(), false);
    assert_eq!(ask(&one("Deny", "s3:*", "*")), denied);
    let none = simulated(&fixture, asked(&[&all], &["s3:GetObject"], &[OBJECT]));
    assert_eq!(none.permissions_boundary_decision_detail, None);
}

#[test]
fn every_level_of_an_organisation_must_allow() {
    let fixture = Fixture::new();
    let all = one("Allow", "*", "*");
    let ask = |levels: &[&[&str]]| {
        let level = |texts: &&[&str]| OrderedOrganizationPolicyType {
            service_control_policy_input_list: Some(strings(texts)),
        };
        let input = SimulateCustomPolicyInput {
            ordered_organization_policy_input_list: Some(levels.iter().map(level).collect()),
            ..asked(&[&all], &["s3:GetObject"], &[OBJECT])
        };
        let result = simulated(&fixture, input);
        let detail = result.organizations_decision_detail.as_ref();
        let allowed = detail.map(|detail| detail.allowed_by_organizations.unwrap());
        let shown = result.eval_decision_details.is_some();
        let (decision, sources) = decided(&result);
        (decision, sources.len(), allowed, shown)
    };
    let full = all.as_str();
    let s3 = &*one("Allow", "s3:*", "*");
    let deny = &*one("Deny", "s3:*", "*");
    assert_eq!(ask(&[]), ("allowed", 1, None, true));
    assert_eq!(ask(&[&[full], &[s3]]), ("allowed", 1, Some(true), true));
    assert_eq!(ask(&[&[full], &[]]), ("implicitDeny", 0, Some(false), false));
    assert_eq!(ask(&[&[full, deny], &[full]]), ("explicitDeny", 0, Some(false), false));
    let region = policy(
        r#"{"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}"#,
    );
    assert_eq!(ask(&[&[full, &region]]), ("explicitDeny", 0, Some(false), false));
}

#[test]
fn a_resource_policy_may_stand_for_an_identity_policy_within_its_account_only() {
    let fixture = Fixture::new();
    let (nothing, all) = (one("Allow", "iam:GetUser", "*"), one("Allow", "s3:*", "*"));
    let open = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{BOB}"}},
            "Action": "s3:GetObject", "Resource": "{BUCKET}/*"}}}}"#
    );
    let ask = |policy: &str, owner: Option<&str>| {
        let input = SimulateCustomPolicyInput {
            caller_arn: Some(BOB.to_owned()),
            resource_policy: Some(open.clone()),
            resource_owner: owner.map(str::to_owned),
            ..asked(&[policy], &["s3:GetObject"], &[OBJECT])
        };
        simulated(&fixture, input)
    };
    let result = ask(&nothing, None);
    assert_eq!(decided(&result), ("allowed", vec!["ResourcePolicy"]));
    assert_eq!(
        result.matched_statements.as_ref().unwrap()[0].source_policy_type,
        Some(PolicySourceType::ResourcePolicy)
    );
    assert_eq!(result.eval_decision_details.unwrap().len(), 0);

    let other = Some("arn:aws:iam::111122223333:root");
    let result = ask(&nothing, other);
    assert_eq!(decided(&result), ("implicitDeny", vec![]));
    let details = result.eval_decision_details.unwrap();
    let expected = [("IAM Policy", Decision::ImplicitDeny), ("Resource Policy", Decision::Allowed)];
    let expected = expected.map(|(kind, decision)| (kind.to_owned(), decision));
    assert_eq!(details, expected.into_iter().collect());
    let both = ask(&all, other);
    assert_eq!(decided(&both), ("allowed", vec!["PolicyInputList.1", "ResourcePolicy"]));
    let each = both.resource_specific_results.unwrap();
    assert_eq!(each[0].eval_decision_details, both.eval_decision_details);
}

#[test]
fn results_come_a_page_at_a_time() {
    let fixture = Fixture::new();
    let all = one("Allow", "iam:Get*", "*");
    let actions = ["iam:GetUser", "iam:GetRole", "iam:ListUsers"];
    let page = |marker: Option<String>, max_items| {
        let input =
            SimulateCustomPolicyInput { marker, max_items, ..asked(&[&all], &actions, &[]) };
        fixture.ok::<SimulateCustomPolicy>(input)
    };
    let names = |results: Vec<EvaluationResult>| -> Vec<String> {
        results.into_iter().map(|result| result.eval_action_name).collect()
    };
    let first = page(None, Some(2));
    assert_eq!(first.is_truncated, Some(true));
    assert_eq!(names(first.evaluation_results.unwrap()), actions[..2]);
    let last = page(first.marker, Some(2));
    assert_eq!((last.is_truncated, &last.marker), (Some(false), &None));
    assert_eq!(names(last.evaluation_results.unwrap()), actions[2..]);
    assert_eq!(page(None, None).evaluation_results.unwrap().len(), 3);
}
