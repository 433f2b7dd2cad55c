use aws_smithy_types::DateTime;
use daypass_model::iam::*;
use daypass_state::record::PolicyRecord;
use percent_encoding::percent_decode_str;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

const DOCUMENT: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

fn named(policy_name: &str) -> CreatePolicyInput {
    CreatePolicyInput {
        policy_name: policy_name.to_owned(),
        policy_document: DOCUMENT.to_owned(),
        ..Default::default()
    }
}

fn arn(rest: &str) -> String {
    format!("arn:aws:iam::000000000000:policy/{rest}")
}

fn get(policy_arn: &str) -> GetPolicyInput {
    GetPolicyInput { policy_arn: policy_arn.to_owned() }
}

fn delete(policy_arn: &str) -> DeletePolicyInput {
    DeletePolicyInput { policy_arn: policy_arn.to_owned() }
}

fn version(policy_arn: &str, set_as_default: Option<bool>) -> CreatePolicyVersionInput {
    CreatePolicyVersionInput {
        policy_arn: policy_arn.to_owned(),
        policy_document: DOCUMENT.to_owned(),
        set_as_default,
    }
}

fn get_version(policy_arn: &str, version_id: &str) -> GetPolicyVersionInput {
    GetPolicyVersionInput { policy_arn: policy_arn.to_owned(), version_id: version_id.to_owned() }
}

fn set_default(policy_arn: &str, version_id: &str) -> SetDefaultPolicyVersionInput {
    SetDefaultPolicyVersionInput {
        policy_arn: policy_arn.to_owned(),
        version_id: version_id.to_owned(),
    }
}

fn delete_version(policy_arn: &str, version_id: &str) -> DeletePolicyVersionInput {
    DeletePolicyVersionInput {
        policy_arn: policy_arn.to_owned(),
        version_id: version_id.to_owned(),
    }
}

fn list_versions(policy_arn: &str) -> ListPolicyVersionsInput {
    ListPolicyVersionsInput { policy_arn: policy_arn.to_owned(), ..Default::default() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn attach_to_user(fixture: &Fixture, user_name: &str, policy_arn: &str) {
    fixture.ok::<AttachUserPolicy>(AttachUserPolicyInput {
        user_name: user_name.to_owned(),
        policy_arn: policy_arn.to_owned(),
    });
}

fn bound_user(fixture: &Fixture, user_name: &str, permissions_boundary: &str) {
    fixture.ok::<PutUserPermissionsBoundary>(PutUserPermissionsBoundaryInput {
        user_name: user_name.to_owned(),
        permissions_boundary: permissions_boundary.to_owned(),
    });
}

/// Attachments and uses as a boundary.
fn counts(fixture: &Fixture, policy_arn: &str) -> (i32, i32) {
    let policy = fixture.ok::<GetPolicy>(get(policy_arn)).policy.unwrap();
    (policy.attachment_count.unwrap(), policy.permissions_boundary_usage_count.unwrap())
}

/// The versions, the newest first; the default one with a star.
fn versions(fixture: &Fixture, policy_arn: &str) -> Vec<String> {
    let versions = fixture.ok::<ListPolicyVersions>(list_versions(policy_arn)).versions.unwrap();
    let shown = |version: PolicyVersion| {
        let star = if version.is_default_version.unwrap() { "*" } else { "" };
        format!("{}{star}", version.version_id.unwrap())
    };
    versions.into_iter().map(shown).collect()
}

#[test]
fn a_policy_is_made_as_asked() {
    let fixture = Fixture::new();
    let input = CreatePolicyInput {
        path: Some("/team/".to_owned()),
        description: Some("reads".to_owned()),
        tags: Some(vec![tag("Team", "a"), tag("team", "b")]),
        ..named("Read")
    };
    let made = fixture.ok::<CreatePolicy>(input).policy.unwrap();
    let id = made.policy_id.clone().unwrap();
    assert!(id.starts_with("ANPA") && id.len() == 21, "{id}");
    let expected = Policy {
        policy_name: Some("Read".to_owned()),
        policy_id: Some(id),
        arn: Some(arn("team/Read")),
        path: Some("/team/".to_owned()),
        default_version_id: Some("v1".to_owned()),
        attachment_count: Some(0),
        permissions_boundary_usage_count: Some(0),
        is_attachable: Some(true),
        description: None,
        create_date: Some(DateTime::from_secs(NOW)),
        update_date: Some(DateTime::from_secs(NOW)),
        tags: Some(vec![tag("Team", "a"), tag("team", "b")]),
    };
    assert_eq!(made, expected);
    let found = fixture.ok::<GetPolicy>(get(&arn("team/Read"))).policy.unwrap();
    assert_eq!(found, Policy { description: Some("reads".to_owned()), ..expected.clone() });
    let local = ListPoliciesInput { scope: Some(PolicyScopeType::Local), ..Default::default() };
    let listed = fixture.ok::<ListPolicies>(local).policies.unwrap();
    assert_eq!(listed, [Policy { tags: None, ..expected }]);

    let found = fixture.ok::<GetPolicyVersion>(get_version(&arn("team/Read"), "v1"));
    let encoded = found.policy_version.unwrap().document.unwrap();
    assert!(encoded.starts_with("%7B%22Version%22%3A%20%222012-10-17%22"), "{encoded}");
    assert_eq!(percent_decode_str(&encoded).decode_utf8().unwrap(), DOCUMENT);
}

#[test]
fn what_cannot_be_made_is_refused() {
    let fixture = Fixture::new();
    fixture.ok::<CreatePolicy>(named("Read"));
    let document =
        |text: &str| CreatePolicyInput { policy_document: text.to_owned(), ..named("new") };
    let duplicate = "EntityAlreadyExists: A policy called rEAD already exists. Duplicate names \
                     are not allowed.";
    let cases = [
        (named("rEAD"), duplicate),
        (CreatePolicyInput { path: Some("/x/".to_owned()), ..named("rEAD") }, duplicate),
        (document("{"), "MalformedPolicyDocument: Syntax errors in policy."),
        (
            document(&DOCUMENT.replace("2012", "2008")),
            "MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater.",
        ),
        (
            document(&DOCUMENT.replace("s3:GetObject", "GetObject")),
            "MalformedPolicyDocument: Actions/Conditions must be prefaced by a vendor, e.g., \
             iam, sdb, ec2, etc.",
        ),
        (
            CreatePolicyInput { tags: Some(vec![tag("a", ""), tag("a", "")]), ..named("new") },
            "InvalidInput: Duplicate tag keys found.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(fixture.refusal::<CreatePolicy>(input), expected);
    }
    assert_eq!(versions(&fixture, &arn("Read")), ["v1*"]);
}

#[test]
fn a_policy_has_6144_characters_at_most() {
    let fixture = Fixture::new();
    let room = 6144 - daypass_policy::non_whitespace_len(DOCUMENT);
    let sized = |size: usize| {
        let sid = "x".repeat(size - r#""Sid":"","#.len());
        DOCUMENT.replace(r#""Effect""#, &format!("\"Sid\": \"{sid}\",\n\"Effect\""))
    };
    let create = |size: usize| CreatePolicyInput { policy_document: sized(size), ..named("Sized") };
    let expected = "LimitExceeded: Cannot exceed quota for PolicySize: 6144";
    assert_eq!(fixture.refusal::<CreatePolicy>(create(room + 1)), expected);
    fixture.ok::<CreatePolicy>(create(room));
    let again = |size: usize| CreatePolicyVersionInput {
        policy_document: sized(size),
        ..version(&arn("Sized"), None)
    };
    assert_eq!(fixture.refusal::<CreatePolicyVersion>(again(room + 1)), expected);
    fixture.ok::<CreatePolicyVersion>(again(room));
}

#[test]
fn there_are_1500_policies_at_most() {
    let fixture = Fixture::new();
    fixture.ok::<CreatePolicy>(named("first"));
    fixture.write(|account, tx| {
        let first = account.policy("first").unwrap();
        for number in 1..1499 {
            tx.put_policy(&PolicyRecord { name: format!("p{number}"), ..first.record.clone() });
        }
    });
    fixture.ok::<CreatePolicy>(named("last"));
    assert_eq!(
        fixture.refusal::<CreatePolicy>(named("one-more")),
        "LimitExceeded: Cannot exceed quota for PoliciesPerAccount: 1500"
    );
}

#[test]
fn five_versions_and_no_number_twice() {
    let fixture = Fixture::new();
    let policy = &arn("P");
    fixture.ok::<CreatePolicy>(named("P"));
    for number in 2..=5 {
        let made = fixture.ok::<CreatePolicyVersion>(version(policy, None)).policy_version.unwrap();
        assert_eq!(made.version_id, Some(format!("v{number}")));
        assert_eq!((made.is_default_version, made.document), (Some(false), None));
    }
    assert_eq!(
        fixture.refusal::<CreatePolicyVersion>(version(policy, None)),
        "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new \
         version, you must delete an existing version."
    );
    fixture.ok::<DeletePolicyVersion>(delete_version(policy, "v5"));
    let made = fixture.ok::<CreatePolicyVersion>(version(policy, Some(true))).policy_version;
    assert_eq!(made.unwrap().is_default_version, Some(true));
    assert_eq!(versions(&fixture, policy), ["v6*", "v4", "v3", "v2", "v1"]);
}

#[test]
fn the_default_version_is_the_one_in_force() {
    let fixture = Fixture::new();
    let policy = &arn("P");
    let deny = DOCUMENT
        .replace("Allow", "Deny")
        .replace("s3:GetObject", "*")
        .replace("arn:aws:s3:::b/*", "*");
    let input = CreatePolicyInput { policy_document: deny, ..named("P") };
    fixture.ok::<CreatePolicy>(input);
    fixture.ok::<CreatePolicyVersion>(CreatePolicyVersionInput {
        policy_document: DOCUMENT
            .replace("s3:GetObject", "iam:GetPolicy")
            .replace("arn:aws:s3:::b/*", policy),
        ..version(policy, None)
    });
    let reader = fixture.user("reader", None);
    attach_to_user(&fixture, "reader", policy);
    let refusal = fixture.refusal_to::<GetPolicy>(&reader, get(policy));
    let because = format!("with an explicit deny in an identity-based policy: {policy}");
    assert!(refusal.ends_with(&because), "{refusal}");

    fixture.clock.advance(60);
    fixture.ok::<SetDefaultPolicyVersion>(set_default(policy, "v2"));
    let found = fixture.call::<GetPolicy>(&reader, get(policy)).unwrap().policy.unwrap();
    assert_eq!(found.default_version_id.as_deref(), Some("v2"));
    assert_eq!(found.create_date, Some(DateTime::from_secs(NOW)));
    assert_eq!(found.update_date, Some(DateTime::from_secs(NOW + 60)));
    assert_eq!(versions(&fixture, policy), ["v2*", "v1"]);
}

#[test]
fn versions_that_are_not_there_are_refused() {
    let fixture = Fixture::new();
    fixture.ok::<CreatePolicy>(named("P"));
    let policy = &arn("P");
    for id in ["v2", "v1.a", "v99999999999"] {
        let expected = format!(
            "NoSuchEntity: Policy {policy} version {id} does not exist or is not attachable."
        );
        let refusals = [
            fixture.refusal::<GetPolicyVersion>(get_version(policy, id)),
            fixture.refusal::<SetDefaultPolicyVersion>(set_default(policy, id)),
            fixture.refusal::<DeletePolicyVersion>(delete_version(policy, id)),
        ];
        assert_eq!(refusals, [(); 3].map(|()| expected.clone()));
    }
    assert_eq!(
        fixture.refusal::<DeletePolicyVersion>(delete_version(policy, "v1")),
        "DeleteConflict: Cannot delete the default version of a policy."
    );
}

#[test]
fn a_policy_in_use_or_with_versions_is_not_deleted() {
    let fixture = Fixture::new();
    fixture.user("anna", None);
    fixture.ok::<CreatePolicy>(named("P"));
    let policy = &arn("P");
    let in_use = "DeleteConflict: Cannot delete a policy attached to entities.";
    attach_to_user(&fixture, "anna", policy);
    assert_eq!(fixture.refusal::<DeletePolicy>(delete(policy)), in_use);
    fixture.ok::<DetachUserPolicy>(DetachUserPolicyInput {
        user_name: "anna".to_owned(),
        policy_arn: policy.clone(),
    });
    bound_user(&fixture, "anna", policy);
    assert_eq!(fixture.refusal::<DeletePolicy>(delete(policy)), in_use);
    fixture.ok::<DeleteUserPermissionsBoundary>(DeleteUserPermissionsBoundaryInput {
        user_name: "anna".to_owned(),
    });
    fixture.ok::<CreatePolicyVersion>(version(policy, None));
    assert_eq!(
        fixture.refusal::<DeletePolicy>(delete(policy)),
        "DeleteConflict: This policy has more than one version. Before you delete a policy, you \
         must delete the policy's versions. The default version is deleted with the policy."
    );
    fixture.ok::<DeletePolicyVersion>(delete_version(policy, "v2"));
    fixture.ok::<DeletePolicy>(delete(policy));
    let expected = format!("NoSuchEntity: Policy {policy} was not found.");
    assert_eq!(fixture.refusal::<DeletePolicy>(delete(policy)), expected);
}

#[test]
fn only_the_arn_of_a_policy_is_a_policys() {
    let fixture = Fixture::new();
    fixture
        .ok::<CreatePolicy>(CreatePolicyInput { path: Some("/team/".to_owned()), ..named("Read") });
    let not_found = |arn: &str| format!("NoSuchEntity: Policy {arn} was not found.");
    let not_valid = |arn: &str| format!("InvalidInput: ARN {arn} is not valid.");
    let no_arn = |arn: &str| format!("ValidationError: ARN {arn} is not valid.");
    let partition = |_: &str| "ValidationError: Invalid ARN partition".to_owned();
    type Expected<'a> = &'a dyn Fn(&str) -> String;
    let cases: [(&str, Expected<'_>); 11] = [
        ("arn:aws:iam::000000000000:policy/Read", &not_found),
        ("arn:aws:iam::000000000000:policy/team/read", &not_found),
        ("arn:aws:iam::aws:policy/None", &not_found),
        ("arn:aws:iam::aws:policy/administratoraccess", &not_found),
        ("AdministratorAccess-no-arn", &no_arn),
        ("arn:aws:iam::000000000000", &no_arn),
        ("arn:aws-cn:iam::000000000000:policy/team/Read", &partition),
        ("arn:aws:s3::000000000000:policy/team/Read", &not_valid),
        ("arn:aws:iam:us-east-1:000000000000:policy/team/Read", &not_valid),
        ("arn:aws:iam::000000000000:role/team/Read", &not_valid),
        ("arn:aws:iam::nobody:policy/team/Read", &not_valid),
    ];
    for (arn, expected) in cases {
        assert_eq!(fixture.refusal::<GetPolicy>(get(arn)), expected(arn));
        assert_eq!(fixture.refusal::<ListPolicyVersions>(list_versions(arn)), expected(arn));
    }
}

#[test]
fn awss_policies_are_there_to_read() {
    let fixture = Fixture::new();
    fixture.user("anna", None);
    attach_to_user(&fixture, "anna", ADMINISTRATOR);
    bound_user(&fixture, "anna", ADMINISTRATOR);
    let policy = fixture.ok::<GetPolicy>(get(ADMINISTRATOR)).policy.unwrap();
    assert_eq!(policy.policy_name.as_deref(), Some("AdministratorAccess"));
    assert_eq!(policy.path.as_deref(), Some("/"));
    assert_eq!(policy.default_version_id.as_deref(), Some("v1"));
    assert_eq!((policy.is_attachable, policy.tags), (Some(true), Some(Vec::new())));
    assert_eq!(counts(&fixture, ADMINISTRATOR), (1, 1));

    let found = fixture.ok::<GetPolicyVersion>(get_version(ADMINISTRATOR, "v1"));
    let encoded = found.policy_version.unwrap().document.unwrap();
    assert_eq!(
        percent_decode_str(&encoded).decode_utf8().unwrap(),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
    );
    assert_eq!(versions(&fixture, ADMINISTRATOR), ["v1*"]);
    assert_eq!(
        fixture.refusal::<GetPolicyVersion>(get_version(ADMINISTRATOR, "v2")),
        format!(
            "NoSuchEntity: Policy {ADMINISTRATOR} version v2 does not exist or is not attachable."
        )
    );
    let tags = ListPolicyTagsInput { policy_arn: ADMINISTRATOR.to_owned(), ..Default::default() };
    assert!(fixture.ok::<ListPolicyTags>(tags).tags.is_empty());
}

#[test]
fn f3_awss_policies_are_nobodys_to_change() {
    let fixture = Fixture::new();
    let policy_arn = || ADMINISTRATOR.to_owned();
    let refusals = [
        (
            "Cannot delete policies outside your own account.",
            fixture.refusal::<DeletePolicy>(delete(ADMINISTRATOR)),
        ),
        (
            "Cannot update policies outside your own account.",
            fixture.refusal::<CreatePolicyVersion>(version(ADMINISTRATOR, None)),
        ),
        (
            "Cannot update policies outside your own account.",
            fixture.refusal::<SetDefaultPolicyVersion>(set_default(ADMINISTRATOR, "v1")),
        ),
        (
            "Cannot delete policy versions for policies outside your own account.",
            fixture.refusal::<DeletePolicyVersion>(delete_version(ADMINISTRATOR, "v1")),
        ),
        (
            "Cannot update policies outside your own account.",
            fixture.refusal::<TagPolicy>(TagPolicyInput {
                policy_arn: policy_arn(),
                tags: vec![tag("a", "b")],
            }),
        ),
        (
            "Cannot update policies outside your own account.",
            fixture.refusal::<UntagPolicy>(UntagPolicyInput {
                policy_arn: policy_arn(),
                tag_keys: vec!["a".to_owned()],
            }),
        ),
    ];
    for (expected, refusal) in refusals {
        assert_eq!(refusal, format!("AccessDenied: {expected}"));
    }
    // Who may not do it at all is told that first.
    let anna = fixture.user("anna", None);
    let refusal = fixture.refusal_to::<DeletePolicy>(&anna, delete(ADMINISTRATOR));
    assert!(refusal.contains("because no identity-based policy allows"), "{refusal}");
}

#[test]
fn f3_versions_and_holders_of_a_missing_policy_have_texts_of_their_own() {
    let fixture = Fixture::new();
    for policy in [arn("none"), "arn:aws:iam::aws:policy/None".to_owned()] {
        let of_version = format!(
            "NoSuchEntity: Policy {policy} version v1 does not exist or is not attachable."
        );
        let holders =
            ListEntitiesForPolicyInput { policy_arn: policy.clone(), ..Default::default() };
        let cases = [
            (fixture.refusal::<GetPolicyVersion>(get_version(&policy, "v1")), of_version.clone()),
            (fixture.refusal::<SetDefaultPolicyVersion>(set_default(&policy, "v1")), of_version),
            (
                fixture.refusal::<ListEntitiesForPolicy>(holders),
                format!("NoSuchEntity: Policy {policy} does not exist or is not attachable."),
            ),
            (
                fixture.refusal::<DeletePolicyVersion>(delete_version(&policy, "v1")),
                format!("NoSuchEntity: Policy {policy} was not found."),
            ),
        ];
        for (refusal, expected) in cases {
            assert_eq!(refusal, expected);
        }
    }
}

#[test]
fn f3_duplicate_tag_keys_of_a_policy_come_without_the_sentence_on_case() {
    let fixture = Fixture::new();
    let twice = || vec![tag("a", "1"), tag("a", "2")];
    fixture.ok::<CreatePolicy>(named("p"));
    let made = CreatePolicyInput { tags: Some(twice()), ..named("new") };
    let tagged = TagPolicyInput { policy_arn: arn("p"), tags: twice() };
    let expected = "InvalidInput: Duplicate tag keys found.";
    assert_eq!(fixture.refusal::<CreatePolicy>(made), expected);
    assert_eq!(fixture.refusal::<TagPolicy>(tagged), expected);
    // Their case counts.
    let both = vec![tag("a", "1"), tag("A", "2")];
    fixture.ok::<TagPolicy>(TagPolicyInput { policy_arn: arn("p"), tags: both });
}

/// Of AWS's own the catalogue has the default version alone.
#[test]
fn f1_versions_are_listed_newest_first() {
    let fixture = Fixture::new();
    fixture.ok::<CreatePolicy>(named("p"));
    for is_default in [true, false] {
        fixture.ok::<CreatePolicyVersion>(version(&arn("p"), Some(is_default)));
    }
    assert_eq!(versions(&fixture, &arn("p")), ["v3", "v2*", "v1"]);
    for (name, expected) in [("AdministratorAccess", 1), ("PowerUserAccess", 1)] {
        let listed = versions(&fixture, &format!("arn:aws:iam::aws:policy/{name}"));
        assert_eq!(listed.len(), expected, "{listed:?}");
        assert!(listed[0].ends_with('*'), "{listed:?}");
    }
}

#[test]
fn lists_go_by_scope_path_and_use() {
    let fixture = Fixture::new();
    fixture.user("anna", None);
    for (path, name) in [("/", "c"), ("/a/", "B"), ("/a/b/", "a"), ("/", "ReadOnlyAccess")] {
        fixture
            .ok::<CreatePolicy>(CreatePolicyInput { path: Some(path.to_owned()), ..named(name) });
    }
    attach_to_user(&fixture, "anna", &arn("c"));
    attach_to_user(&fixture, "anna", ADMINISTRATOR);
    bound_user(&fixture, "anna", &arn("a/B"));
    let names = |input: ListPoliciesInput| -> Vec<String> {
        let output = fixture.ok::<ListPolicies>(input);
        output.policies.unwrap().into_iter().filter_map(|policy| policy.policy_name).collect()
    };
    let local = || ListPoliciesInput { scope: Some(PolicyScopeType::Local), ..Default::default() };
    let usage = |usage: PolicyUsageType| ListPoliciesInput {
        policy_usage_filter: Some(usage),
        ..Default::default()
    };
    assert_eq!(names(local()), ["a", "B", "c", "ReadOnlyAccess"]);
    assert_eq!(
        names(ListPoliciesInput { path_prefix: Some("/a/".to_owned()), ..local() }),
        ["a", "B"]
    );
    let attached = ListPoliciesInput { only_attached: Some(true), ..Default::default() };
    assert_eq!(names(attached.clone()), ["c", "AdministratorAccess"]);
    assert_eq!(
        names(ListPoliciesInput { scope: Some(PolicyScopeType::Aws), ..attached }),
        ["AdministratorAccess"]
    );
    assert_eq!(names(usage(PolicyUsageType::PermissionsPolicy)), ["c", "AdministratorAccess"]);
    assert_eq!(names(usage(PolicyUsageType::PermissionsBoundary)), ["B"]);
    let service_roles = ListPoliciesInput {
        path_prefix: Some("/service-role/".to_owned()),
        max_items: Some(1000),
        ..Default::default()
    };
    assert!(names(service_roles).contains(&"AWSLambdaBasicExecutionRole".to_owned()));
}

#[test]
fn f1_list_policies_has_the_accounts_own_first_and_awss_by_age() {
    let fixture = Fixture::new();
    for name in ["zebra", "ReadOnlyAccess", "Alpha"] {
        fixture.ok::<CreatePolicy>(named(name));
    }
    let input = ListPoliciesInput { max_items: Some(1000), ..Default::default() };
    let policies = fixture.ok::<ListPolicies>(input).policies.unwrap();
    let names: Vec<_> =
        policies.iter().filter_map(|policy| policy.policy_name.as_deref()).collect();
    assert_eq!(
        names[..6],
        [
            "Alpha",
            "ReadOnlyAccess",
            "zebra",
            "AdministratorAccess",
            "PowerUserAccess",
            "ReadOnlyAccess"
        ]
    );
    let ages: Vec<_> = policies[3..].iter().map(|policy| policy.create_date.unwrap()).collect();
    assert!(ages.is_sorted());
}

#[test]
fn pages_of_all_policies_neither_repeat_nor_miss_any() {
    let fixture = Fixture::new();
    // A namesake of AWS's, beside it in the order of names.
    fixture.ok::<CreatePolicy>(named("ReadOnlyAccess"));
    let mut seen = std::collections::BTreeSet::new();
    let mut marker = None;
    loop {
        let input = ListPoliciesInput { marker, max_items: Some(7), ..Default::default() };
        let page = fixture.ok::<ListPolicies>(input);
        for policy in page.policies.unwrap() {
            assert!(seen.insert(policy.arn.unwrap()), "a policy stood on two pages");
        }
        assert_eq!(page.is_truncated, Some(page.marker.is_some()));
        marker = page.marker;
        if marker.is_none() {
            break;
        }
        assert!(marker.as_ref().is_some_and(|marker| marker.len() <= 320));
    }
    assert_eq!(seen.len(), daypass_catalog::managed_policies().len() + 1);
}

#[test]
fn versions_come_in_pages() {
    let fixture = Fixture::new();
    let policy = &arn("P");
    fixture.ok::<CreatePolicy>(named("P"));
    fixture.ok::<CreatePolicyVersion>(version(policy, None));
    fixture.ok::<CreatePolicyVersion>(version(policy, None));
    let page = |marker| {
        let input = ListPolicyVersionsInput { marker, max_items: Some(2), ..list_versions(policy) };
        let output = fixture.ok::<ListPolicyVersions>(input);
        let ids: Vec<String> =
            output.versions.unwrap().into_iter().filter_map(|v| v.version_id).collect();
        (ids.join(" "), output.marker)
    };
    let (first, marker) = page(None);
    assert_eq!(first, "v3 v2");
    assert_eq!(page(marker), ("v1".to_owned(), None));
}

#[test]
fn who_uses_a_policy_is_counted_and_listed() {
    let fixture = Fixture::new();
    let policy = &arn("P");
    fixture.ok::<CreatePolicy>(named("P"));
    for (path, user_name) in [("/", "Anna"), ("/x/", "berta")] {
        fixture.ok::<CreateUser>(CreateUserInput {
            path: Some(path.to_owned()),
            user_name: user_name.to_owned(),
            ..Default::default()
        });
    }
    fixture.ok::<CreateGroup>(CreateGroupInput { path: None, group_name: "Devs".to_owned() });
    fixture.ok::<CreateRole>(CreateRoleInput {
        role_name: "Ops".to_owned(),
        assume_role_policy_document: r#"{"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}"#
            .to_owned(),
        ..Default::default()
    });
    attach_to_user(&fixture, "anna", policy);
    bound_user(&fixture, "anna", policy);
    bound_user(&fixture, "berta", policy);
    fixture.ok::<AttachGroupPolicy>(AttachGroupPolicyInput {
        group_name: "devs".to_owned(),
        policy_arn: policy.clone(),
    });
    fixture.ok::<AttachRolePolicy>(AttachRolePolicyInput {
        role_name: "ops".to_owned(),
        policy_arn: policy.clone(),
    });
    assert_eq!(counts(&fixture, policy), (3, 2));

    let all = || ListEntitiesForPolicyInput { policy_arn: policy.clone(), ..Default::default() };
    let kind = |kind| ListEntitiesForPolicyInput { entity_filter: Some(kind), ..all() };
    let usage = |usage| ListEntitiesForPolicyInput { policy_usage_filter: Some(usage), ..all() };
    let names = |output: &ListEntitiesForPolicyOutput| {
        let groups = output.policy_groups.iter().flatten().filter_map(|g| g.group_name.clone());
        let roles = output.policy_roles.iter().flatten().filter_map(|r| r.role_name.clone());
        let users = output.policy_users.iter().flatten().filter_map(|u| u.user_name.clone());
        groups.chain(roles).chain(users).collect::<Vec<_>>().join(" ")
    };
    let cases = [
        (all(), "Devs Ops Anna berta"),
        (kind(EntityType::User), "Anna berta"),
        (kind(EntityType::Group), "Devs"),
        (kind(EntityType::Role), "Ops"),
        (kind(EntityType::LocalManagedPolicy), ""),
        (usage(PolicyUsageType::PermissionsPolicy), "Devs Ops Anna"),
        (usage(PolicyUsageType::PermissionsBoundary), "Anna berta"),
        (ListEntitiesForPolicyInput { path_prefix: Some("/x/".to_owned()), ..all() }, "berta"),
    ];
    for (input, expected) in cases {
        assert_eq!(names(&fixture.ok::<ListEntitiesForPolicy>(input)), expected);
    }
    let page = |marker| {
        let input = ListEntitiesForPolicyInput { max_items: Some(3), marker, ..all() };
        fixture.ok::<ListEntitiesForPolicy>(input)
    };
    let first = page(None);
    assert_eq!((names(&first).as_str(), first.is_truncated), ("Devs Ops Anna", Some(true)));
    let second = page(first.marker);
    assert_eq!((names(&second).as_str(), second.is_truncated), ("berta", Some(false)));
}

#[test]
fn tags_tell_case_apart_and_open_what_policies_tie_to_them() {
    let fixture = Fixture::new();
    let policy = &arn("P");
    fixture.ok::<CreatePolicy>(named("P"));
    let tags = |tags: Vec<Tag>| TagPolicyInput { policy_arn: policy.clone(), tags };
    fixture.ok::<TagPolicy>(tags(vec![tag("Team", "a"), tag("team", "b")]));
    fixture.ok::<TagPolicy>(tags(vec![tag("Team", "c")]));
    let list = || ListPolicyTagsInput { policy_arn: policy.clone(), ..Default::default() };
    let listed = fixture.ok::<ListPolicyTags>(list()).tags;
    assert_eq!(listed, [tag("Team", "c"), tag("team", "b")]);

    let reader = fixture.user(
        "reader",
        Some(
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:Get*",
                "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/Team": "c"}}}}"#,
        ),
    );
    fixture.call::<GetPolicy>(&reader, get(policy)).unwrap();
    let keys = vec!["Team".to_owned(), "none".to_owned()];
    fixture.ok::<UntagPolicy>(UntagPolicyInput { policy_arn: policy.clone(), tag_keys: keys });
    assert_eq!(fixture.ok::<ListPolicyTags>(list()).tags, [tag("team", "b")]);
    let refusal = fixture.refusal_to::<GetPolicy>(&reader, get(policy));
    assert!(refusal.starts_with("AccessDenied"), "{refusal}");
}

#[test]
fn a_policy_with_tags_needs_leave_to_tag() {
    let fixture = Fixture::new();
    let maker = fixture.user_allowed("maker", "iam:CreatePolicy", &arn("P"));
    let tagged = CreatePolicyInput { tags: Some(vec![tag("a", "b")]), ..named("P") };
    let refusal = fixture.refusal_to::<CreatePolicy>(&maker, tagged);
    assert!(refusal.contains("perform: iam:TagPolicy on resource"), "{refusal}");
    fixture.call::<CreatePolicy>(&maker, named("P")).unwrap();
}

#[test]
fn another_accounts_policies_are_not_to_be_seen() {
    let fixture = Fixture::new();
    fixture.ok::<CreatePolicy>(named("P"));
    let other = fixture.caller("123456789012");
    for name in ["P", "None"] {
        let arn = arn(name);
        assert_eq!(
            fixture.refusal_to::<GetPolicy>(&other, get(&arn)),
            format!(
                "AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: \
                 iam:GetPolicy on resource: policy {arn} because no resource-based policy allows \
                 the iam:GetPolicy action"
            )
        );
    }
}
