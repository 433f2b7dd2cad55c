use std::collections::{BTreeMap, BTreeSet};

use daypass_policy::PolicyKind;
use daypass_policy::lint::{Severity, check};

use super::*;

#[test]
fn the_catalogue_answers() {
    assert_eq!(Catalog.actions("nothing"), None);
    assert!(Catalog.actions("STS").unwrap().contains(&"AssumeRole"));
    assert_eq!(
        Catalog.resource_arns("iam", "passrole"),
        ["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"]
    );
    assert!(Catalog.carries("iam", "PassRole", "iam:passedtoservice"));
    assert!(!Catalog.carries("iam", "GetRole", "iam:PassedToService"));
    // A key that the action has with its resource.
    assert!(Catalog.carries("iam", "GetRole", "iam:ResourceTag/team"));
    assert!(Catalog.global_key("aws:TagKeys").unwrap().multivalued);
    assert!(Catalog.key_names("").contains(&"aws:PrincipalArn"));
}

#[test]
fn amr_of_every_identity_provider_needs_a_set_operator() {
    for provider in ["cognito-identity.amazonaws.com", "idp.example/realm", "idp.example"] {
        for (operator, expected) in [("StringEquals", 1), ("ForAnyValue:StringEquals", 0)] {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal":
                    {{"AWS": "111111111111"}}, "Action": "sts:AssumeRole",
                    "Condition": {{"{operator}": {{"{provider}:amr": "mfa"}}}}}}}}"#
            );
            let findings = check(PolicyKind::Trust, &text, &Catalog);
            let missing = findings.iter().filter(|it| it.rule.id == "missing-set-operator");
            assert_eq!(missing.count(), expected, "{provider} {operator}");
        }
    }
}

#[test]
fn a_service_that_does_not_exist_is_found_with_the_one_that_was_meant() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"Service": "ecs-task.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;
    let findings = check(PolicyKind::Trust, text, &Catalog);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.help.as_deref(), Some("did you mean `ecs-tasks.amazonaws.com`?"));
    assert_eq!(finding.severity, Severity::Error);
}

/// AWS's own policies are right; what is found in them is what the catalogue does not know.
#[test]
fn the_managed_policies_have_no_errors_but_these() {
    let mut found = BTreeMap::<_, BTreeSet<String>>::new();
    for policy in daypass_catalog::managed_policies() {
        let text = policy.document();
        for finding in check(PolicyKind::Managed, text, &Catalog) {
            let name = text.get(finding.span.clone()).unwrap().trim_matches('"');
            if finding.severity == Severity::Error {
                let prefix = name.split_once(':').map_or(name, |(prefix, _)| prefix);
                let names = found.entry((finding.rule.id, prefix.to_owned())).or_default();
                names.insert(name.to_owned());
            }
        }
    }
    let expected: BTreeMap<_, _> = UNKNOWN
        .iter()
        .map(|(rule, prefix, count, _)| ((*rule, (*prefix).to_owned()), *count))
        .collect();
    let counts: BTreeMap<_, _> =
        found.iter().map(|(at, names)| (at.clone(), names.len())).collect();
    assert_eq!(counts, expected, "{found:#?}");
}

/// What the Service Authorization Reference does not list: the rule, the service, how many names,
/// and why.
const UNKNOWN: [(&str, &str, usize, &str); 21] = [
    ("unknown-action", "account", 2, "newer than the catalogue"),
    ("unknown-action", "budgets", 5, "names of API operations that are no actions"),
    ("unknown-action", "cloud9", 1, "not documented"),
    ("unknown-action", "cloudhsm", 7, "CloudHSM Classic, retired"),
    ("unknown-action", "memorydb", 1, "of the service itself"),
    ("unknown-action", "organizations", 1, "newer than the catalogue"),
    ("unknown-action", "payments", 17, "newer than the catalogue"),
    ("unknown-action", "qapps", 2, "not documented"),
    ("unknown-action", "route53-recovery-control-config", 1, "not documented"),
    ("unknown-action", "securityagent", 16, "newer than the catalogue"),
    ("unknown-condition-key", "aws", 1, "aws:PrincipalOrgMasterAccountId, superseded"),
    ("unknown-condition-key", "deepracer", 2, "retired with its service"),
    ("unknown-condition-key", "lakeformation", 1, "not documented"),
    ("unknown-service", "assurance", 22, "newer than the catalogue"),
    ("unknown-service", "builderid", 4, "newer than the catalogue"),
    ("unknown-service", "deepcomposer", 9, "retired"),
    ("unknown-service", "deeplens", 1, "retired"),
    ("unknown-service", "deepracer", 23, "retired"),
    ("unknown-service", "elastic-inference", 3, "retired"),
    ("unknown-service", "iot1click", 12, "retired"),
    ("unknown-service", "zocalo", 2, "the first name of Amazon WorkDocs"),
];
