//! What IAM takes and refuses when a policy is saved, in its operations (recorded from AWS in 2026). Each
//! row stands for a kind, with its neighbours; `daypass_policy` has the rest of them.

use daypass_authz::Departures;
use daypass_model::iam::*;
use daypass_policy::{Malformed, Policy, PolicyKind};

use crate::generated::*;
use crate::testing::Fixture;

const LEGACY: &str = "The policy failed legacy parsing";
const ACTIONS: &str = "AssumeRole policy may only specify STS AssumeRole actions.";
const VENDOR: &str = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.";

/// What creating a role with this trust policy says; `None` when it is saved.
fn trust(fixture: &Fixture, principal: &str, action: &str) -> Option<String> {
    let document = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Principal": {principal}, "Action": {action}}}}}"#
    );
    fixture.ok::<CreateRole>(CreateRoleInput {
        role_name: "r".to_owned(),
        assume_role_policy_document: EVERYBODY.to_owned(),
        ..Default::default()
    });
    let update = UpdateAssumeRolePolicyInput {
        role_name: "r".to_owned(),
        policy_document: document.clone(),
    };
    let updated = refusal(fixture.call::<UpdateAssumeRolePolicy>(&fixture.root(), update));
    fixture.ok::<DeleteRole>(DeleteRoleInput { role_name: "r".to_owned() });
    let created = refusal(fixture.call::<CreateRole>(
        &fixture.root(),
        CreateRoleInput {
            role_name: "r".to_owned(),
            assume_role_policy_document: document,
            ..Default::default()
        },
    ));
    if created.is_none() {
        fixture.ok::<DeleteRole>(DeleteRoleInput { role_name: "r".to_owned() });
    }
    assert_eq!(created, updated, "{principal} {action}");
    created
}

const EVERYBODY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#;

/// The message of a refusal, which is a `MalformedPolicyDocument`.
fn refusal<T>(answer: Result<T, daypass_model::ServiceError>) -> Option<String> {
    let error = answer.err()?;
    assert_eq!(error.shape.code, "MalformedPolicyDocument");
    Some(error.message.unwrap_or_default().into_owned())
}

/// What creating a managed policy says, and the same of a version of one, and of an inline policy of the
/// current version of the language.
fn identity(fixture: &Fixture, statement: &str) -> Option<String> {
    let document =
        format!(r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", {statement}}}}}"#);
    let answers =
        [managed(fixture, &document), version(fixture, &document), inline(fixture, &document)];
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{statement}: {answers:?}");
    let [answer, ..] = answers;
    answer
}

fn managed(fixture: &Fixture, document: &str) -> Option<String> {
    let input = CreatePolicyInput {
        policy_name: "p".to_owned(),
        policy_document: document.to_owned(),
        ..Default::default()
    };
    let made = fixture.call::<CreatePolicy>(&fixture.root(), input);
    if made.is_ok() {
        fixture.ok::<DeletePolicy>(DeletePolicyInput { policy_arn: arn("p") });
    }
    refusal(made)
}

fn version(fixture: &Fixture, document: &str) -> Option<String> {
    fixture.ok::<CreatePolicy>(CreatePolicyInput {
        policy_name: "v".to_owned(),
        policy_document: r#"{"Version": "2012-10-17", "Statement":
            {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#
            .to_owned(),
        ..Default::default()
    });
    let input = CreatePolicyVersionInput {
        policy_arn: arn("v"),
        policy_document: document.to_owned(),
        ..Default::default()
    };
    let made = fixture.call::<CreatePolicyVersion>(&fixture.root(), input);
    if made.is_ok() {
        let version_id = "v2".to_owned();
        fixture.ok::<DeletePolicyVersion>(DeletePolicyVersionInput {
            policy_arn: arn("v"),
            version_id,
        });
    }
    fixture.ok::<DeletePolicy>(DeletePolicyInput { policy_arn: arn("v") });
    refusal(made)
}

fn inline(fixture: &Fixture, document: &str) -> Option<String> {
    refusal(fixture.call::<PutUserPolicy>(
        &fixture.root(),
        PutUserPolicyInput {
            user_name: "u".to_owned(),
            policy_name: "p".to_owned(),
            policy_document: document.to_owned(),
        },
    ))
}

fn arn(name: &str) -> String {
    format!("arn:aws:iam::000000000000:policy/{name}")
}

fn with_user() -> Fixture {
    let fixture = Fixture::new();
    fixture.user("u", None);
    fixture
}

#[test]
fn trust_policies_name_the_actions_by_which_a_role_is_assumed() {
    let fixture = Fixture::new();
    let everybody = r#"{"AWS": "*"}"#;
    for action in [
        "sts:*",
        "*",
        "sts:AssumeRoot",
        "sts:GetCallerIdentity",
        "sts:GetSessionToken",
        "sts:assumerole",
        "STS:AssumeRole",
        "sts:AssumeRole*",
        "s3:GetObject",
    ] {
        let refused = trust(&fixture, everybody, &format!("{action:?}"));
        assert_eq!(refused.as_deref(), Some(ACTIONS), "{action}");
        let beside = trust(&fixture, everybody, &format!(r#"["sts:AssumeRole", "{action}"]"#));
        assert_eq!(beside.as_deref(), Some(ACTIONS), "{action}");
    }
    for action in [
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoleWithSAML",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        "sts:SetContext",
    ] {
        assert_eq!(trust(&fixture, everybody, &format!("{action:?}")), None, "{action}");
    }
}

#[test]
fn trust_policies_name_principals_that_there_are() {
    let fixture = Fixture::new();
    let action = r#""sts:AssumeRole""#;
    let star = r#"AssumeRolepolicy contained an invalid principal: "STAR":"*"."#;
    assert_eq!(trust(&fixture, r#""*""#, action).as_deref(), Some(star));
    for service in [
        "tagging.amazonaws.com",
        "lamda.amazonaws.com",
        "lambda.us-east-1.amazonaws.com",
        "Lambda.amazonaws.com",
        "lambda",
        "lambda.example.com",
    ] {
        let expected = format!(r#"Invalid principal in policy: "SERVICE":"{service}""#);
        let principal = format!(r#"{{"Service": ["ec2.amazonaws.com", "{service}"]}}"#);
        assert_eq!(trust(&fixture, &principal, action), Some(expected));
    }
    for service in [
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
        "logs.us-east-1.amazonaws.com",
        "ec2.amazonaws.com.cn",
    ] {
        assert_eq!(trust(&fixture, &format!(r#"{{"Service": "{service}"}}"#), action), None);
    }
}

#[test]
fn a_refused_service_comes_with_advice_unless_strict() {
    let fixture = Fixture::with_departures(Departures::DEFAULT);
    let refused = |service: &str| {
        let principal = format!(r#"{{"Service": "{service}"}}"#);
        trust(&fixture, &principal, r#""sts:AssumeRole""#).unwrap()
    };
    assert_eq!(
        refused("lamda.amazonaws.com"),
        "Invalid principal in policy: \"SERVICE\":\"lamda.amazonaws.com\" (daypass knows no service of \
         this name; did you mean lambda.amazonaws.com? the setting service_principals adds names)"
    );
    assert_eq!(
        refused("tagging.amazonaws.com"),
        "Invalid principal in policy: \"SERVICE\":\"tagging.amazonaws.com\" (daypass knows no service \
         of this name; the setting service_principals adds names)"
    );
}

#[test]
fn the_setting_adds_services() {
    let fixture = Fixture::with_services(&["my-service.amazonaws.com"]);
    let service = |name: &str| {
        trust(&fixture, &format!(r#"{{"Service": "{name}"}}"#), r#""sts:AssumeRole""#).is_none()
    };
    assert!(service("my-service.amazonaws.com"));
    assert!(!service("my-services.amazonaws.com"));
}

#[test]
fn resources_are_arns_of_the_accounts_partition_with_a_region_and_an_account() {
    let fixture = with_user();
    let said = |resource: &str, negated: bool| {
        let element = if negated { "NotResource" } else { "Resource" };
        identity(&fixture, &format!(r#""Action": "sqs:*", "{element}": "{resource}""#))
    };
    for resource in [
        "arn:aws:sqs:us-east-1:<ACCOUNT_ID>:jobs",
        "arn:aws:ssm:us-east-1:#{AWS::AccountId}:parameter/x",
        "arn:aws:secretsmanager:{region}:{aws-account-id}:secret:*",
    ] {
        for negated in [false, true] {
            assert_eq!(said(resource, negated).as_deref(), Some(LEGACY), "{resource}");
        }
    }
    for partition in ["aws-cn", "aws-us-gov", "aws-nope", "", "AWS"] {
        let resource = format!("arn:{partition}:s3:::bucket");
        let expected =
            format!(r#"Partition "{partition}" is not valid for resource "{resource}"."#);
        for negated in [false, true] {
            assert_eq!(said(&resource, negated).as_deref(), Some(&*expected));
        }
    }
    for resource in [
        "arn:aws:sqs:us-east-1:111122223333:jobs",
        "arn:aws:sqs:*:*:jobs",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:s3:::bucket",
        "arn:*:s3:::bucket",
    ] {
        for negated in [false, true] {
            assert_eq!(said(resource, negated), None, "{resource}");
        }
    }
}

#[test]
fn condition_values_are_what_their_operator_compares() {
    let fixture = with_user();
    let said = |operator: &str, key: &str, value: &str| {
        identity(
            &fixture,
            &format!(
                r#""Action": "s3:*", "Resource": "*", "Condition": {{"{operator}": {{"{key}": "{value}"}}}}"#
            ),
        )
    };
    let refused = [
        ("IpAddress", "203.0.113.999/24", LEGACY),
        ("IpAddress", "example.com", LEGACY),
        ("IpAddress", "1.2.3", LEGACY),
        ("IpAddress", "10.0.0.0/33", LEGACY),
        ("IpAddress", "10.0.0.0/8 ", LEGACY),
        ("NotIpAddress", "example.com", LEGACY),
        ("NumericLessThan", "0x10", LEGACY),
        ("NumericLessThan", " 1", LEGACY),
        ("DateLessThan", "soon", LEGACY),
        ("ArnLike", "${aws:PrincipalArn}", LEGACY),
        ("ArnNotEquals", "role/x", LEGACY),
        ("BinaryEquals", "aGk", "Syntax errors in policy."),
    ];
    for (operator, value, expected) in refused {
        assert_eq!(said(operator, "x:y", value).as_deref(), Some(expected), "{operator} {value}");
    }
    for value in
        ["203.0.113.0/24", "203.0.113.5", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "::/0"]
    {
        assert_eq!(said("IpAddress", "aws:SourceIp", value), None, "{value}");
    }
    for (operator, value) in
        [("NumericLessThan", "1e3"), ("ArnLike", "*"), ("BinaryEquals", "aGk="), ("Bool", "maybe")]
    {
        assert_eq!(said(operator, "x:y", value), None, "{operator} {value}");
    }
}

#[test]
fn the_vendor_of_an_action_is_written_out() {
    let fixture = with_user();
    for element in ["Action", "NotAction"] {
        let said = |action: &str| {
            identity(&fixture, &format!(r#""{element}": "{action}", "Resource": "*""#))
        };
        for action in ["*:GetObject", "s3*:GetObject", "s3?:Get"] {
            assert_eq!(said(action).as_deref(), Some(VENDOR), "{action}");
        }
        for action in ["s3:Get*", "s3:*", "*"] {
            assert_eq!(said(action), None, "{action}");
        }
    }
}

#[test]
fn inline_policies_may_be_of_2008_and_managed_ones_may_not() {
    let fixture = with_user();
    let old = "Policy document must be version 2012-10-17 or greater.";
    for version_element in ["", r#""Version": "2008-10-17", "#] {
        let document = format!(
            r#"{{{version_element}"Statement": {{"Effect": "Allow", "Action": "iam:GetUser",
                "Resource": "arn:aws:iam::000000000000:user/${{aws:username}}"}}}}"#
        );
        assert_eq!(inline(&fixture, &document), None);
        assert_eq!(managed(&fixture, &document).as_deref(), Some(old));
        assert_eq!(version(&fixture, &document).as_deref(), Some(old));

        // The variable is plain text: it names no user.
        let bob = fixture.user(if version_element.is_empty() { "b" } else { "c" }, Some(&document));
        let own = GetUserInput { user_name: None };
        assert!(fixture.denial::<GetUser>(&bob, own).contains("no identity-based policy allows"));
    }
}

/// Whether somebody with these statements may tag a role with these keys.
fn may_tag(fixture: &Fixture, name: &str, statements: &[&str], keys: &[&str]) -> bool {
    let document =
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let caller = fixture.user(name, Some(&document));
    let tag = |key: &&str| Tag { key: (*key).to_owned(), value: String::new() };
    let input = TagRoleInput { role_name: "r".to_owned(), tags: keys.iter().map(tag).collect() };
    match fixture.call::<TagRole>(&caller, input) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.shape.code, "AccessDenied");
            false
        }
    }
}

const ALLOW: &str = r#"{"Effect": "Allow", "Action": "iam:TagRole", "Resource": "*"}"#;

fn when(effect: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect": "{effect}", "Action": "iam:TagRole", "Resource": "*", "Condition": {condition}}}"#
    )
}

#[test]
fn tags_are_judged_by_set_operators_and_whatever_the_case_of_their_keys() {
    let fixture = Fixture::new();
    fixture.ok::<CreateRole>(CreateRoleInput {
        role_name: "r".to_owned(),
        assume_role_policy_document: EVERYBODY.to_owned(),
        ..Default::default()
    });
    let keys =
        |operator: &str, values: &str| format!(r#"{{"{operator}": {{"aws:TagKeys": {values}}}}}"#);
    let both = r#"["team", "cost"]"#;
    let allow = |condition: &str| vec![when("Allow", condition)];
    let deny = |condition: &str| vec![ALLOW.to_owned(), when("Deny", condition)];
    let no_task = r#"{"Null": {"aws:RequestTag/task": "false"}}"#;
    let team_and_cost = &["team", "cost"][..];
    let cases = [
        (allow(&keys("StringEquals", both)), team_and_cost, false),
        (allow(&keys("StringEquals", both)), &["team"], false),
        (allow(&keys("StringLike", r#""*""#)), team_and_cost, false),
        (allow(&keys("StringNotEquals", r#""other""#)), &["team"], false),
        (deny(&keys("StringEquals", r#""team""#)), team_and_cost, true),
        (deny(&keys("StringEquals", r#""team""#)), &["team"], true),
        (allow(&keys("ForAllValues:StringEquals", both)), team_and_cost, true),
        (allow(&keys("ForAllValues:StringEquals", both)), &["team", "other"], false),
        (deny(&keys("ForAnyValue:StringEquals", r#""team""#)), team_and_cost, false),
        (deny(&keys("ForAnyValue:StringEquals", r#""team""#)), &["cost"], true),
        (deny(no_task), &["task"], false),
        (deny(no_task), &["TASK"], false),
        (deny(no_task), &["tas\u{212a}"], false),
        (deny(no_task), &["ta\u{17f}k"], false),
        (deny(no_task), &["tasks"], true),
    ];
    for (number, (statements, keys, expected)) in cases.into_iter().enumerate() {
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        let may = may_tag(&fixture, &format!("u{number}"), &statements, keys);
        assert_eq!(may, expected, "{statements:?} {keys:?}");
    }
}

/// AWS's own policies are examples of what can be saved; but for two with ARNs of role templates, which
/// the list of IAM's resources in AWS's sentence does not have.
#[test]
fn what_aws_wrote_can_be_saved() {
    let refused: Vec<_> = daypass_catalog::managed_policies()
        .iter()
        .filter_map(|policy| {
            let error = Policy::parse(PolicyKind::Inline, policy.document()).err()?;
            Some((policy.name, error))
        })
        .collect();
    let templates = [
        ("AWSCloudWatchOmniServiceRolePolicy", Malformed::IamPath),
        ("AWSObservabilityAdminTelemetryEnablementServiceRolePolicy", Malformed::IamPath),
    ];
    assert_eq!(refused, templates);
}
