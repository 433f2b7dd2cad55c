//! What IAM refuses to simulate, and how condition keys are given.

use daypass_model::iam::{ContextKeyTypeEnum, SimulateCustomPolicyInput};

use super::*;

const ALL: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const OBJECT: &str = "arn:aws:s3:::b/k";

#[test]
fn what_cannot_be_simulated_is_refused() {
    let fixture = Fixture::new();
    let basis = || asked(&[ALL], &["s3:GetObject"], &[OBJECT]);
    let open = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#;
    let some = |text: &str| Some(text.to_owned());
    let bob = || some("arn:aws:iam::000000000000:user/bob");
    let cases = [
        (
            SimulateCustomPolicyInput { policy_input_list: strings(&[ALL, "{"]), ..basis() },
            "Invalid policy document in PolicyInputList.2: Syntax errors in policy.",
        ),
        (
            SimulateCustomPolicyInput {
                permissions_boundary_policy_input_list: Some(strings(&["{}"])),
                ..basis()
            },
            "Invalid policy document in PermissionsBoundaryPolicyInputList.1: Syntax errors in \
             policy.",
        ),
        (
            SimulateCustomPolicyInput {
                permissions_boundary_policy_input_list: Some(strings(&[ALL, ALL])),
                ..basis()
            },
            "PermissionsBoundaryPolicyInputList can have only one policy.",
        ),
        (
            SimulateCustomPolicyInput { resource_policy: some(ALL), caller_arn: bob(), ..basis() },
            "Invalid policy document in ResourcePolicy: Missing required field Principal",
        ),
        (
            SimulateCustomPolicyInput { resource_policy: some(open), ..basis() },
            "Invalid caller - Caller cannot be null or empty.",
        ),
        (
            SimulateCustomPolicyInput {
                resource_policy: some(open),
                caller_arn: some("arn:aws:iam::000000000000:role/deploy"),
                ..basis()
            },
            "Invalid caller - Caller must be an IAM user in this context.",
        ),
        (
            SimulateCustomPolicyInput {
                resource_policy: some(open),
                caller_arn: bob(),
                resource_arns: None,
                ..basis()
            },
            "Invalid Entity Arn: * does not clearly define entity type and name.",
        ),
        (
            SimulateCustomPolicyInput {
                caller_arn: some("arn:aws:sts::000000000000:assumed-role/deploy/s"),
                ..basis()
            },
            "Invalid caller - Caller must be an IAM user, role or group in this context.",
        ),
        (
            SimulateCustomPolicyInput {
                caller_arn: some("arn:aws:iam::000000000000:root"),
                ..basis()
            },
            "Invalid caller - Caller must be an IAM user, role or group in this context.",
        ),
        (
            SimulateCustomPolicyInput { resource_owner: some("000000000000"), ..basis() },
            "'000000000000' is not a valid as a Resource Owner.",
        ),
        (
            SimulateCustomPolicyInput { resource_arns: Some(strings(&[OBJECT, "*"])), ..basis() },
            "ResourceNames are not in a valid ARN format: *.",
        ),
        (
            SimulateCustomPolicyInput {
                resource_arns: Some(strings(&["14a050d4-021e-4efe-84bb-0871bf6d0fda"])),
                ..basis()
            },
            "ResourceNames are not in a valid ARN format: 14a050d4-021e-4efe-84bb-0871bf6d0fda.",
        ),
        (
            SimulateCustomPolicyInput { action_names: strings(&["GetObject"]), ..basis() },
            "The action is invalid since it is missing names",
        ),
        (
            SimulateCustomPolicyInput { action_names: strings(&["s3:Get*"]), ..basis() },
            "Invalid Input Actions: [s3:Get*] is not an action of AWS.",
        ),
        (
            SimulateCustomPolicyInput {
                context_entries: Some(vec![Default::default()]),
                ..basis()
            },
            "Context entries must have a ContextKeyName.",
        ),
    ];
    for (input, text) in cases {
        let refusal = fixture.refusal::<SimulateCustomPolicy>(input);
        assert_eq!(refusal, format!("InvalidInput: {text}"));
    }
}

#[test]
fn scenarios_of_ec2_need_their_resources() {
    let fixture = Fixture::new();
    let resources = ["instance/i", "image/ami", "security-group/sg", "network-interface/eni"]
        .map(|resource| format!("arn:aws:ec2:eu-west-1:000000000000:{resource}"));
    let basis = |option: &str| SimulateCustomPolicyInput {
        resource_handling_option: Some(option.to_owned()),
        resource_arns: Some(resources.to_vec()),
        ..asked(&[ALL], &["ec2:RunInstances"], &[])
    };
    let result = simulated(&fixture, basis("EC2-VPC-InstanceStore"));
    assert_eq!(result.resource_specific_results.unwrap().len(), 4);
    let refusals = [
        (
            basis("EC2-VPC-EBS-Subnet"),
            "Invalid input resource handling options. EC2-VPC-EBS-Subnet requires resources: \
             subnet, volume.",
        ),
        (basis("EC2-Moon"), "Invalid input resource handling options: EC2-Moon."),
        (
            SimulateCustomPolicyInput {
                action_names: strings(&["ec2:RunInstances", "ec2:StopInstances"]),
                ..basis("EC2-VPC-InstanceStore")
            },
            "Invalid input resource handling options. Action does not support resource handling \
             options: ec2:StopInstances.",
        ),
    ];
    for (input, text) in refusals {
        let refusal = fixture.refusal::<SimulateCustomPolicy>(input);
        assert_eq!(refusal, format!("InvalidInput: {text}"));
    }
}

#[test]
fn context_entries_have_types() {
    let fixture = Fixture::new();
    let ask = |condition: &str, values: &[&str], key_type| {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*",
                "Resource": "*", "Condition": {condition}}}}}"#
        );
        let input = SimulateCustomPolicyInput {
            context_entries: Some(vec![entry("my:Key", values, key_type)]),
            ..asked(&[&policy], &["s3:GetObject"], &[])
        };
        let result = simulated(&fixture, input);
        assert_eq!(result.missing_context_values.as_deref(), Some(&[][..]));
        result.eval_decision.as_str() == "allowed"
    };
    use ContextKeyTypeEnum as Type;
    let cases: [(&str, &[&str], Type, bool); 14] = [
        (r#"{"StringEquals": {"my:key": "a"}}"#, &["a"], Type::String, true),
        (r#"{"StringEquals": {"my:key": "a"}}"#, &["A"], Type::String, false),
        (
            r#"{"ForAllValues:StringEquals": {"my:key": ["a", "b"]}}"#,
            &["a", "b"],
            Type::StringList,
            true,
        ),
        (
            r#"{"ForAllValues:StringEquals": {"my:key": ["a"]}}"#,
            &["a", "b"],
            Type::StringList,
            false,
        ),
        (r#"{"NumericLessThan": {"my:key": 10.5}}"#, &["10.25"], Type::Numeric, true),
        (r#"{"ForAnyValue:NumericEquals": {"my:key": 2}}"#, &["1", "2"], Type::NumericList, true),
        (r#"{"Bool": {"my:key": "true"}}"#, &["TRUE"], Type::Boolean, true),
        (
            r#"{"ForAllValues:Bool": {"my:key": "true"}}"#,
            &["true", "false"],
            Type::BooleanList,
            false,
        ),
        (r#"{"IpAddress": {"my:key": "192.0.2.0/24"}}"#, &["192.0.2.7"], Type::Ip, true),
        (
            r#"{"ForAnyValue:IpAddress": {"my:key": "::/0"}}"#,
            &["192.0.2.7", "::1"],
            Type::IpList,
            true,
        ),
        (r#"{"BinaryEquals": {"my:key": "aGk="}}"#, &["aGk="], Type::Binary, true),
        (
            r#"{"ForAnyValue:BinaryEquals": {"my:key": "aGk="}}"#,
            &["eA==", "aGk="],
            Type::BinaryList,
            true,
        ),
        (
            r#"{"DateLessThan": {"my:key": "2026-01-01T00:00:00Z"}}"#,
            &["2025-12-31"],
            Type::Date,
            true,
        ),
        (
            r#"{"ForAllValues:DateGreaterThan": {"my:key": "2026-01-01"}}"#,
            &["0"],
            Type::DateList,
            false,
        ),
    ];
    for (condition, values, key_type, expected) in cases {
        assert_eq!(ask(condition, values, key_type), expected, "{condition} {values:?}");
    }
    // A list of one is still a list, for which a condition needs a set operator.
    let equals = r#"{"StringEquals": {"my:key": "a"}}"#;
    assert!(!ask(equals, &["a"], Type::StringList));
    assert!(!ask(r#"{"StringNotEquals": {"my:key": "b"}}"#, &["a"], Type::StringList));
    assert!(ask(r#"{"ForAnyValue:StringEquals": {"my:key": "a"}}"#, &["a"], Type::StringList));
    assert!(!ask(equals, &["a", "a"], Type::String));
    // No variable takes it.
    let variable = r#"{"StringEquals": {"other:key": "${my:key}"}}"#;
    assert!(!ask_variable(&fixture, variable, Type::StringList));
    assert!(ask_variable(&fixture, variable, Type::String));
}

fn ask_variable(fixture: &Fixture, condition: &str, key_type: ContextKeyTypeEnum) -> bool {
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*",
            "Resource": "*", "Condition": {condition}}}}}"#
    );
    let entries = vec![
        entry("my:Key", &["x"], key_type),
        entry("other:Key", &["x"], ContextKeyTypeEnum::String),
    ];
    let input = SimulateCustomPolicyInput {
        context_entries: Some(entries),
        ..asked(&[&policy], &["s3:GetObject"], &[])
    };
    simulated(fixture, input).eval_decision.as_str() == "allowed"
}

#[test]
fn values_that_are_not_of_their_type_are_refused() {
    let fixture = Fixture::new();
    use ContextKeyTypeEnum as Type;
    let cases = [
        (Type::Numeric, "x"),
        (Type::NumericList, ""),
        (Type::Boolean, "yes"),
        (Type::Ip, "192.0.2.0/24"),
        (Type::Binary, "?"),
        (Type::Date, "soon"),
        (Type::DateList, "2026-13-01"),
    ];
    for (key_type, value) in cases {
        let input = SimulateCustomPolicyInput {
            context_entries: Some(vec![entry("my:Key", &[value], key_type)]),
            ..asked(&[ALL], &["s3:GetObject"], &[])
        };
        let expected = format!(
            "InvalidInput: The value {value} of context key my:Key is not of type {}.",
            key_type.as_str()
        );
        assert_eq!(fixture.refusal::<SimulateCustomPolicy>(input), expected);
    }
}
