use std::collections::BTreeMap;

use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{ACCOUNT, Fixture};

const POWER_USER: &str = "arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1";

fn acquire(values: &[(&str, &str)]) -> AcquireRoleInput {
    let entry = |value: &str| ReplacementValueEntry { values: vec![value.to_owned()] };
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), entry(value)));
    AcquireRoleInput {
        template_arn: POWER_USER.to_owned(),
        template_minor_version: None,
        replacement_values: Some(values.collect::<BTreeMap<_, _>>()),
    }
}

fn workers() -> AcquireRoleInput {
    acquire(&[("AWSServiceName", "ec2.amazonaws.com"), ("RoleName", "workers")])
}

#[test]
fn a_template_is_shown_with_its_parameters() {
    let fixture = Fixture::new();
    let get = |arn: &str, minor_version| GetRoleTemplateVersionInput {
        template_arn: arn.to_owned(),
        minor_version,
    };
    let found = fixture.ok::<GetRoleTemplateVersion>(get(POWER_USER, None)).role_template_version;
    let parameters = found.parameters_definition.unwrap();
    let names: Vec<_> = parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["AWSServiceName", "RoleName"]);
    assert_eq!((found.minor_version, found.enabled), (Some(0), Some(true)));
    for input in [get(POWER_USER, Some(7)), get(&POWER_USER.replace("Power", "Weak"), None)] {
        let refusal = fixture.refusal::<GetRoleTemplateVersion>(input);
        assert!(refusal.starts_with("NoSuchEntity: "), "{refusal}");
    }
}

#[test]
fn a_role_is_made_once_and_then_found() {
    let fixture = Fixture::new();
    let made = fixture.ok::<AcquireRole>(workers()).role;
    assert_eq!(made.arn, format!("arn:aws:iam::{ACCOUNT}:role/workers"));
    let source = made.source_role_template.clone().unwrap();
    assert_eq!((source.template_arn.as_str(), source.template_minor_version), (POWER_USER, 0));
    let attached =
        ListAttachedRolePoliciesInput { role_name: "workers".to_owned(), ..Default::default() };
    let attached = fixture.ok::<ListAttachedRolePolicies>(attached).attached_policies.unwrap();
    assert_eq!(attached[0].policy_name.as_deref(), Some("PowerUserAccess"));
    assert_eq!(fixture.ok::<AcquireRole>(workers()).role, made);
    let get = GetRoleInput { role_name: "workers".to_owned() };
    assert!(fixture.ok::<GetRole>(get).role.source_role_template.is_some());
    fixture.ok::<DetachRolePolicy>(DetachRolePolicyInput {
        role_name: "workers".to_owned(),
        policy_arn: "arn:aws:iam::aws:policy/PowerUserAccess".to_owned(),
    });
    let refusal = fixture.refusal::<AcquireRole>(workers());
    assert!(refusal.starts_with("RoleModified: "), "{refusal}");
}

#[test]
fn a_namesake_and_values_that_do_not_fit_are_refused() {
    let fixture = Fixture::new();
    let other = CreateRoleInput {
        role_name: "workers".to_owned(),
        assume_role_policy_document: r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#.to_owned(),
        ..Default::default()
    };
    fixture.ok::<CreateRole>(other);
    let refusal = fixture.refusal::<AcquireRole>(workers());
    assert!(refusal.starts_with("NameConflict: "), "{refusal}");
    for values in [
        &[("RoleName", "a")] as &[_],
        &[("AWSServiceName", "ec2.amazonaws.com"), ("RoleName", "a"), ("Other", "b")],
        &[("AWSServiceName", "ec2\"},\"x\":{\""), ("RoleName", "a")],
        &[("AWSServiceName", "ec2.amazonaws.com"), ("RoleName", "")],
    ] {
        let refusal = fixture.refusal::<AcquireRole>(acquire(values));
        assert!(refusal.starts_with("InvalidInput: "), "{values:?}: {refusal}");
    }
}

#[test]
fn whoever_makes_a_role_needs_what_making_it_by_hand_needs() {
    let fixture = Fixture::new();
    let policy = |actions: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":{actions},"Resource":"*","Condition":{{"StringEquals":{{"iam:RoleTemplateARN":"{POWER_USER}"}}}}}}}}"#
        )
    };
    let creator = fixture.user("creator", Some(&policy(r#"["iam:CreateRole"]"#)));
    let denial = fixture.denial::<AcquireRole>(&creator, workers());
    assert!(denial.contains("iam:AttachRolePolicy"), "{denial}");
    let both = r#"["iam:CreateRole", "iam:AttachRolePolicy"]"#;
    let maker = fixture.user("maker", Some(&policy(both)));
    fixture.call::<AcquireRole>(&maker, workers()).unwrap();
    let denial = fixture.denial::<AcquireRole>(&maker, workers());
    assert!(denial.contains("iam:GetRole"), "{denial}");
}
