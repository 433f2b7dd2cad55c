use std::collections::BTreeSet;

use super::*;
use crate::{AccessLevel, KeyType};

#[test]
fn every_service_is_whole_and_sorted() {
    assert_eq!(services().len(), 456);
    assert!(services().is_sorted_by(|a, b| a.prefix < b.prefix));
    let mut actions = 0;
    for service in services() {
        let sorted = |a: &str, b: &str| a.to_lowercase() < b.to_lowercase();
        assert!(
            service.actions().is_sorted_by(|a, b| sorted(a.name, b.name)),
            "{}",
            service.prefix
        );
        actions += service.actions().len();
        let keys: BTreeSet<_> = service.condition_keys().iter().map(|key| key.name).collect();
        for action in service.actions() {
            let at = format!("{}:{}", service.prefix, action.name);
            assert_eq!(service.action(&action.name.to_uppercase()), Some(action), "{at}");
            assert!(action.condition_keys.iter().all(|key| keys.contains(key)), "{at}");
            for resource in &action.resource_types {
                assert!(service.resource_type(resource.name).is_some(), "{at}: {}", resource.name);
                assert!(resource.condition_keys.iter().all(|key| keys.contains(key)), "{at}");
            }
        }
        for resource in service.resource_types() {
            assert!(resource.arns.iter().all(|arn| arn.starts_with("arn:")), "{resource:?}");
            assert!(resource.condition_keys.iter().all(|key| keys.contains(key)), "{resource:?}");
        }
    }
    assert_eq!(actions, 22_091);
}

#[test]
fn iam_and_sts_are_known_in_detail() {
    let iam = service("IAM").unwrap();
    assert_eq!((iam.prefix, iam.actions().len()), ("iam", 190));
    assert_eq!(service("sts").unwrap().actions().len(), 16);

    let pass_role = iam.action("passrole").unwrap();
    assert_eq!((pass_role.name, pass_role.access_level), ("PassRole", AccessLevel::Write));
    assert_eq!(*pass_role.condition_keys, ["iam:AssociatedResourceArn", "iam:PassedToService"]);
    let [role] = &*pass_role.resource_types else { panic!("{pass_role:?}") };
    assert_eq!((role.name, role.required), ("role", true));
    assert_eq!(
        *iam.resource_type("role").unwrap().arns,
        ["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"]
    );
    assert!(iam.action("ListUsers").unwrap().resource_types.is_empty());
    assert_eq!(iam.action("TagUser").unwrap().access_level, AccessLevel::Tagging);

    let key = iam.condition_key("IAM:passedtoservice").unwrap();
    assert_eq!((key.value_type, key.multivalued), (KeyType::Text, false));
    let tag = iam.condition_key("iam:ResourceTag/team").unwrap();
    assert_eq!(tag.name, "iam:ResourceTag/${TagKey}");
    let object_tag = service("s3").unwrap().condition_key("s3:ExistingObjectTag/team").unwrap();
    assert_eq!(object_tag.name, "s3:ExistingObjectTag/${key}");
}

#[test]
fn several_arns_and_names_with_spaces() {
    let alias = service("lex").unwrap().resource_type("bot alias").unwrap();
    assert_eq!(alias.arns.len(), 2);
    let put = service("lambda").unwrap().action("PutProvisionedConcurrencyConfig").unwrap();
    assert!(put.resource_types.iter().any(|resource| resource.name == "function alias"));
}

#[test]
fn control_policies_reach_some_services() {
    for (prefix, expected) in [("sts", true), ("s3", true), ("iam", false), ("nothing", false)] {
        assert_eq!(rcp_supported(prefix), expected, "{prefix}");
    }
}

#[test]
fn others_names_are_none() {
    assert!(service("").is_none() && service("iam ").is_none() && service("*").is_none());
    let iam = service("iam").unwrap();
    assert!(iam.action("").is_none() && iam.action("CreateUsers").is_none());
    assert!(iam.resource_type("Role").is_none() && iam.condition_key("iam:Nothing").is_none());
}
