use aws_smithy_types::DateTime;
use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

fn create(name: &str, path: Option<&str>) -> CreateInstanceProfileInput {
    CreateInstanceProfileInput {
        instance_profile_name: name.to_owned(),
        path: path.map(str::to_owned),
        ..Default::default()
    }
}

fn get(name: &str) -> GetInstanceProfileInput {
    GetInstanceProfileInput { instance_profile_name: name.to_owned() }
}

fn delete(name: &str) -> DeleteInstanceProfileInput {
    DeleteInstanceProfileInput { instance_profile_name: name.to_owned() }
}

fn add(name: &str, role: &str) -> AddRoleToInstanceProfileInput {
    AddRoleToInstanceProfileInput {
        instance_profile_name: name.to_owned(),
        role_name: role.to_owned(),
    }
}

fn remove(name: &str, role: &str) -> RemoveRoleFromInstanceProfileInput {
    RemoveRoleFromInstanceProfileInput {
        instance_profile_name: name.to_owned(),
        role_name: role.to_owned(),
    }
}

fn of_role(role: &str) -> ListInstanceProfilesForRoleInput {
    ListInstanceProfilesForRoleInput { role_name: role.to_owned(), ..Default::default() }
}

fn make_role(fixture: &Fixture, name: &str) -> Role {
    let input = CreateRoleInput {
        role_name: name.to_owned(),
        assume_role_policy_document: TRUST.to_owned(),
        description: Some("what it is for".to_owned()),
        ..Default::default()
    };
    fixture.ok::<CreateRole>(input).role
}

fn delete_role(name: &str) -> DeleteRoleInput {
    DeleteRoleInput { role_name: name.to_owned() }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn names(profiles: &[InstanceProfile]) -> Vec<&str> {
    profiles.iter().map(|profile| &*profile.instance_profile_name).collect()
}

#[test]
fn a_profile_is_made_as_asked_and_found_in_any_case() {
    let fixture = Fixture::new();
    let input = CreateInstanceProfileInput {
        tags: Some(vec![tag("team", "red")]),
        ..create("Web", Some("/ops/"))
    };
    let made = fixture.ok::<CreateInstanceProfile>(input).instance_profile;
    let id = &made.instance_profile_id;
    assert!(id.starts_with("AIPA") && id.len() == 21, "{id}");
    let expected = InstanceProfile {
        path: "/ops/".to_owned(),
        instance_profile_name: "Web".to_owned(),
        instance_profile_id: id.clone(),
        arn: "arn:aws:iam::000000000000:instance-profile/ops/Web".to_owned(),
        create_date: DateTime::from_secs(NOW),
        roles: vec![],
        tags: Some(vec![tag("team", "red")]),
    };
    assert_eq!(made, expected);
    assert_eq!(fixture.ok::<GetInstanceProfile>(get("wEB")).instance_profile, expected);
    let listed = fixture.ok::<ListInstanceProfiles>(ListInstanceProfilesInput::default());
    assert_eq!(listed.instance_profiles, [InstanceProfile { tags: None, ..expected }]);
    assert_eq!(
        fixture.refusal::<CreateInstanceProfile>(create("web", None)),
        "EntityAlreadyExists: Instance Profile web already exists."
    );
    let untagged = fixture.ok::<CreateInstanceProfile>(create("other", None)).instance_profile;
    assert_eq!(untagged.tags, None);
}

#[test]
fn what_is_not_there_cannot_be_found() {
    let fixture = Fixture::new();
    fixture.ok::<CreateInstanceProfile>(create("web", None));
    make_role(&fixture, "r");
    let profile = "NoSuchEntity: Instance Profile none cannot be found.";
    let role = "NoSuchEntity: The role with name none cannot be found.";
    let name = || "none".to_owned();
    let tags = TagInstanceProfileInput { instance_profile_name: name(), tags: vec![] };
    let keys = UntagInstanceProfileInput { instance_profile_name: name(), tag_keys: vec![] };
    let list = ListInstanceProfileTagsInput { instance_profile_name: name(), ..Default::default() };
    for (refusal, expected) in [
        (fixture.refusal::<GetInstanceProfile>(get("none")), profile),
        (fixture.refusal::<DeleteInstanceProfile>(delete("none")), profile),
        (fixture.refusal::<AddRoleToInstanceProfile>(add("none", "r")), profile),
        (fixture.refusal::<AddRoleToInstanceProfile>(add("none", "no role")), profile),
        (fixture.refusal::<AddRoleToInstanceProfile>(add("web", "none")), role),
        (fixture.refusal::<RemoveRoleFromInstanceProfile>(remove("none", "r")), profile),
        (fixture.refusal::<RemoveRoleFromInstanceProfile>(remove("web", "none")), role),
        (fixture.refusal::<ListInstanceProfilesForRole>(of_role("none")), role),
        (fixture.refusal::<TagInstanceProfile>(tags), profile),
        (fixture.refusal::<UntagInstanceProfile>(keys), profile),
        (fixture.refusal::<ListInstanceProfileTags>(list), profile),
    ] {
        assert_eq!(refusal, expected);
    }
}

/// Of the role in it a profile shows neither the description nor the longest session.
#[test]
fn a_profile_holds_one_role() {
    let fixture = Fixture::new();
    let role = make_role(&fixture, "r");
    make_role(&fixture, "s");
    fixture.ok::<CreateInstanceProfile>(create("b", None));
    fixture.ok::<CreateInstanceProfile>(create("A", None));
    for profile in ["B", "a"] {
        fixture.ok::<AddRoleToInstanceProfile>(add(profile, "R"));
    }
    let full = "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1";
    for again in ["r", "s"] {
        assert_eq!(fixture.refusal::<AddRoleToInstanceProfile>(add("b", again)), full);
    }

    let shown = fixture.ok::<GetInstanceProfile>(get("b")).instance_profile;
    assert_eq!(shown.roles, [Role { description: None, max_session_duration: None, ..role }]);
    let input = ListInstanceProfilesForRoleInput { max_items: Some(1), ..of_role("r") };
    let first = fixture.ok::<ListInstanceProfilesForRole>(input.clone());
    assert_eq!((names(&first.instance_profiles), first.is_truncated), (vec!["A"], Some(true)));
    let rest = ListInstanceProfilesForRoleInput { marker: first.marker, ..input };
    let rest = fixture.ok::<ListInstanceProfilesForRole>(rest);
    assert_eq!((names(&rest.instance_profiles), rest.is_truncated), (vec!["b"], Some(false)));
    assert_eq!(rest.instance_profiles, [shown]);
    assert!(fixture.ok::<ListInstanceProfilesForRole>(of_role("s")).instance_profiles.is_empty());

    assert_eq!(
        fixture.refusal::<RemoveRoleFromInstanceProfile>(remove("b", "s")),
        "NoSuchEntity: The role with name s cannot be found."
    );
    fixture.ok::<RemoveRoleFromInstanceProfile>(remove("b", "r"));
    fixture.ok::<AddRoleToInstanceProfile>(add("b", "s"));
}

#[test]
fn neither_goes_before_the_other_is_out() {
    let fixture = Fixture::new();
    make_role(&fixture, "r");
    fixture.ok::<CreateInstanceProfile>(create("p", None));
    fixture.ok::<AddRoleToInstanceProfile>(add("p", "r"));
    let first =
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.";
    assert_eq!(fixture.refusal::<DeleteRole>(delete_role("r")), first);
    assert_eq!(fixture.refusal::<DeleteInstanceProfile>(delete("p")), first);
    fixture.ok::<RemoveRoleFromInstanceProfile>(remove("p", "r"));
    fixture.ok::<DeleteRole>(delete_role("r"));
    fixture.ok::<DeleteInstanceProfile>(delete("P"));
    assert!(fixture.refusal::<GetInstanceProfile>(get("p")).starts_with("NoSuchEntity"));
}

#[test]
fn lists_are_by_name_whatever_the_path() {
    let fixture = Fixture::new();
    for (name, path) in [("b", "/x/"), ("C", "/"), ("a", "/x/y/")] {
        fixture.ok::<CreateInstanceProfile>(create(name, Some(path)));
    }
    let list = |prefix: Option<&str>| {
        let path_prefix = prefix.map(str::to_owned);
        let input = ListInstanceProfilesInput { path_prefix, ..Default::default() };
        let listed = fixture.ok::<ListInstanceProfiles>(input).instance_profiles;
        names(&listed).join(" ")
    };
    for (prefix, expected) in
        [(None, "a b C"), (Some("/"), "a b C"), (Some("/x"), "a b"), (Some("/x/y/"), "a")]
    {
        assert_eq!(list(prefix), expected, "{prefix:?}");
    }
}

#[test]
fn tag_keys_tell_case_apart() {
    let fixture = Fixture::new();
    fixture.ok::<CreateInstanceProfile>(create("p", None));
    let put = |tags: &[(&str, &str)]| TagInstanceProfileInput {
        instance_profile_name: "p".to_owned(),
        tags: tags.iter().map(|(key, value)| tag(key, value)).collect(),
    };
    fixture.ok::<TagInstanceProfile>(put(&[("b", "1"), ("B", "2"), ("a", "3")]));
    assert_eq!(
        fixture.refusal::<TagInstanceProfile>(put(&[("a", "1"), ("a", "2")])),
        "InvalidInput: Duplicate tag keys found."
    );
    let untag = UntagInstanceProfileInput {
        instance_profile_name: "p".to_owned(),
        tag_keys: vec!["b".to_owned(), "none".to_owned()],
    };
    fixture.ok::<UntagInstanceProfile>(untag);
    let list = |marker| ListInstanceProfileTagsInput {
        instance_profile_name: "p".to_owned(),
        max_items: Some(1),
        marker,
    };
    let first = fixture.ok::<ListInstanceProfileTags>(list(None));
    assert_eq!((first.tags, first.is_truncated), (vec![tag("B", "2")], Some(true)));
    let rest = fixture.ok::<ListInstanceProfileTags>(list(first.marker));
    assert_eq!((rest.tags, rest.is_truncated), (vec![tag("a", "3")], Some(false)));
}
